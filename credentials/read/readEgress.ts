import type { EgressRules } from '../../s3/Connection';
import { isSwitchedOn, readVariable } from './readVariable';

/** Ranges that n8n 2.41 blocks by default. @see docs/decisions/0010-ssrf-protection.md */
const DEFAULT_RANGES = [
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

/** The rules of n8n's own protection against requests to internal addresses; undefined if it is off. */
export function readEgress(): EgressRules | undefined {
	if (!isSwitchedOn('N8N_SSRF_PROTECTION_ENABLED')) return undefined;
	return {
		blockedRanges: list('N8N_SSRF_BLOCKED_IP_RANGES', 'default').flatMap((range) =>
			range.toLowerCase() === 'default' ? DEFAULT_RANGES : range,
		),
		allowedRanges: list('N8N_SSRF_ALLOWED_IP_RANGES'),
		allowedHosts: list('N8N_SSRF_ALLOWED_HOSTNAMES'),
		blockedHosts: list('N8N_SSRF_BLOCKED_HOSTNAMES'),
	};
}

function list(name: string, otherwise = ''): string[] {
	return (readVariable(name) ?? otherwise)
		.trim()
		.replace(/^(['"])(.*)\1$/, '$2')
		.split(',')
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}
