/** An object is stored whole or not at all, whichever way it is sent and whatever goes wrong. */
import { crc32 } from 'node:zlib';
import { putObject } from '../../../s3/upload/putObject';
import type { ByteSource, PutRequest } from '../../../s3/upload/putObject';
import type { Fault } from '../../servers/embedded';
import { asAws } from '../asAws';
import { brokenSource, MiB, patterned, sourceOf, streamOf } from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer();
const content = patterned(9 * MiB);

const WAYS: Record<string, { size: number; operation: string; settings?: Partial<PutRequest> }> = {
	'from memory': { size: 1000, operation: 'PutObject' },
	'as a stream': { size: content.length, operation: 'PutObject' },
	'in parts': {
		size: 5 * MiB,
		operation: 'UploadPart',
		settings: { multipartThreshold: MiB, partSize: MiB },
	},
};

describe.each(Object.keys(WAYS))('an object put %s', (way) => {
	const { size, operation, settings } = WAYS[way]!;
	const bytes = content.subarray(0, size);
	const put = (source: ByteSource = sourceOf(bytes), signal?: AbortSignal) =>
		putObject(uploads.s3, { bucket, key: 'key', source, ...settings }, { signal, retryFor: 1000 });

	const expectNothingLeft = () => {
		expect(uploads.stored('key')).toBeUndefined();
		expect(uploads.uploadsLeft()).toEqual([]);
	};

	it.each<[string, Fault['effect']]>([
		['a reset before the first byte', { kind: 'resetRequest', afterBytes: 0 }],
		['a reset within the body', { kind: 'resetRequest', afterBytes: 500 }],
		['a reset after the body', { kind: 'resetRequest', afterBytes: 1e9 }],
		['a lost response', { kind: 'loseAnswer' }],
		['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
		['an internal error', { kind: 'answer', status: 500, code: 'InternalError' }],
		['a body that came too slowly', { kind: 'answer', status: 400, code: 'RequestTimeout' }],
		['an error with status 200', { kind: 'answer', status: 200, code: 'InternalError' }],
		['a bad gateway without XML', { kind: 'answer', status: 502, body: '<html>oops</html>' }],
	])(`an object put ${way} is whole after %s`, async (_, effect) => {
		uploads.server.faults.add({ operation, times: 1, effect });
		const result = await put();
		expect(result.size).toBe(size);
		expect(uploads.storedBytes('key').equals(bytes)).toBe(true);
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it(`an object put ${way} is not stored if the server answers with a web page`, async () => {
		const headers = { 'content-type': 'text/html', etag: '"page"' };
		const body = '<html>Sign in</html>';
		uploads.server.faults.add({
			operation,
			effect: { kind: 'answer', status: 200, headers, body },
		});
		await expect(put()).rejects.toMatchObject({ kind: 'corrupt', status: 200 });
		expectNothingLeft();
	});

	it.each<[string, Fault['effect'], string]>([
		['resets', { kind: 'resetRequest', afterBytes: 500 }, 'unreachable'],
		['errors', { kind: 'answer', status: 500 }, 'unavailable'],
		['refusals', { kind: 'answer', status: 403, code: 'AccessDenied' }, 'denied'],
		['damage on the way', { kind: 'answer', status: 400, code: 'BadDigest' }, 'corrupt'],
	])(`an object put ${way} leaves nothing after lasting %s`, async (_, effect, kind) => {
		uploads.server.faults.add({ operation, effect });
		await expect(put()).rejects.toMatchObject({ kind, bucket, key: 'key' });
		expectNothingLeft();
	});

	it(`an object put ${way} leaves nothing if reading the source fails`, async () => {
		const half = bytes.subarray(0, Math.floor(size / 2));
		await expect(put(brokenSource(half, size))).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('could not be read to its end') as string,
		});
		expectNothingLeft();
	});

	it.each([
		['fewer', -1, `only ${size - 1}`],
		['more', 1, 'gave more'],
		['far more', MiB, 'gave more'],
	])(
		`an object put ${way} leaves nothing if the source gives %s bytes than announced`,
		async (_, by, words) => {
			const given = Buffer.concat([content, content]).subarray(0, size + by);
			await expect(put(sourceOf(given, size))).rejects.toMatchObject({
				kind: 'corrupt',
				message: expect.stringContaining(words) as string,
			});
			expectNothingLeft();
		},
	);

	it(`an object put ${way} leaves nothing if it is cancelled on the way`, async () => {
		const controller = new AbortController();
		uploads.server.faults.add({
			operation,
			when: () => {
				controller.abort();
				return true;
			},
			effect: { kind: 'latency', ms: 50 },
		});
		const writing = put(sourceOf(bytes), controller.signal);
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(uploads.uploadsLeft()).toEqual([]);
	});

	it(`an object put ${way} is not sent if it is cancelled before`, async () => {
		const writing = put(sourceOf(bytes), AbortSignal.abort());
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(uploads.sent()).toEqual([]);
	});

	it(`an object put ${way} of bytes in memory needs no stream if it is small`, async () => {
		const open = jest.fn(() => Promise.resolve(streamOf(bytes)));
		await put({ size, bytes, open });
		expect(uploads.storedBytes('key').equals(bytes)).toBe(true);
		expect(open).toHaveBeenCalledTimes(way === 'from memory' ? 0 : 1);
	});

	it(`an object put ${way} on AWS has its CRC32, from one reading`, async () => {
		// The smallest parts that AWS takes have 5 MiB.
		const inTwoParts = { multipartThreshold: 1, partSize: 5 * MiB };
		const all = way === 'in parts' ? content : bytes;
		const open = jest.fn(() => Promise.resolve(streamOf(all)));
		const source = { size: all.length, open };
		const request = { bucket, key: 'key', source, ...(way === 'in parts' ? inTwoParts : {}) };
		const { parts } = await putObject(asAws(uploads.s3), request, {
			signal: undefined,
			retryFor: 1000,
		});
		expect(parts).toBe(way === 'in parts' ? 2 : 1);
		expect(open).toHaveBeenCalledTimes(1);
		const value = Buffer.alloc(4);
		value.writeUInt32BE(crc32(all));
		expect(uploads.stored('key')?.checksum).toEqual({
			algorithm: 'crc32',
			type: 'FULL_OBJECT',
			value: value.toString('base64'),
		});
	});
});

it('bytes in memory arrive without a stream although the connection broke twice', async () => {
	const bytes = content.subarray(0, 1000);
	const open = jest.fn(() => Promise.resolve(streamOf(bytes)));
	const effect = { kind: 'resetRequest', afterBytes: 10 } as const;
	uploads.server.faults.add({ operation: 'PutObject', times: 2, effect });
	const request = { bucket, key: 'key', source: { size: bytes.length, bytes, open } };
	await putObject(uploads.s3, request, { signal: undefined, retryFor: 1000 });
	expect(uploads.storedBytes('key').equals(bytes)).toBe(true);
	expect(open).not.toHaveBeenCalled();
});
