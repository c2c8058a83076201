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

interface Request {
	Prefix?: string;
	StartAfter?: string;
	ContinuationToken?: string;
	MaxKeys?: number;
}

/** An S3 with these keys; notes the requests and how many are in flight. */
function s3With(names: readonly string[], pageSize?: number) {
	const requests: Request[] = [];
	const memories = new Set<unknown>();
	let inFlight = 0;
	let mostInFlight = 0;
	const send = async (_name: string, input: Request) => {
		requests.push(input);
		mostInFlight = Math.max(mostInFlight, ++inFlight);
		await new Promise(setImmediate);
		inFlight -= 1;
		const { Prefix: prefix = '', StartAfter: after = '' } = input;
		const most = pageSize ?? input.MaxKeys ?? 1000;
		const rest = names.filter((name) => name.startsWith(prefix) && name > after);
		const start = Number(input.ContinuationToken ?? 0);
		const page = rest.slice(start, start + most);
		const truncated = start + page.length < rest.length;
		const contents = page.map(
			(key) =>
				`<Contents><Key>${key}</Key><LastModified>${DATE}</LastModified><ETag>e</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>`,
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
	return { s3, requests, memories, mostInFlight: () => mostInFlight };
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
	it('a directory bucket is listed by its tokens alone, one page after another', async () => {
		const directory = s3With(keys);
		const bucket = 'data--use1-az4--x-s3';
		expect(await listed(directory.s3, { bucket })).toEqual(keys);
		expect(directory.requests.filter(({ StartAfter: after }) => after !== undefined)).toEqual([]);
		expect(directory.requests).toHaveLength(5);
		expect(directory.mostInFlight()).toBe(1);
	});

	it('a directory bucket is asked for the prefix as it is, and filtered afterwards', async () => {
		const { s3, requests } = s3With(['a/b1', 'a/c']);
		const bucket = 'data--use1-az4--x-s3';
		expect(await listed(s3, { bucket, prefix: 'a/', keyMatches: 'a/b*' })).toEqual(['a/b1']);
		expect(requests.map(({ Prefix }) => Prefix)).toEqual(['a/']);
	});

	it('a bucket that is no directory bucket is listed with several requests in flight', async () => {
		const other = s3With(keys);
		expect(await listed(other.s3)).toEqual(keys);
		expect(other.mostInFlight()).toBeGreaterThan(1);
	});
});

it('a server whose pages are longer than those of S3 gets one request after another', async () => {
	const { s3, requests, mostInFlight } = s3With(keys, 2000);
	expect(await listed(s3)).toEqual(keys);
	expect(requests).toHaveLength(3);
	expect(mostInFlight()).toBe(1);
});

it('of pages that are much longer than those of S3 none is read ahead', async () => {
	const many = Array.from({ length: 250_000 }, (_, i) => String(i).padStart(6, '0'));
	const { s3, requests } = s3With(many, 50_000);
	const listing = listObjects(s3, { bucket: 'bucket' }, call);
	await listing.next();
	for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
	expect(requests).toHaveLength(1);
	await listing.return();
});

it('the memory of a page that was read is used for the next one', async () => {
	const { s3, requests, memories } = s3With(keys);
	for await (const page of listObjects(s3, { bucket: 'directory--x-s3' }, call)) {
		expect(page.entries.length).toBeGreaterThan(0);
	}
	expect(requests).toHaveLength(5);
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

it('a listing that is cut after a common prefix goes on after all of its keys', async () => {
	const xml =
		'<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken><CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes></ListBucketResult>';
	const send = async () => ({ listing: await pageOf(xml), $metadata: {} });
	const s3 = { connection: {}, send } as unknown as S3;
	for await (const page of listObjects(s3, { bucket: 'b', delimiter: '/', limit: 1 }, call)) {
		expect(compareKeys(page.nextStartAfter ?? '', 'a/zzz')).toBeGreaterThan(0);
		expect(compareKeys(page.nextStartAfter ?? '', 'a0')).toBeLessThan(0);
	}
});

it('a limit counts what the filters keep, and ends the listing when it is reached', async () => {
	const { s3, requests } = s3With(keys);
	expect(await listed(s3, { minSize: 1, limit: 3 })).toEqual(keys.slice(0, 3));
	expect(requests).toHaveLength(1);
});

it('a glob that begins with plain characters makes the prefix longer, so that the server leaves the rest out', async () => {
	const { s3, requests } = s3With(keys);
	expect(await listed(s3, { keyMatches: 'a/0001*' })).toEqual(keys.slice(10, 20));
	expect(requests.map(({ Prefix: prefix }) => prefix)).toEqual(['a/0001']);
	// A prefix that says more, or something else, stays what it is.
	expect(await listed(s3, { keyMatches: 'a/*', prefix: 'a/0002' })).toEqual(keys.slice(20, 30));
	expect(await listed(s3, { keyMatches: 'b*', prefix: 'a/' })).toEqual([]);
	expect(requests.at(-1)?.Prefix).toBe('a/');
});

it('a glob leaves the prefix alone if there is a delimiter', async () => {
	const { s3, requests } = s3With(keys.slice(0, 3));
	await listed(s3, { keyMatches: 'a/0000*', delimiter: '/', prefix: 'a' });
	expect(requests.map(({ Prefix: prefix }) => prefix)).toEqual(['a']);
});

describe('a server that pages in another way', () => {
	/** Sends less of each request than is asked for, or less of each response. */
	const behaving = (change: { input?: object; token?: boolean }) => {
		const { s3, requests } = s3With(keys);
		const send = (async (name: never, input: object, options: never) => {
			const output: unknown = await s3.send(name, { ...input, ...change.input } as never, options);
			const { listing, ...more } = output as { listing: { bytes: () => Buffer } };
			const xml = listing.bytes().toString();
			const token = /<NextContinuationToken>.*?<.NextContinuationToken>/;
			const shown = change.token === false ? xml.replace(token, '') : xml;
			return { ...more, listing: await pageOf(shown) };
		}) as S3['send'];
		return { s3: { ...s3, send }, requests };
	};

	it.each<[string, Partial<ListRequest>, string[]]>([
		['all keys', {}, keys],
		['keys after one', { startAfter: keys[1200] }, keys.slice(1201)],
		['keys after the last one', { startAfter: keys.at(-1) }, []],
		['some keys after one', { startAfter: keys[1200], limit: 1500 }, keys.slice(1201, 2701)],
	])('a server that ignores StartAfter gives each of %s once', async (_, request, expected) => {
		const { s3 } = behaving({ input: { StartAfter: undefined } });
		expect(await listed(s3, request)).toEqual(expected);
	});

	it('a server without tokens is asked for the keys after the last one', async () => {
		expect(await listed(behaving({ token: false }).s3)).toEqual(keys);
	});

	it('a server without tokens is not asked for a next page that nobody wants', async () => {
		const { s3, requests } = behaving({ token: false, input: { StartAfter: undefined } });
		expect(await listed(s3, { limit: 1000 })).toEqual(keys.slice(0, 1000));
		expect(requests).toHaveLength(1);
	});

	it('a server that has neither is an error before a key is there twice', async () => {
		const { s3 } = behaving({ token: false, input: { StartAfter: undefined } });
		const found: string[] = [];
		const reading = (async () => {
			for await (const { entries } of listObjects(s3, { bucket: 'bucket' }, call)) {
				found.push(...entries.map((entry) => ('key' in entry ? entry.key : entry.prefix)));
			}
		})();
		await expect(reading).rejects.toMatchObject({ kind: 'corrupt', operation: 'ListObjectsV2' });
		expect(new Set(found).size).toBe(found.length);
	});
});

it.each<[string, (asked: number) => string[]]>([
	['pages without a key', () => []],
	['the same page', () => ['a', 'b']],
	['the same circle of pages', (asked) => [`key-${asked % 7}`]],
	['the same circle of long pages', (asked) => [`a-${asked % 7}`, 'b', 'c']],
])(
	'a listing ends with an error after at most 100 pages if a server gives %s for ever',
	async (_, keysOf) => {
		for (const bucket of ['bucket', 'bucket--x-s3']) {
			let asked = 0;
			const send = async () => {
				const names = keysOf(++asked);
				const contents = names.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
				const xml = `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${asked}</NextContinuationToken>${contents}</ListBucketResult>`;
				return { listing: await pageOf(xml), $metadata: {} };
			};
			const s3 = { connection: {}, send } as unknown as S3;
			await expect(listed(s3, { bucket })).rejects.toMatchObject({
				kind: 'corrupt',
				bucket,
				message: expect.stringMatching(
					/100 pages in a row without a new key|the same page again/,
				) as string,
			});
			expect(asked).toBeLessThanOrEqual(110);
		}
	},
);
