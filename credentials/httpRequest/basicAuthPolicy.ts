/** Keeps a password from everybody but its server, whatever is set in the HTTP Request node. */
import type { Connection } from '../../s3/Connection';
import { S3Failure } from '../../s3/S3Failure';

/** What n8n's two ways of sending take of proxy and certificates. */
interface Way {
	readonly proxy?: unknown;
	readonly skipSslCertificateValidation?: boolean | undefined;
	readonly rejectUnauthorized?: boolean | undefined;
	readonly agentOptions?:
		{ readonly ca?: unknown; readonly rejectUnauthorized?: boolean | undefined } | undefined;
}

/**
 * Refuses a request to another server than the credential's, and one whose node options would let
 * others read the password, unless the credential allows that itself. Through a proxy https is safe
 * as long as the server's certificate is checked.
 *
 * @throws {S3Failure} of kind `refused`
 */
export function checkPasswordSafety(connection: Connection, way: Way, url: URL): void {
	const { endpoint, ignoreSslIssues } = connection;
	if (endpoint === undefined || new URL(endpoint).origin !== url.origin) {
		throw refused(
			`are not sent to ${url.origin}`,
			'Request a URL of the server that is the Endpoint of the credential.',
		);
	}
	const proxied = Boolean(way.proxy) && !isOwnProxy(connection, way.proxy);
	if (url.protocol === 'http:') {
		if (!proxied) return;
		throw refused(
			'are not sent through a proxy in clear',
			'Remove “Proxy” from the options of the node. The owner of the credential can enter this proxy in it, or better an Endpoint that begins with https://.',
		);
	}
	if (ignoreSslIssues) return;
	if (isUnchecked(way)) {
		throw refused(
			'are not sent to a server whose certificate is not checked',
			'Turn “Ignore SSL Issues” off in the node; “SSL Certificates” there takes an authority of your own. The owner of the credential can turn its “Ignore SSL Issues” on.',
		);
	}
	if (proxied && !isOwnAuthority(connection, way.agentOptions?.ca)) {
		throw refused(
			'are not sent through a proxy with a certificate authority of the node’s own, which could be the proxy’s',
			'Remove “Proxy” or the authority from the node. The owner of the credential can enter the authority as its CA Certificate.',
		);
	}
}

function refused(what: string, advice: string): S3Failure {
	const message = `The user name and password of this credential ${what}`;
	return new S3Failure({ kind: 'refused', message, advice });
}

function isUnchecked({
	skipSslCertificateValidation,
	rejectUnauthorized,
	agentOptions,
}: Way): boolean {
	return (
		skipSslCertificateValidation === true ||
		rejectUnauthorized === false ||
		agentOptions?.rejectUnauthorized === false
	);
}

/** n8n takes a proxy as URL, without its scheme too, or as an object. */
function isOwnProxy({ proxy: own }: Connection, proxy: unknown): boolean {
	if (own.kind !== 'custom') return false;
	const { protocol = 'http', host = '', port = '' } = Object(proxy) as Record<string, unknown>;
	const text =
		typeof proxy === 'string' ? proxy : `${String(protocol)}://${String(host)}:${String(port)}`;
	const url = text.includes('://') ? text : `http://${text}`;
	return URL.canParse(url) && new URL(url).origin === new URL(own.url).origin;
}

function isOwnAuthority({ caCertificate = '' }: Connection, ca: unknown): boolean {
	const bare = (text: string) => text.replace(/\s/g, '');
	return ca === undefined || (typeof ca === 'string' && bare(ca) === bare(caCertificate));
}
