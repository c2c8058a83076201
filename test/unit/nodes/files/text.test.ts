import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { textOf } from '../../../../nodes/files/text';
import { rejectionOf } from '../../failureOf';

const about = { bucket: 'b', key: 'k', size: undefined };

const textIn = async (bytes: Buffer, contentType?: string, contentEncoding?: string) =>
	await textOf(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]), {
		...about,
		contentType,
		contentEncoding,
	});

describe('textOf', () => {
	it.each([
		[undefined, 'Grüße', Buffer.from('Grüße')],
		['text/plain', 'Grüße', Buffer.from('Grüße')],
		['text/plain; charset=ISO-8859-1', 'Grüße', Buffer.from('Grüße', 'latin1')],
		['text/plain;charset="utf-16le"; format=flowed', 'Grüße', Buffer.from('Grüße', 'utf16le')],
	])('textOf decodes the content type %p', async (contentType, text, bytes) => {
		expect(await textIn(bytes, contentType)).toBe(text);
	});

	it('textOf unpacks gzip', async () => {
		expect(await textIn(gzipSync('packed'), 'text/plain', 'gzip')).toBe('packed');
	});

	it('textOf leaves other encodings as they are', async () => {
		expect(await textIn(Buffer.from('plain'), 'text/plain', 'br')).toBe('plain');
	});

	it.each([
		['is not text in the charset utf-8', Buffer.from([0xff]), undefined, undefined],
		[
			'is not text in the charset klingon',
			Buffer.from('a'),
			'text/plain; charset=klingon',
			undefined,
		],
		[
			'cannot be unpacked as gzip, which its content encoding says it is',
			Buffer.from('a'),
			undefined,
			'gzip',
		],
	])('textOf refuses an object that %s', async (why, bytes, type, encoding) => {
		const failure = await rejectionOf(textIn(bytes, type, encoding));
		expect(failure.message).toBe(`The object “k” in bucket “b” ${why}`);
		expect([failure.kind, failure.bucket, failure.key]).toEqual(['invalid', 'b', 'k']);
	});

	it('textOf refuses an object that is longer than any text, and reads none of it', async () => {
		const body = Readable.from([Buffer.from('a')]);
		const head = { ...about, size: 2 ** 29, contentType: undefined, contentEncoding: undefined };
		const failure = await rejectionOf(textOf(body, head));
		expect(failure.message).toBe('The object “k” in bucket “b” is too large for text');
		expect(body.destroyed).toBe(true);
	});
});
