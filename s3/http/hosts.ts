import { isLoopback } from '../loopback';

/** Addresses and names of hosts in a private network. */
const PRIVATE = [
	// 10/8, 172.16/12, 192.168/16 (RFC 1918), link-local, and 100.64/10, which providers and VPNs use.
	/^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/,
	// Unique local and link-local IPv6 addresses.
	/^\[(f[cd]|fe[89ab])/,
	// Names without a dot, e.g. of containers, and top-level domains that are not in the public DNS.
	/^[^.[\]:]+$/,
	/\.(local|internal|lan|home\.arpa)$/,
];

/**
 * Whether requests to this host stay within a private network, as far as its name or address tells.
 * @param hostname as in `URL.hostname`
 */
export function isPrivateHost(hostname: string): boolean {
	return isLoopback(hostname) || PRIVATE.some((pattern) => pattern.test(hostname));
}
