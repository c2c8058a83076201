import { Readable } from 'node:stream';
import type { Call } from '../../../../s3/Call';
import type { S3 } from '../../../../s3/client/S3';
import { compareKeys } from '../../../../s3/list/keyOrder';
import { listObjects } from '../../../../s3/list/listObjects';
import type { ListRequest } from '../../../../s3/list/listObjects';
import { readPage } from '../../../../s3/memory/PageBuffer';

const call: Call = { signal: undefined };
const keys = Array.from({ length: 5000 }, (_, i) => `a/${String(i).padStart(5, '0')}`);
const DATE = '2026-03-01T12:00:00.000Z';

interface Asked {
	Prefix?: string;
	StartAfter?: string;
	ContinuationToken?: string;
	MaxKeys?: number;
}

/** An S3 with these keys; notes what it is asked for and how much of that at the same time. */
function s3With(names: readonly string[]) {
	const asked: Asked[] = [];
	const memories = new Set<unknown>();
	let now = 0;
	let together = 0;
	const send = async (_name: string, input: Asked) => {
		asked.push(input);
		together = Math.max(together, ++now);
		await new Promise(setImmediate);
		now -= 1;
		const { Prefix: prefix = '', MaxKeys: most = 1000, StartAfter: after = '' } = input;
		const rest = names.filter((name) => name.startsWith(prefix) && name > after);
		const start = Number(input.ContinuationToken ?? 0);
		const page = rest.slice(start, start + most);
		const truncated = start + page.length < rest.length;
		const contents = page.map(
			(key) =>
				`<Contents><Key>${key}</Key><Size>5</Size><LastModified>${DATE}</LastModified></Contents>`,
		);
		const token = truncated
			? `<NextContinuationToken>${String(start + page.length)}</NextContinuationToken>`
			: '';
		const xml = `<ListBucketResult><IsTruncated>${String(truncated)}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`;
		const listing = await pageOf(xml);
		memories.add(listing.bytes().buffer);
		return { listing, $metadata: {} };
	};
	const s3 = { connection: {}, send } as unknown as S3;
	return { s3, asked, memories, mostTogether: () => together };
}

/** What the SDK's client gives for a listing. */
const pageOf = (xml: string) => readPage(Readable.from([Buffer.from(xml)]));

async function listed(s3: S3, request: Partial<ListRequest> = {}): Promise<string[]> {
	const found: string[] = [];
	for await (const { entries } of listObjects(s3, { bucket: 'bucket', ...request }, call)) {
		found.push(...entries.map((entry) => ('key' in entry ? entry.key : entry.prefix)));
	}
	return found;
}

describe('a directory bucket', () => {
	it('is listed by its tokens alone, one page after another', async () => {
		const directory = s3With(keys);
		const bucket = 'data--use1-az4--x-s3';
		expect(await listed(directory.s3, { bucket })).toEqual(keys);
		expect(directory.asked.filter(({ StartAfter: after }) => after !== undefined)).toEqual([]);
		expect(directory.asked).toHaveLength(5);
		expect(directory.mostTogether()).toBe(1);
	});

	it('is not what other buckets are taken for', async () => {
		const other = s3With(keys);
		expect(await listed(other.s3)).toEqual(keys);
		expect(other.mostTogether()).toBeGreaterThan(1);
	});
});

it('the memory of a page that was read is that of the next', async () => {
	const { s3, asked, memories } = s3With(keys);
	for await (const page of listObjects(s3, { bucket: 'directory--x-s3' }, call)) {
		expect(page.entries.length).toBeGreaterThan(0);
	}
	expect(asked).toHaveLength(5);
	expect(memories.size).toBe(1);
});

it('the memory of a page that is no listing is given back too', async () => {
	const memories = new Set<unknown>();
	const send = async () => {
		const listing = await pageOf('<html/>');
		memories.add(listing.bytes().buffer);
		return { listing, $metadata: {} };
	};
	const s3 = { connection: {}, send } as unknown as S3;
	for (let i = 0; i < 3; i++) {
		await expect(listObjects(s3, { bucket: 'b' }, call).next()).rejects.toThrow('not a complete');
	}
	expect(memories.size).toBe(1);
});

it('a listing that is cut behind a common prefix goes on behind all of its keys', async () => {
	const xml =
		'<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken><CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes></ListBucketResult>';
	const send = async () => ({ listing: await pageOf(xml), $metadata: {} });
	const s3 = { connection: {}, send } as unknown as S3;
	for await (const page of listObjects(s3, { bucket: 'b', delimiter: '/', limit: 1 }, call)) {
		expect(compareKeys(page.nextStartAfter ?? '', 'a/zzz')).toBeGreaterThan(0);
		expect(compareKeys(page.nextStartAfter ?? '', 'a0')).toBeLessThan(0);
	}
});

describe('the filters', () => {
	const one = () => s3With(['a/00001']).s3;
	const at = (change: number) => new Date(Date.parse(DATE) + change);

	it.each<[Partial<ListRequest>, boolean]>([
		[{ minSize: 5 }, true],
		[{ minSize: 6 }, false],
		[{ maxSize: 5 }, true],
		[{ maxSize: 4 }, false],
		[{ modifiedAfter: at(0) }, true],
		[{ modifiedAfter: at(1) }, false],
		[{ modifiedBefore: at(0) }, false],
		[{ modifiedBefore: at(1) }, true],
	])('%j includes what is just there: %s', async (filter, kept) => {
		expect(await listed(one(), filter)).toEqual(kept ? ['a/00001'] : []);
	});

	it('apply while pages pass: a limit that is reached ends the listing', async () => {
		const { s3, asked } = s3With(keys);
		expect(await listed(s3, { minSize: 1, limit: 3 })).toEqual(keys.slice(0, 3));
		expect(asked).toHaveLength(1);
	});

	it('that begin with plain characters leave out what could not match on the server', async () => {
		const { s3, asked } = s3With(keys);
		expect(await listed(s3, { keyMatches: 'a/0001*' })).toEqual(keys.slice(10, 20));
		expect(asked.map(({ Prefix: prefix }) => prefix)).toEqual(['a/0001']);
		// A prefix that says more, or something else, stays what it is.
		expect(await listed(s3, { keyMatches: 'a/*', prefix: 'a/0002' })).toEqual(keys.slice(20, 30));
		expect(await listed(s3, { keyMatches: 'b*', prefix: 'a/' })).toEqual([]);
		expect(asked.at(-1)?.Prefix).toBe('a/');
	});

	it('leave the prefix alone where a delimiter makes folders of it', async () => {
		const { s3, asked } = s3With(keys.slice(0, 3));
		await listed(s3, { keyMatches: 'a/0000*', delimiter: '/', prefix: 'a' });
		expect(asked.map(({ Prefix: prefix }) => prefix)).toEqual(['a']);
	});
});
