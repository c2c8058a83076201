import { Readable } from 'node:stream';
import { PART_LIMITS } from '../../../../s3/write/partSizes';
import { putObject } from '../../../../s3/upload/putObject';
import type { PutRequest } from '../../../../s3/upload/putObject';
import { rejectionOf } from '../../failureOf';
import { recordingS3 } from './recordingS3';

const MiB = 1024 * 1024;
const call = { signal: undefined };
const content = Buffer.alloc(41 * MiB, 1);

/** Puts so many bytes to a recording S3 of this endpoint, AWS if there is none. */
async function put(
	size: number,
	settings: Partial<PutRequest> & {
		announced?: boolean;
		threshold?: number;
		readOnce?: boolean;
	} = {},
	endpoint?: string,
) {
	const { announced = true, readOnce, ...more } = settings;
	const { threshold: multipartThreshold = 16 * MiB, ...request } = more;
	const { s3, sent } = recordingS3({ endpoint, multipartThreshold });
	const open = () => {
		const bytes = content.subarray(0, size);
		return Promise.resolve(Readable.from([bytes], { objectMode: false }));
	};
	const source = { size: announced ? size : undefined, readOnce, open };
	const result = await putObject(s3, { bucket: 'b', key: 'k', source, ...request }, call);
	const isStream = (body: (typeof sent)[number]) => (body.isStream ? 'stream' : 'memory');
	const bodies = sent.filter(({ input }) => input.Body !== undefined);
	return { result, sent, bodies: bodies.map((body) => `${body.name} from ${isStream(body)}`) };
}

const PUT = 'PutObject from memory';
const PUT_STREAM = 'PutObject from stream';
const PART = 'UploadPart from memory';
const PART_STREAM = 'UploadPart from stream';

describe('the way in which putObject sends an object', () => {
	it.each<[string, string, number, Parameters<typeof put>[1], string[]]>([
		['no bytes', 'one request', 0, {}, [PUT]],
		['8 MiB', 'one request', 8 * MiB, {}, [PUT]],
		['more than 8 MiB', 'one stream', 8 * MiB + 1, {}, [PUT_STREAM]],
		['as many bytes as the threshold', 'one stream', 16 * MiB, {}, [PUT_STREAM]],
		['more bytes than the threshold', 'parts', 16 * MiB + 1, {}, [PART, PART, PART]],
		['more bytes than a small threshold', 'one part', 2, { threshold: 1 }, [PART]],
		['parts of 32 MiB', 'parts', 33 * MiB, { partSize: 32 * MiB }, [PART, PART]],
		[
			'parts of more than 32 MiB',
			'streamed parts',
			41 * MiB,
			{ partSize: 40 * MiB },
			[PART_STREAM, PART_STREAM],
		],
		[
			'more than 8 MiB that are to be read once',
			'one request',
			16 * MiB,
			{ readOnce: true },
			[PUT],
		],
		[
			'more than 32 MiB that are to be read once',
			'parts, below the threshold, too',
			33 * MiB,
			{ readOnce: true, threshold: 100 * MiB },
			[PART, PART, PART, PART, PART],
		],
		['an unknown size of one part', 'one request', 8 * MiB, { announced: false }, [PUT]],
		['an unknown size of two parts', 'parts', 8 * MiB + 1, { announced: false }, [PART, PART]],
		[
			'an unknown size in parts of more than 32 MiB',
			'streamed parts',
			41 * MiB,
			{ announced: false, partSize: 40 * MiB },
			[PART_STREAM, PART_STREAM],
		],
	])('putObject sends %s as %s', async (_size, _way, size, settings, expected) => {
		const { bodies, result } = await put(size, settings);
		expect(bodies).toEqual(expected);
		expect(result).toMatchObject({ size, parts: expected.length });
	});

	it('putObject sends up to 32 MiB from memory if the checksum must be known first', async () => {
		const checksum = 'SHA256' as const;
		const settings = { checksum, threshold: 64 * MiB };
		const endpoint = 'https://s3.example.com';
		expect((await put(32 * MiB, settings, endpoint)).bodies).toEqual([PUT]);
		expect((await put(32 * MiB + 1, settings, endpoint)).bodies).toEqual([PUT_STREAM]);
		// AWS takes it in a trailer.
		expect((await put(32 * MiB, settings)).bodies).toEqual([PUT_STREAM]);
	});

	it('putObject takes the threshold of the connection, unless the request has its own', async () => {
		const bodiesOf = async (threshold: number, multipartThreshold?: number) =>
			(await put(2 * MiB, { threshold, multipartThreshold })).bodies;
		expect(await bodiesOf(MiB)).toEqual([PART]);
		expect(await bodiesOf(2 * MiB)).toEqual([PUT]);
		expect(await bodiesOf(MiB, 2 * MiB)).toEqual([PUT]);
		expect(await bodiesOf(100 * MiB, MiB)).toEqual([PART]);
	});

	it.each([
		['never', undefined],
		['ifMatch', 'abc'],
	] as const)(
		'putObject with overwrite %s uses parts on AWS only, as other servers may forget the condition',
		async (overwrite, etag) => {
			const settings = { overwrite, etag, threshold: 1 };
			expect((await put(MiB, settings)).bodies).toEqual([PART]);
			expect((await put(MiB, settings, 'https://s3.example.com')).bodies).toEqual([PUT]);
		},
	);

	it('putObject uses parts for what is locked on AWS only, as other servers may forget the lock', async () => {
		const settings = { objectLock: { legalHold: true }, threshold: 1 };
		expect((await put(MiB, settings)).bodies).toEqual([PART]);
		const endpoint = 'https://s3.example.com';
		expect((await put(MiB, settings, endpoint)).bodies).toEqual([PUT]);
		// It would have to be read again to be hashed before.
		const once = { ...settings, threshold: 64 * MiB, readOnce: true };
		const { bodies } = await put(41 * MiB, { ...once, objectLock: {} }, endpoint);
		expect(new Set(bodies)).toEqual(new Set([PART]));
	});

	it('putObject sends the condition with the request that makes the object visible', async () => {
		const single = await put(1, { overwrite: 'never' });
		expect(single.sent.map(({ name, input }) => [name, input.IfNoneMatch])).toEqual([
			['PutObject', '*'],
		]);
		const parts = await put(1, { overwrite: 'never', threshold: 0 });
		expect(parts.sent.map(({ name, input }) => [name, input.IfNoneMatch])).toEqual([
			['CreateMultipartUpload', undefined],
			['UploadPart', undefined],
			['CompleteMultipartUpload', '*'],
		]);
	});
});

describe('what putObject refuses', () => {
	it.each<[string, Partial<PutRequest>]>([
		['an ETag to match that is not given', { overwrite: 'ifMatch' }],
		['a part of less than 5 MiB on AWS', { partSize: MiB }],
		['a header that HTTP cannot carry', { cacheControl: '\n' }],
		['an object that is too large', { source: { size: 2 ** 50, open: neverOpened } }],
	])(
		'putObject refuses %s before any request and before the source is opened',
		async (_, wrong) => {
			const { s3, sent } = recordingS3();
			const request = { bucket: 'b', key: 'k', source: { size: 1, open: neverOpened }, ...wrong };
			const failure = await rejectionOf(putObject(s3, request, call, PART_LIMITS));
			expect(failure.kind).toBe('invalid');
			expect(sent).toEqual([]);
		},
	);
});

function neverOpened(): Promise<Readable> {
	return Promise.reject(new Error('the source was opened'));
}
