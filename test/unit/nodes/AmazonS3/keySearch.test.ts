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

const server = withConnection({ buckets: ['photos'] });

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
