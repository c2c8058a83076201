import { readFileSync } from 'node:fs';

import type { EgressRules } from '../../s3/Connection';

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
	const enabled = variable('N8N_SSRF_PROTECTION_ENABLED')?.toLowerCase() ?? '';
	if (!['true', '1'].includes(enabled)) return undefined;
	return {
		blockedRanges: list('N8N_SSRF_BLOCKED_IP_RANGES', 'default').flatMap((range) =>
			range.toLowerCase() === 'default' ? DEFAULT_RANGES : range,
		),
		allowedRanges: list('N8N_SSRF_ALLOWED_IP_RANGES'),
		allowedHosts: list('N8N_SSRF_ALLOWED_HOSTNAMES'),
		blockedHosts: list('N8N_SSRF_BLOCKED_HOSTNAMES'),
	};
}

/** As n8n reads its variables: from a file if one with `_FILE` names it. */
function variable(name: string): string | undefined {
	const value = process.env[name];
	const file = value === undefined ? process.env[`${name}_FILE`] : undefined;
	return file === undefined || file === '' ? value : readFileSync(file, 'utf8').trim();
}

function list(name: string, otherwise = ''): string[] {
	return (variable(name) ?? otherwise)
		.trim()
		.replace(/^(['"])(.*)\1$/, '$2')
		.split(',')
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}
