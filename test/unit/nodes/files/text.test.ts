import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { textOf } from '../../../../nodes/files/text';
import { S3Failure } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';

const MiB = 1024 * 1024;
const about = { bucket: 'b', key: 'k', size: undefined };

const textIn = async (bytes: Buffer, contentType?: string, contentEncoding?: string) =>
	await textOf(
		Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]),
		{
			...about,
			contentType,
			contentEncoding,
		},
		MiB,
	);

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

	it.each(['aws-chunked,gzip', 'gzip, aws-chunked', 'GZIP', 'x-gzip', 'identity, gzip'])(
		'textOf unpacks %s',
		async (encoding) => {
			expect(await textIn(gzipSync('packed'), 'text/plain', encoding)).toBe('packed');
		},
	);

	it('textOf reads what was only sent in an encoding', async () => {
		expect(await textIn(Buffer.from('plain'), 'text/plain', 'aws-chunked')).toBe('plain');
	});

	it.each([
		['UTF-16LE', '\ufeffGrüße', undefined],
		['UTF-16BE', '\ufeffGrüße', 'text/plain; charset=utf-16'],
		['UTF-16LE', '\ufeffGrüße', 'text/csv; charset=utf-8'],
		['UTF-16BE', '\ufeffGrüße', 'text/csv; charset=iso-8859-1'],
		['UTF-8', '\ufeffGrüße', undefined],
	])('textOf reads %s by its byte order mark', async (charset, text, type) => {
		const bytes = charset === 'UTF-8' ? Buffer.from(text) : Buffer.from(text, 'utf16le');
		expect(await textIn(charset === 'UTF-16BE' ? bytes.swap16() : bytes, type)).toBe('Grüße');
	});

	it('textOf lets n8n do its other work while it decodes a long text, and cuts no character', async () => {
		const text = `a${'☃'.repeat(2 * MiB)}`;
		const head = { ...about, contentType: undefined, contentEncoding: undefined };
		let turns = 0;
		const other = () => {
			turns += 1;
			if (turns < 4) setImmediate(other);
		};
		async function* chunks() {
			yield Buffer.from(text);
			await Promise.resolve();
			setImmediate(other);
		}
		expect((await textOf(Readable.from(chunks()), head, 64 * MiB)) === text).toBe(true);
		expect(turns).toBe(4);
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
		['has the content encoding br, which is not unpacked', Buffer.from([0xff]), undefined, 'br'],
		[
			'cannot be unpacked as gzip, which its content encoding says it is',
			Buffer.from('a'),
			undefined,
			'gzip',
		],
		[
			'has the content encoding gzip, gzip, which is not unpacked',
			gzipSync(gzipSync('a')),
			undefined,
			'gzip, gzip',
		],
	])('textOf refuses an object that %s', async (why, bytes, type, encoding) => {
		const failure = await rejectionOf(textIn(bytes, type, encoding));
		expect(failure.message).toBe(`The object “k” in bucket “b” ${why}`);
		expect([failure.kind, failure.bucket, failure.key]).toEqual(['invalid', 'b', 'k']);
		// What is packed would be text in some charsets, and none that anybody can read.
		expect(failure.advice.includes('charset')).toBe(why.includes('charset'));
	});

	it.each([
		['bytes 1-2/5', true],
		[undefined, false],
	])(
		'textOf says of the range %p that it may begin within a character: %p',
		async (range, says) => {
			const body = Readable.from([Buffer.from('ü').subarray(1)]);
			const head = { ...about, contentType: undefined, contentEncoding: undefined };
			const { advice } = await rejectionOf(textOf(body, { ...head, contentRange: range }, MiB));
			expect(advice.includes('The range may begin or end within a character')).toBe(says);
		},
	);

	const longerThan = (mebibytes: number) =>
		`The object “k” in bucket “b” has more than ${mebibytes} MiB, the limit for text and JSON`;

	it('textOf refuses an object that is said to be longer than the limit, and reads none of it', async () => {
		const body = Readable.from([Buffer.from('a')]);
		const head = { ...about, size: MiB + 1, contentType: undefined, contentEncoding: undefined };
		const failure = await rejectionOf(textOf(body, head, MiB));
		expect(failure.message).toBe(longerThan(1));
		expect(failure.advice).toContain('Get it as a file, get a part of it with the option Range');
		expect(body.readableDidRead).toBe(false);
		expect(body.destroyed).toBe(true);
	});

	/** A body without end, and how many bytes were read of it. */
	function endless(chunk: Buffer, first = Buffer.alloc(0)) {
		const read = { bytes: 0 };
		function* chunks() {
			yield first;
			for (;;) {
				read.bytes += chunk.length;
				yield chunk;
			}
		}
		return { body: Readable.from(chunks(), { highWaterMark: 1 }), read };
	}

	it('textOf takes as many bytes as the limit, and reads no further', async () => {
		const head = { ...about, contentType: undefined, contentEncoding: undefined };
		expect(await textOf(Readable.from([Buffer.alloc(MiB, 'a')]), head, MiB)).toHaveLength(MiB);
		const { body, read } = endless(Buffer.alloc(MiB / 8, 'a'));
		expect((await rejectionOf(textOf(body, head, MiB))).message).toBe(longerThan(1));
		expect(read.bytes).toBeLessThan(2 * MiB);
		expect(body.destroyed).toBe(true);
	});

	it('textOf counts the bytes of gzip unpacked, however few it has packed', async () => {
		const head = { ...about, size: 10, contentType: undefined, contentEncoding: 'gzip' };
		const text = randomBytes(MiB / 2).toString('hex');
		expect(await textOf(Readable.from([gzipSync(text)]), head, MiB)).toBe(text);
		const failure = await rejectionOf(textOf(Readable.from([gzipSync(`${text}a`)]), head, MiB));
		expect(failure.message).toBe(longerThan(1));
		const { body, read } = endless(gzipSync(text));
		expect((await rejectionOf(textOf(body, head, 3 * MiB))).message).toBe(longerThan(3));
		expect(read.bytes).toBeLessThan(8 * MiB);
	});

	it('textOf reads no more gzip than a text of the limit has, also if it unpacks to nothing', async () => {
		const head = { ...about, contentType: undefined, contentEncoding: 'gzip' };
		const { body, read } = endless(gzipSync(''));
		expect((await rejectionOf(textOf(body, head, MiB / 16))).message).toContain('has more than');
		expect(read.bytes).toBeLessThan(2 * MiB);
		const random = randomBytes(MiB)
			.toString('latin1')
			.replaceAll(/[^ -~]/g, '.');
		expect(await textOf(Readable.from([gzipSync(random, { level: 0 })]), head, MiB)).toBe(random);
	});

	it('textOf refuses gzip that becomes more than a thousand times as much', async () => {
		const head = { ...about, contentType: undefined, contentEncoding: 'gzip' };
		const packed = (bytes: number) => Readable.from([gzipSync(Buffer.alloc(bytes))]);
		expect(await textOf(packed(MiB), head, 64 * MiB)).toHaveLength(MiB);
		const failure = await rejectionOf(textOf(packed(32 * MiB), head, 64 * MiB));
		expect(failure.message).toBe(
			'The object “k” in bucket “b” unpacks to more than 1000 times its size',
		);
	});

	it('textOf throws what breaks off the body of gzip as it is', async () => {
		const broken = S3Failure.invalid('the download broke off', 'Run it again.');
		async function* chunks() {
			yield await Promise.resolve(gzipSync('a').subarray(0, 5));
			throw broken;
		}
		const head = { ...about, contentType: undefined, contentEncoding: 'gzip' };
		expect(await rejectionOf(textOf(Readable.from(chunks()), head, MiB))).toBe(broken);
	});
});
