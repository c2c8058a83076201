import { rowOf } from '../../../../nodes/AmazonS3/keySearch';

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
