/** Where an IPv6 address holds an IPv4 address: in the two groups from an index on, after groups of these values. */
interface Form {
	readonly prefix: readonly number[];
	readonly at: number;
	/** Whether each bit of the IPv4 address is turned round. */
	readonly inverted?: boolean;
}

const FORMS: readonly Form[] = [
	// Mapped, translated (SIIT), and the old compatible addresses.
	{ prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 },
	{ prefix: [0, 0, 0, 0, 0xffff, 0], at: 6 },
	{ prefix: [0, 0, 0, 0, 0, 0], at: 6 },
	// NAT64 (RFC 6052), and the range for NAT64 of a network of one's own (RFC 8215).
	{ prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 },
	{ prefix: [0x64, 0xff9b, 1], at: 6 },
	// 6to4 (RFC 3056), and Teredo (RFC 4380) with its server and its client.
	{ prefix: [0x2002], at: 1 },
	{ prefix: [0x2001, 0], at: 2 },
	{ prefix: [0x2001, 0], at: 6, inverted: true },
];

/** The fifth and sixth group of ISATAP, whatever the prefix (RFC 5214, section 6.1). */
const ISATAP = [
	[0, 0x5efe],
	[0x200, 0x5efe],
];

/**
 * The IPv4 addresses that packets to an IPv6 address may arrive at: those that it is made of, if a translator or a
 * tunnel is on the way.
 * @param address IPv6, perhaps with a zone
 */
export function embeddedIpv4(address: string): string[] {
	const groups = groupsOf(address);
	const found = FORMS.filter(({ prefix }) => prefix.every((group, i) => groups[i] === group)).map(
		({ at, inverted = false }) => ipv4In(groups, at, inverted ? 0xffff : 0),
	);
	// RFC 6052 also puts it right after a prefix of 48 bits, around the ninth byte.
	if (groups[0] === 0x64 && groups[1] === 0xff9b && groups[2] === 1) {
		const [, , , high = 0, middle = 0, low = 0] = groups;
		found.push(ipv4In([high, ((middle & 0xff) << 8) | (low >> 8)], 0, 0));
	}
	const isIsatap = ISATAP.some(([fifth, sixth]) => groups[4] === fifth && groups[5] === sixth);
	if (isIsatap) found.push(ipv4In(groups, 6, 0));
	// `::` and `::1` are not IPv4, and no server has an address of 0.0.0.0/8.
	return found.filter((ipv4) => !ipv4.startsWith('0.'));
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
	// A URL has the address in lower case, in hexadecimal digits alone and without leading zeros.
	const { hostname } = new URL(`http://[${address.split('%', 1)[0] ?? ''}]/`);
	const [head = [], tail = []] = hostname
		.slice(1, -1)
		.split('::')
		.map((part) => part.split(':').filter((group) => group !== ''));
	const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
	return [...head, ...zeros, ...tail].map((group) => parseInt(group, 16));
}

function ipv4In(groups: readonly number[], at: number, mask: number): string {
	const [high = 0, low = 0] = groups.slice(at).map((group) => group ^ mask);
	return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
