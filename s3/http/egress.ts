/** Which servers may be connected to: what the owner of the machine forbids, and what never is a server of S3. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { EgressRules } from '../Connection';
import { embeddedIpv4 } from './embeddedIpv4';

/**
 * Link-local addresses, where clouds give away the keys of a machine, and those beside them that do the same: of AWS
 * and Google by IPv6, of Alibaba, Oracle and Azure.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const LINK_LOCAL = listOf([
	'169.254.0.0/16',
	'fe80::/10',
	'fd00:ec2::/32',
	'fd20:ce::254/128',
	'100.100.100.200/32',
	'192.0.0.192/32',
	'168.63.129.16/32',
]);

/** Codes of errors, by which `errors/networkErrors.ts` finds words. */
type BlockedCode = 'LinkLocalAddress' | 'BlockedAddress';

/** A connection that is not opened. */
class BlockedError extends Error {
	override readonly name = 'BlockedError';

	constructor(
		readonly code: BlockedCode,
		host: string,
	) {
		super(`connections to ${host} are not allowed`);
	}
}

/** Whether a connection was not opened because it may not be. */
export function isBlocked(error: Error): boolean {
	return error instanceof BlockedError;
}

/** Checks servers before they are connected to. */
export interface Egress {
	/** Looks a name up as Node does, and fails if an address of it may not be connected to. */
	readonly lookup: LookupFunction;
	/** The error for a host that is an address, or has a name, that may not be connected to. */
	readonly refusalOf: (host: string) => Error | undefined;
	/** Whether the owner of the machine forbids anything. */
	readonly hasRules: boolean;
}

/** @param rules undefined leaves only link-local addresses out */
export function egressFor(rules: EgressRules | undefined): Egress {
	const blocked = listOf(rules?.blockedRanges ?? []);
	const allowed = listOf(rules?.allowedRanges ?? []);

	function refusalOfAddress(address: string, isAllowedName: boolean): Error | undefined {
		const reached = isIP(address) === 6 ? [address, ...embeddedIpv4(address)] : [address];
		const isLinkLocal = reached.some((one) => isIn(LINK_LOCAL, one));
		if (isLinkLocal) return new BlockedError('LinkLocalAddress', address);
		if (isAllowedName || isIn(allowed, address)) return undefined;
		const isBlocked = reached.some((one) => isIn(blocked, one) && !isIn(allowed, one));
		return isBlocked ? new BlockedError('BlockedAddress', address) : undefined;
	}

	function refusalOf(host: string): Error | undefined {
		const address = host.replace(/^\[|\]$/g, '');
		if (isIP(address) !== 0) return refusalOfAddress(address, false);
		if (matches(rules?.allowedHosts ?? [], host) || !matches(rules?.blockedHosts ?? [], host)) {
			return undefined;
		}
		return new BlockedError('BlockedAddress', host);
	}

	function refusalAmong(hostname: string, addresses: LookupAddress[]): Error | undefined {
		const isAllowedName = matches(rules?.allowedHosts ?? [], hostname);
		return addresses
			.map(({ address }) => refusalOfAddress(address, isAllowedName))
			.find((found) => found !== undefined);
	}

	const lookup = checkedLookup(refusalOf, refusalAmong);
	return { lookup, refusalOf, hasRules: rules !== undefined };
}

/**
 * Looks names up as Node does.
 * @param refusalOf the error for a name that is not looked up
 * @param refusalAmong the error for a name that leads to these addresses
 */
function checkedLookup(
	refusalOf: Egress['refusalOf'],
	refusalAmong: (hostname: string, addresses: LookupAddress[]) => Error | undefined,
): LookupFunction {
	return (hostname, options, callback) => {
		const refusal = refusalOf(hostname);
		if (refusal !== undefined) {
			callback(refusal, []);
			return;
		}
		lookupAll(hostname, options, (error, addresses) => {
			const failure = error ?? refusalAmong(hostname, addresses) ?? null;
			const [first] = addresses;
			if (failure !== null) callback(failure, []);
			else if (options.all === true) callback(null, addresses);
			else callback(null, first?.address ?? '', first?.family);
		});
	};
}

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** `bucket.localhost` is loopback (RFC 6761, section 6.3), which not every system resolver knows. */
function lookupAll(hostname: string, options: LookupOptions, found: Found): void {
	const name = hostname.endsWith('.localhost') ? 'localhost' : hostname;
	systemLookup(name, { ...options, all: true }, (error, addresses) => {
		found(error, error === null ? addresses : []);
	});
}

/** Ranges in CIDR notation; others are left out. */
function listOf(ranges: readonly string[]): BlockList {
	const list = new BlockList();
	for (const range of ranges) {
		const [, network = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(range) ?? [];
		const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
		const isValid = isIP(network) !== 0 && Number(prefix) <= (family === 'ipv6' ? 128 : 32);
		if (isValid) list.addSubnet(network, Number(prefix), family);
	}
	return list;
}

const isIn = (list: BlockList, address: string): boolean =>
	list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether a host name is one of these, or below one that begins with `*.`. */
function matches(patterns: readonly string[], host: string): boolean {
	const plain = (name: string) => name.trim().toLowerCase().replace(/\.$/, '');
	const name = plain(host);
	return patterns
		.map(plain)
		.some((pattern) =>
			pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern,
		);
}
