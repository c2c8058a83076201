import { MAX_UPLOADS } from './limits';
import { decode, encode, idOf } from './marks';

/** Seconds by which the date of an object may differ from when its upload was begun. */
const TOLERANCE = 2;

/** A multipart upload that is open: its object will be dated at its beginning. */
export interface OpenUpload {
	key: string;
	/** Seconds since 1970. */
	begun: number;
}

/** The uploads that were open when a prefix was scanned. */
export class OpenUploads {
	private readonly seconds = new Set<number>();
	private readonly begunOf = new Map<number, number[]>();

	private constructor(private readonly pairs: readonly (readonly [number, number])[]) {
		for (const [id, begun] of pairs) {
			this.begunOf.set(id, [...(this.begunOf.get(id) ?? []), begun]);
			for (let s = begun - TOLERANCE; s <= begun + TOLERANCE; s++) this.seconds.add(s);
		}
	}

	static of(uploads: readonly OpenUpload[]): OpenUploads {
		return new OpenUploads(newest(uploads.map(({ key, begun }) => [idOf(key), begun] as const)));
	}

	static decode(text = ''): OpenUploads {
		return new OpenUploads(decode(text));
	}

	/** These and others, without those that are in both. */
	with(others: OpenUploads): OpenUploads {
		const all = [...this.pairs, ...others.pairs];
		return new OpenUploads(newest(decode(encode(all)).filter(isFirst)));
	}

	encode(): string {
		return encode(this.pairs);
	}

	/** Whether an upload to any key was begun at that second. */
	hasBegunAt(seconds: number): boolean {
		return this.seconds.has(seconds);
	}

	/** Whether an upload to the key with this number is open. */
	has(id: number): boolean {
		return this.begunOf.has(id);
	}

	/** Whether an object of that date can have come by an upload to its key. */
	explains(id: number, seconds: number): boolean {
		const begun = this.begunOf.get(id) ?? [];
		return begun.some((second) => Math.abs(second - seconds) <= TOLERANCE);
	}
}

const newest = (pairs: (readonly [number, number])[]) =>
	pairs.sort(([, a], [, b]) => b - a).slice(0, MAX_UPLOADS);

/** In pairs that are in order. */
const isFirst = (pair: [number, number], index: number, all: [number, number][]): boolean => {
	const before = all[index - 1];
	return before === undefined || before[0] !== pair[0] || before[1] !== pair[1];
};
