import type { ProxySettings } from '../Connection';
import { S3Failure } from '../S3Failure';

/** A proxy that requests go through. */
export interface Proxy {
	/** Without user name and password. */
	readonly url: string;
	/** Host and port, for people. */
	readonly name: string;
	/** What the header Proxy-Authorization has to hold. */
	readonly authorization: string | undefined;
}

/** Finds the URL of the proxy for a URL in the environment; an empty text if there is none. */
export type FindInEnvironment = (url: string) => string;

/** They are read one by one: to list the whole environment for every item would be slow. */
const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']
	.flatMap((name) => [name, `npm_config_${name}`])
	.concat('npm_config_proxy')
	.flatMap((name) => [name, name.toUpperCase()]);

/**
 * The variables that the environment has for proxies, as `proxy-from-env` reads them; none with
 * settings that do not ask for it. There may be passwords in them.
 */
export function proxyVariables(settings: ProxySettings): ReadonlyArray<[string, string]> {
	if (settings.kind !== 'environment') return [];
	return VARIABLES.flatMap((name): Array<[string, string]> => {
		const value = process.env[name] ?? '';
		return value === '' ? [] : [[name, value]];
	});
}

/** Whether any request could go through a proxy. */
export function mayHaveProxy(settings: ProxySettings): boolean {
	return (
		settings.kind === 'custom' ||
		proxyVariables(settings).some(([name]) => !/no_proxy$/i.test(name))
	);
}

/** What the header Proxy-Authorization holds for each proxy that requests may go through. */
export function proxyLogins(settings: ProxySettings): string[] {
	const proxies =
		settings.kind === 'custom'
			? [proxyOf(settings.url, settings.user, settings.password)]
			: proxyVariables(settings)
					.filter(([, value]) => /^https?:/i.test(value) && URL.canParse(value))
					.map(([, value]) => proxyOfVariable(value));
	return proxies.flatMap(({ authorization }) => authorization ?? []);
}

/**
 * The proxy that requests to a URL go through; undefined if they go to the server without one.
 * @throws S3Failure if the environment names a proxy of another kind
 */
export function proxyFor(
	settings: ProxySettings,
	url: string,
	find: FindInEnvironment,
): Proxy | undefined {
	if (settings.kind === 'none') return undefined;
	if (settings.kind === 'custom') return proxyOf(settings.url, settings.user, settings.password);
	const found = find(url);
	if (found === '') return undefined;
	// A proxy without a scheme gets that of the URL, but nearly all proxies are reached by plain http.
	const written = Object.values(process.env).includes(found);
	return proxyOfVariable(written ? found : found.replace(/^https:/, 'http:'));
}

function proxyOfVariable(value: string): Proxy {
	const url = URL.canParse(value) ? new URL(value) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		throw S3Failure.invalid(
			'The proxy in the environment of n8n is not the URL of an HTTP proxy',
			'Set HTTPS_PROXY and HTTP_PROXY to a URL such as http://proxy.example.com:3128, or choose another Proxy in the credential. SOCKS proxies are not supported.',
		);
	}
	const user = url.username === '' ? undefined : decodedLogin(url.username);
	return proxyOf(url.origin, user, decodedLogin(url.password));
}

/** A user name or password out of a URL, decoded. */
export function decodedLogin(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		// A percent sign that begins no escape is a percent sign.
		return part;
	}
}

function proxyOf(origin: string, user: string | undefined, password: string | undefined): Proxy {
	const url = new URL(origin);
	const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
	const userAndPassword = Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64');
	return {
		url: origin,
		name: `${url.hostname}:${port}`,
		authorization: user === undefined ? undefined : `Basic ${userAndPassword}`,
	};
}
