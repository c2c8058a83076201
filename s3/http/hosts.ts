import { isLoopback } from '../identity/validate';

const PRIVATE = [
	// 10/8, 172.16/12, 192.168/16, link-local, and 100.64/10, which providers and VPNs use inside
	/^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/,
	// unique local and link-local addresses
	/^\[(f[cd]|fe[89ab])/,
	// names without a dot, as containers have, and top-level domains that the Internet does not have
	/^[^.[\]:]+$/,
	/\.(local|internal|lan|home\.arpa)$/,
];

/**
 * Whether requests to this host stay within a network of one's own, as far as its name tells.
 * @param hostname as in `URL.hostname`
 */
export function isPrivateHost(hostname: string): boolean {
	return isLoopback(hostname) || PRIVATE.some((pattern) => pattern.test(hostname));
}
