import type { EgressRules } from '../../s3/Connection';
import { DEFAULT_RANGES, INTERNAL_RANGES } from './internalRanges';
import { isSwitchedOff, isSwitchedOn, readVariable } from './readVariable';

/** n8n's own switch. @see docs/decisions/0010-ssrf-protection.md */
const SWITCH = 'N8N_SSRF_PROTECTION_ENABLED';

/** The rules of n8n's own protection against requests to internal addresses; undefined if it is off. */
export function readEgress(): EgressRules | undefined {
	return isSwitchedOn(SWITCH) ? readLists() : undefined;
}

/**
 * The rules for files of URLs, which come from items: internal addresses are blocked unless a list of the owner allows
 * them, also if nothing is said of n8n's protection. Undefined only if the owner has switched it off in so many words.
 */
export function readUrlEgress(): EgressRules | undefined {
	if (isSwitchedOff(SWITCH)) return undefined;
	const lists = readLists();
	return { ...lists, blockedRanges: [...INTERNAL_RANGES, ...lists.blockedRanges] };
}

function readLists(): EgressRules {
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
