/** One element of DER, as far as certificates need it. */
export interface Element {
	readonly tag: number;
	readonly content: Buffer;
}

function length(bytes: number): Buffer {
	if (bytes < 0x80) return Buffer.from([bytes]);
	const hex = bytes.toString(16);
	const size = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
	return Buffer.concat([Buffer.from([0x80 | size.length]), size]);
}

export function element(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

export const sequence = (...parts: Buffer[]): Buffer => element(0x30, ...parts);

/** Two's complement in as few bytes as possible, so negative numbers come out negative. */
export function integer(value: bigint): Buffer {
	let bytes = 1;
	while (BigInt.asIntN(bytes * 8, value) !== value) bytes += 1;
	const hex = BigInt.asUintN(bytes * 8, value).toString(16);
	return element(0x02, Buffer.from(hex.padStart(bytes * 2, '0'), 'hex'));
}

export function objectIdentifier(dotted: string): Buffer {
	const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
	const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
		const groups = [arc & 0x7f];
		for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
		return groups;
	});
	return element(0x06, Buffer.from(bytes));
}

/** The elements that follow each other in the content of another. */
export function elementsOf(content: Buffer): Element[] {
	const found: Element[] = [];
	for (let at = 0; at < content.length;) {
		const first = content[at + 1] ?? 0;
		const size = first < 0x80 ? 0 : first & 0x7f;
		const bytes = size === 0 ? first : content.readUIntBE(at + 2, size);
		const start = at + 2 + size;
		if (start + bytes > content.length) throw new RangeError('DER is cut off');
		found.push({ tag: content[at] ?? 0, content: content.subarray(start, start + bytes) });
		at = start + bytes;
	}
	return found;
}

/** @throws RangeError for an element that is not there */
export function contentOf(found: Element | undefined): Buffer {
	if (found === undefined) throw new RangeError('DER lacks an element');
	return found.content;
}
