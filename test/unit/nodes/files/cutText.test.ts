import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { cutTextOf } from '../../../../nodes/files/cutText';
import { rejectionOf } from '../../failureOf';

const about = { bucket: 'b', key: 'k', size: undefined, contentEncoding: undefined };

const cut = async (bytes: Buffer, limit: number, head: object = {}) => {
	const body = Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]);
	const whole = { ...about, contentType: 'text/plain', contentRange: undefined, ...head };
	const result = await cutTextOf(body, whole, limit);
	expect(body.destroyed).toBe(true);
	return result;
};

const whole = (text: string) => ({ text, truncated: false, nextRange: undefined });

it.each([
	['as long as the limit', Buffer.from('hello'), 5],
	['shorter', Buffer.from('hello'), 6],
	['empty', Buffer.alloc(0), 6],
])('cutTextOf gives all of a text that is %s', async (_, bytes, limit) => {
	expect(await cut(bytes, limit)).toEqual(whole(bytes.toString()));
});

it('cutTextOf cuts a longer text, and says with which range it goes on', async () => {
	const next = { truncated: true, nextRange: 'bytes=4-' };
	expect(await cut(Buffer.from('hello'), 4)).toEqual({ ...next, text: 'hell' });
});

it.each([
	[1, '', 0],
	[2, 'ü', 2],
	[3, 'ü', 2],
	[5, 'ü', 2],
	[6, 'ü😀', 6],
])('cutTextOf cuts no character of UTF-8 in two at %d bytes', async (limit, text, next) => {
	expect(await cut(Buffer.from('ü😀!'), limit)).toEqual({
		text,
		truncated: true,
		nextRange: `bytes=${next}-`,
	});
});

it.each([
	['shift_jis', Buffer.from('a\x82\xa0\x82\xa0', 'latin1'), 'aあ', 4, 3],
	['gb18030', Buffer.from('a\x81\x39\xef\x34b', 'latin1'), 'a', 4, 1],
	['utf-16le', Buffer.from('a😀!', 'utf16le'), 'a', 5, 2],
	['utf-16le', Buffer.from('a😀!', 'utf16le'), 'a😀', 7, 6],
])('cutTextOf cuts no character of %s in two', async (charset, bytes, text, limit, next) => {
	expect(await cut(bytes, limit, { contentType: `text/plain; charset=${charset}` })).toEqual({
		text,
		truncated: true,
		nextRange: `bytes=${next}-`,
	});
});

it.each([
	['text/plain', undefined],
	['text/plain; charset=UTF-16LE', 'bytes=4-'],
])(
	'cutTextOf names a range of UTF-16 with a byte order mark only if the type tells its charset: %s',
	async (contentType, nextRange) => {
		const bytes = Buffer.from('\ufeffhello', 'utf16le');
		expect(await cut(bytes, 5, { contentType })).toEqual({ text: 'h', truncated: true, nextRange });
	},
);

it('cutTextOf counts from the beginning of the object if only a range of it was read', async () => {
	const contentRange = 'bytes 100-104/2000';
	const { nextRange } = await cut(Buffer.from('hello'), 3, { contentRange });
	expect(nextRange).toBe('bytes=103-');
});

it('cutTextOf unpacks gzip as far as it gives text, and names no range in packed bytes', async () => {
	const gzip = { contentEncoding: 'gzip' };
	const packed = gzipSync('a'.repeat(100_000));
	const beginning = { text: 'aaa', truncated: true, nextRange: undefined };
	expect(await cut(packed, 3, gzip)).toEqual(beginning);
	expect(await cut(gzipSync('hello'), 9, gzip)).toEqual(whole('hello'));
});

it('cutTextOf gives up gzip without end that unpacks to nothing', async () => {
	const empty = gzipSync('');
	let bytes = 0;
	function* chunks() {
		for (;;) {
			bytes += empty.length;
			yield empty;
		}
	}
	const head = { ...about, contentType: undefined, contentRange: undefined };
	const asked = cutTextOf(Readable.from(chunks()), { ...head, contentEncoding: 'gzip' }, 100);
	expect((await rejectionOf(asked)).message).toContain('has more than');
	expect(bytes).toBeLessThan(2 * 1024 * 1024);
});

it.each([
	['that is not text', Buffer.from([0xff, 0xfe, 0xff]), {}, 'is not text'],
	['that is not gzip', Buffer.from('hello'), { contentEncoding: 'gzip' }, 'gzip'],
])('cutTextOf refuses an object %s', async (_, bytes, head, message) => {
	expect((await rejectionOf(cut(bytes, 10, head))).message).toContain(message);
});
