import type { S3 } from '../../../../s3/client/S3';
import { rowOf, searchKeysOf } from '../../../../nodes/AmazonS3/keySearch';
import { withConnection } from '../../../servers/withServer';

it.each([
	['a key that fits into a row', 'invoices/2026/0815.pdf', 'invoices/2026/0815.pdf'],
	['a key of exactly one row', 'k'.repeat(46), 'k'.repeat(46)],
	[
		'a longer key, of which both ends stay',
		'exports/production/year=2026/day=21/part-00001.snappy.parquet',
		'exports/produc…ay=21/part-00001.snappy.parquet',
	],
	['emoji, none of which is cut in two', '😀'.repeat(47), `${'😀'.repeat(14)}…${'😀'.repeat(31)}`],
])('rowOf shows %s', (_, key, row) => {
	expect(rowOf(key)).toBe(row);
});

const server = withConnection({ buckets: ['photos', 'many'] });

it('the picker offers no further page of a directory bucket, whose keys have no order to go on in', async () => {
	server.store.putMany(
		'photos',
		Array.from({ length: 101 }, (_, n) => `key-${String(n).padStart(3, '0')}`),
	);
	// The server of the tests has no directory buckets.
	const send: S3['send'] = async (name, input, call) =>
		await server.s3.send(name, { ...input, Bucket: 'photos' }, call);
	const call = { signal: undefined };
	const more = await searchKeysOf(server.s3, 'photos', '', undefined, call);
	expect(more).toMatchObject({ next: 'key-099' });
	const s3 = { ...server.s3, send };
	const directory = await searchKeysOf(s3, 'photos--use1-az4--x-s3', '', undefined, call);
	expect(directory.keys).toHaveLength(100);
	expect(directory.next).toBeUndefined();
});

describe('a text that no key begins with', () => {
	const keys = Array.from({ length: 6000 }, (_, n) => `key-${String(n).padStart(4, '0')}`);
	const search = async (text: string) =>
		await searchKeysOf(server.s3, 'many', text, undefined, { signal: undefined });

	beforeAll(() => server.store.putMany('many', keys));
	afterEach(() => jest.restoreAllMocks());

	it('a text is looked for in the first 5,000 keys of a bucket, and no further', async () => {
		expect((await search('-4999')).keys).toEqual(['key-4999']);
		expect((await search('-5000')).keys).toEqual([]);
	});

	it('a search inside of keys ends with a hundred of them', async () => {
		expect((await search('ey-')).keys).toEqual(keys.slice(0, 100));
	});

	it('a search inside of keys ends after two seconds, with what it has found', async () => {
		let seconds = 0;
		// Each look at the clock is one and a half seconds after the last.
		jest.spyOn(performance, 'now').mockImplementation(() => (seconds += 1.5) * 1000);
		const { keys: found } = await search('900');
		expect(found).toContain('key-0900');
		expect(found).not.toContain('key-4900');
	});
});
