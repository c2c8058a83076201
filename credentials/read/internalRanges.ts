/** Ranges of addresses that n8n or this package keeps requests from. @see docs/decisions/0010-ssrf-protection.md */

/** Those that n8n 2.41 blocks by default. */
export const DEFAULT_RANGES: readonly string[] = [
	'10.0.0.0/8',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'127.0.0.0/8',
	'::1/128',
	'169.254.0.0/16',
	'fe80::/10',
	'fc00::/7',
	'fd00::/8',
	'0.0.0.0/8',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
];

/**
 * What of IPv4 is not the public Internet: this machine, private and link-local networks, those of providers (CGNAT),
 * protocols, documentation and benchmarks, multicast, and what is reserved.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 */
const INTERNAL_IPV4 = [
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'127.0.0.0/8',
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'192.88.99.0/24',
	'192.168.0.0/16',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'224.0.0.0/4',
	'240.0.0.0/4',
];

/**
 * What of IPv6 is not the public Internet: all outside of 2000::/3, and in it what is for protocols, documentation and
 * tunnels to IPv4. Not 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64), by which networks without IPv4 reach it: there the
 * address of IPv4 counts.
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
const INTERNAL_IPV6 = [
	'::/96',
	'::ffff:0:0:0/96',
	'100::/8',
	'200::/7',
	'400::/6',
	'800::/5',
	'1000::/4',
	'2001::/23',
	'2001:db8::/32',
	'2002::/16',
	'3fff::/20',
	'4000::/2',
	'8000::/1',
];

export const INTERNAL_RANGES: readonly string[] = [...INTERNAL_IPV4, ...INTERNAL_IPV6];
