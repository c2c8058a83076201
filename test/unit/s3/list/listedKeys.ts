import { compareKeys } from '../../../../s3/list/keyOrder';
import { nameOfEntry, startAfterEntry } from '../../../../s3/list/ListedEntry';
import type { Page, PageStart } from '../../../../s3/list/listPage';
import type { FetchPage } from '../../../../s3/list/parallel/ParallelListing';

/** Random numbers from 0 to 1 that are the same each time. */
export function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Kinds of keys as people have them, each made from random numbers. */
export const KINDS: Record<string, (random: () => number, index: number) => string> = {
	'numbers with leading zeros': (_, i) => `data/${String(i).padStart(8, '0')}.bin`,
	'numbers without leading zeros': (_, i) => `data/${String(i)}`,
	'random hex': (random) => hex(random, 12),
	'one long common prefix': (random) => `${'deep/folder-of/'.repeat(20)}${hex(random, 6)}`,
	dates: (random, i) => `${dateOf(i * 47)}/${hex(random, 2)}.gz`,
	'dates of one month': (random, i) => `log/${dateOf(Math.floor(i / 40))}-${hex(random, 4)}`,
	'logs of CloudTrail': (random, i) => {
		const [day = '', time = ''] = dateOf(i * 7).split('T');
		const compact = `${day.replaceAll('/', '')}T${time.replace(':', '')}Z`;
		return `AWSLogs/111122223333/CloudTrail/eu-west-1/${day}/111122223333_CloudTrail_eu-west-1_${compact}_${hex(random, 8)}.json.gz`;
	},
	'partitions of hours': (random, i) => {
		const [year, month, day, hour] = dateOf(Math.floor(i / 20) * 60).split(/[/T:]/);
		return `year=${year}/month=${month}/day=${day}/hour=${hour}/part-${hex(random, 6)}.parquet`;
	},
	'logs by the second': (random, i) => {
		const time = new Date(Date.UTC(2023, 10, 1) + i * 97_000 + Math.floor(random() * 9e7));
		return `logs/${time.toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}-${hex(random, 6)}`;
	},
	words: (random) => `${wordOf(random)}/${wordOf(random)}-${wordOf(random)}`,
	'one huge folder among small ones': (random) =>
		random() < 0.9 ? `huge/${hex(random, 8)}` : `${wordOf(random)}/${hex(random, 2)}`,
	'backups of each day after random hex': (random, i) =>
		i % 50 === 0
			? hex(random, 32)
			: `nightly-backups-of-the-production-database-2024-11-${String(1 + (i % 28)).padStart(2, '0')}-${String(i).padStart(7, '0')}`,
	'few large and many small folders': (random) =>
		`user${String(Math.floor(100 * random() ** 4))}/${hex(random, 4)}`,
	'characters of many scripts': (random) =>
		String.fromCodePoint(...Array.from({ length: 3 }, () => codePointOf(random))),
	'odd characters': (random) =>
		Array.from({ length: 4 }, () => ' +%&\'"\n\t/.~!\u007f'[Math.floor(random() * 13)]).join(''),
	'base64 of hashes': (random) => Buffer.from(hex(random, 12), 'hex').toString('base64url'),
	'keys that begin one another': (random) => 'ab'.repeat(Math.floor(random() * 300)),
};

const hex = (random: () => number, length: number): string =>
	Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');

/** Minutes after the beginning of 2024, as `2024/01/31T23:59`. */
export const dateOf = (minutes: number): string =>
	new Date(Date.UTC(2024, 0, 1) + minutes * 60_000).toISOString().slice(0, 16).replaceAll('-', '/');

const WORDS = 'amet anim aute cillum dolor duis elit enim esse irure lorem magna minim velit'.split(
	' ',
);
const wordOf = (random: () => number): string => WORDS[Math.floor(random() * WORDS.length)] ?? '';

function codePointOf(random: () => number): number {
	const ranges = [0x41, 0xe0, 0x430, 0x4e00, 0xac00, 0xe000, 0xff00, 0x1f600, 0x20000];
	return (ranges[Math.floor(random() * ranges.length)] ?? 0x41) + Math.floor(random() * 40);
}

/** Different keys of a kind in the order of S3. */
export function keysOf(kind: string, count: number, random: () => number): string[] {
	const make = KINDS[kind];
	if (make === undefined) throw new Error(`there are no keys of the kind ${kind}`);
	const keys = Array.from({ length: count }, (_, i) => make(random, i));
	return [...new Set(keys)].filter((key) => key !== '').sort(compareKeys);
}

/** Objects and common prefixes of a listing, by name in order. */
export function entriesOf(keys: readonly string[], delimiter?: string): Page['entries'] {
	const entries = keys.map((key) => {
		const end = delimiter === undefined ? -1 : key.indexOf(delimiter);
		return end === -1
			? {
					bucket: 'b',
					key,
					size: 0,
					etag: undefined,
					lastModified: undefined,
					storageClass: undefined,
				}
			: { bucket: 'b', prefix: key.slice(0, end + 1) };
	});
	return entries.filter((entry, i) => {
		const previous = entries[i - 1];
		return !('prefix' in entry) || previous === undefined || nameOfEntry(previous) !== entry.prefix;
	});
}

/** A server with these keys, which puts as many entries on a page as it likes. */
export class ListedKeys {
	/** All pages that were requested. */
	readonly requests: PageStart[] = [];

	constructor(
		readonly keys: readonly string[],
		readonly pageSize: number,
		private readonly delimiter?: string,
	) {}

	/** The response to a request, at once. */
	page(request: PageStart): Page {
		this.requests.push(request);
		const start = this.indexAfter(request.continuationToken ?? request.startAfter);
		const most = Math.min(request.maxKeys, this.pageSize);
		// With a delimiter many keys may make one entry.
		const end = this.delimiter === undefined ? start + most + 1 : undefined;
		const entries = entriesOf(this.keys.slice(start, end), this.delimiter);
		const page = entries.slice(0, most);
		const last = page.at(-1);
		const truncated = page.length < entries.length;
		const nextToken = truncated && last !== undefined ? startAfterEntry(last) : undefined;
		return { entries: page, truncated, nextToken, retried: false };
	}

	private indexAfter(name: string | undefined): number {
		if (name === undefined) return 0;
		let low = 0;
		let high = this.keys.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (compareKeys(this.keys[middle] ?? '', name) > 0) high = middle;
			else low = middle + 1;
		}
		return low;
	}

	/** Requests pages, the responses of which arrive in any order, a few of them much later. */
	fetchInAnyOrder(random: () => number): FetchPage {
		return async (request) => {
			const page = this.page(request);
			const most = random() < 0.05 ? 60 : 4;
			for (let turns = Math.floor(random() * most); turns > 0; turns--) await nextTurn();
			return page;
		};
	}
}

export const nextTurn = (): Promise<void> =>
	new Promise((resolve) => {
		setImmediate(resolve);
	});
