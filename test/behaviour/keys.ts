import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { inOrder, TestBucket } from './TestBucket';

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const ODD_KEYS = [
	'two words',
	' space around ',
	'a+b',
	'a%b',
	'a%20b',
	'a%2Fb',
	'a&b',
	"it's",
	'line\nbreak',
	'tab\there',
	'\r\n',
	'//',
	'//a',
	'/leading',
	'a//b',
	'a/',
	'.',
	'..',
	'./a',
	'../a',
	'a/./b',
	'a/../b',
	'a/..',
	'?query',
	'#fragment',
	'e\u0301',
	'é',
	'ü',
	'日本',
	'😀',
	'👨‍👩‍👧',
	'\u0001',
	'\u007f',
	'~',
	'x'.repeat(1024),
	'ü'.repeat(512),
	`${'y'.repeat(1020)}😀`,
	...ASCII.map((character) => `ascii/${character}`),
	ASCII.join(''),
];

/** Which keys have to come back unchanged. */
export function describeKeys(server: () => TestServer): void {
	it.each(['path', 'virtual'] as const)(
		'keys of any kind make the round trip unchanged, %s style',
		async (addressingStyle) => {
			const { endpoint, virtualHostEndpoint } = server();
			const host = addressingStyle === 'path' ? endpoint : virtualHostEndpoint;
			// A server named by S3_ENDPOINT has no such name: only path style is tested.
			if (host === undefined) return;
			const bucket = await (
				await TestBucket.open(server())
			).over({ addressingStyle, endpoint: host });
			for (const key of ODD_KEYS) await bucket.put(key, key);
			expect(await bucket.names()).toEqual(inOrder([...new Set(ODD_KEYS)]));
			for (const key of ODD_KEYS) expect((await bucket.get(key)).content.toString()).toBe(key);
			const outcomes = await bucket.deleteAll(ODD_KEYS.map((key) => ({ key })));
			expect(outcomes).toMatchObject(ODD_KEYS.map((key) => ({ key, deleted: true })));
			expect(await bucket.names()).toEqual([]);
		},
		60_000,
	);

	it('keys are the same in buckets with dots', async () => {
		const bucket = await TestBucket.open(server(), {}, `dotted.bucket.${String(Date.now())}`);
		await bucket.put('a b/ü', 'x');
		expect(await bucket.names()).toEqual(['a b/ü']);
		expect((await bucket.get('a b/ü')).content.toString()).toBe('x');
	});

	it('keys are the same for uploads in parts', async () => {
		const bucket = await TestBucket.open(server());
		for (const key of ['a b+c%&ü/../😀', '//x\n']) {
			await bucket.put(key, content, { multipartThreshold: 0 });
			expect((await bucket.get(key)).content.equals(content)).toBe(true);
		}
		expect(await bucket.openUploads()).toBe(0);
	});
}
