/** Which bytes of an object a response has. */
export interface ContentRange {
	readonly first: number;
	readonly last: number;
	/** Bytes of the whole object; undefined if the server does not say. */
	readonly total: number | undefined;
}

/**
 * Reads a `Content-Range`, e.g. `bytes 100-199/1000`.
 * @returns undefined if there is none, or it is not one of bytes
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.4
 */
export function readContentRange(header: string | undefined): ContentRange | undefined {
	const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header ?? '') ?? [];
	if (first === undefined) return undefined;
	return {
		first: Number(first),
		last: Number(last),
		total: total === '*' ? undefined : Number(total),
	};
}

/** The byte of the object with which the body of a response begins: 0 for a whole object. */
export const firstByteOf = (header: string | undefined): number =>
	readContentRange(header)?.first ?? 0;

/** Bytes of a range. */
export const lengthOf = ({ first, last }: ContentRange): number => last - first + 1;

/**
 * Whether a response has the range that was asked for, as far as the object goes.
 * @param range one range of bytes, e.g. `bytes=0-99`, `bytes=100-` or `bytes=-500`
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
 */
export function isRangeAskedFor(range: string, { first, last, total }: ContentRange): boolean {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
	const end = total === undefined ? last : total - 1;
	const asked =
		from === ''
			? { first: Math.max(0, end + 1 - Number(to)), last: end }
			: { first: Number(from), last: Math.min(end, to === '' ? end : Number(to)) };
	return first === asked.first && last === asked.last;
}
