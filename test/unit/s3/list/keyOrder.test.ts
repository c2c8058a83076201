import { compareKeys } from '../../../../s3/list/keyOrder';

const KEYS = [
	'',
	'a',
	'a/b',
	'ab',
	'é',
	'',
	'￿',
	'\u{10000}',
	'😀',
	'\u{10FFFF}',
	'a😀',
	'a',
	'a~',
];

it('compareKeys orders keys by their UTF-8 bytes', () => {
	for (const a of KEYS) {
		for (const b of KEYS) {
			const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
			expect(`${a} ${b} ${String(Math.sign(compareKeys(a, b)))}`).toBe(
				`${a} ${b} ${String(bytes)}`,
			);
		}
	}
});
