import type { CustomProxy, ProxySettings } from '../../s3/Connection';
import { decodedLogin } from '../../s3/http/proxy';
import { invalid, readText } from './fields';
import type { CredentialFields } from './fields';

/**
 * How a credential says that requests leave the network.
 *
 * @throws {S3Failure} of kind `invalid`, without the URL: people paste URLs with a password in them
 */
export function readProxy(fields: CredentialFields): ProxySettings {
	const kind = readText(fields, 'proxy', 'Proxy') ?? 'environment';
	if (kind === 'custom') return Object.freeze(readCustomProxy(fields));
	if (kind === 'environment' || kind === 'none') return Object.freeze({ kind });
	throw invalid(
		`The credential's Proxy is unknown: ${kind.slice(0, 40)}`,
		'Choose None, From Environment or Custom in the credential.',
	);
}

function readCustomProxy(fields: CredentialFields): CustomProxy {
	const text = readText(fields, 'proxyUrl', 'Proxy URL');
	const advice =
		'Enter scheme, host and port of the proxy as Proxy URL in the credential, for example http://proxy.example.com:3128.';
	if (text === undefined) throw invalid('The credential has no Proxy URL', advice);
	if (!/^https?:\/\//i.test(text)) {
		throw invalid(
			'The Proxy URL of the credential does not start with http:// or https://',
			`${advice} SOCKS proxies are not supported.`,
		);
	}
	if (!URL.canParse(text)) throw invalid('The Proxy URL of the credential is not a URL', advice);
	const url = new URL(text);
	if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
		throw invalid('The Proxy URL of the credential has a path', advice);
	}
	const named = readText(fields, 'proxyUser', 'Proxy User');
	const user = named ?? decoded(url.username);
	const password =
		readText(fields, 'proxyPassword', 'Proxy Password') ??
		// That of the URL belongs to the user of the URL.
		(named === undefined ? decoded(url.password) : undefined);
	if (user === undefined && password !== undefined) {
		throw invalid(
			'The credential has a Proxy Password but no Proxy User',
			'Enter the Proxy User in the credential, or leave both empty.',
		);
	}
	return { kind: 'custom', url: url.origin, user, password };
}

function decoded(part: string): string | undefined {
	return part === '' ? undefined : decodedLogin(part);
}
