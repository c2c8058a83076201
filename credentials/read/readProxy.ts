import type { CustomProxy, ProxySettings } from '../../s3/Connection';
import { decodedLogin } from '../../s3/http/proxy';
import { S3Failure } from '../../s3/S3Failure';
import { readTextField, type CredentialFields } from './readField';

/**
 * The proxy that a credential sends requests through.
 *
 * @throws {S3Failure} of kind `invalid`, without the URL: people paste URLs with a password in them
 */
export function readProxy(fields: CredentialFields): ProxySettings {
	const kind = readTextField(fields, 'proxy', 'Proxy') ?? 'environment';
	if (kind === 'custom') return Object.freeze(readCustomProxy(fields));
	if (kind === 'environment' || kind === 'none') return Object.freeze({ kind });
	throw S3Failure.invalid(
		`The credential's Proxy is unknown: ${kind.slice(0, 40)}`,
		'Choose None, From Environment or Custom in the credential.',
	);
}

function readCustomProxy(fields: CredentialFields): CustomProxy {
	const text = readTextField(fields, 'proxyUrl', 'Proxy URL');
	const advice =
		'Enter scheme, host and port of the proxy as Proxy URL in the credential, for example http://proxy.example.com:3128.';
	if (text === undefined) throw S3Failure.invalid('The credential has no Proxy URL', advice);
	if (!/^https?:\/\//i.test(text)) {
		throw S3Failure.invalid(
			'The Proxy URL of the credential does not start with http:// or https://',
			`${advice} SOCKS proxies are not supported.`,
		);
	}
	if (!URL.canParse(text))
		throw S3Failure.invalid('The Proxy URL of the credential is not a URL', advice);
	const url = new URL(text);
	if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
		throw S3Failure.invalid('The Proxy URL of the credential has a path', advice);
	}
	const named = readTextField(fields, 'proxyUser', 'Proxy User');
	const user = named ?? decodedPart(url.username);
	const password =
		readTextField(fields, 'proxyPassword', 'Proxy Password') ??
		// The password in the URL belongs to the user in the URL.
		(named === undefined ? decodedPart(url.password) : undefined);
	if (user === undefined && password !== undefined) {
		throw S3Failure.invalid(
			'The credential has a Proxy Password but no Proxy User',
			'Enter the Proxy User in the credential, or leave both empty.',
		);
	}
	return { kind: 'custom', url: url.origin, user, password };
}

/** User or password of a URL; undefined if it has none. */
function decodedPart(part: string): string | undefined {
	return part === '' ? undefined : decodedLogin(part);
}
