import { putObject } from '../../../s3/upload/putObject';
import type { PutRequest } from '../../../s3/upload/putObject';
import { rejectionOf } from '../../unit/failureOf';
import { MiB, patterned, SMALL_LIMITS, sourceOf } from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer();
const content = patterned(3 * MiB);
const call = { signal: undefined, retryFor: 1000 };
const random = jest.spyOn(Math, 'random').mockReturnValue(0.1);
afterAll(() => random.mockRestore());

const WAYS = {
	'from memory': ['PutObject', {}, undefined],
	'in parts': ['UploadPart', { multipartThreshold: 1, partSize: MiB }, undefined],
	'in streamed parts': ['UploadPart', { multipartThreshold: 1, partSize: MiB }, SMALL_LIMITS],
	'as a stream': ['PutObject', { multipartThreshold: 9 * MiB }, SMALL_LIMITS],
} as const;

const put = (way: keyof typeof WAYS, settings: Partial<PutRequest> = {}) => {
	const [, plan, limits] = WAYS[way];
	const source = sourceOf(content);
	const request: PutRequest = { bucket, key: 'key', source, checksum: 'MD5', ...plan, ...settings };
	return putObject(uploads.s3, request, call, limits);
};

/** Responses as of a server that has stored other bytes. */
function damage(way: keyof typeof WAYS, times = Infinity, headers: Record<string, string> = {}) {
	const etag = '"0123456789abcdef0123456789abcdef"';
	const effect = { kind: 'answer', status: 200, body: '', headers: { etag, ...headers } } as const;
	uploads.server.faults.add({ operation: WAYS[way][0], times, effect });
}

const ways = Object.keys(WAYS) as (keyof typeof WAYS)[];

it.each(ways)('what was stored damaged %s is sent again, if MD5 was chosen', async (way) => {
	damage(way, 1);
	await put(way);
	expect(uploads.storedBytes('key').equals(content)).toBe(true);
});

it.each(ways)('what is stored damaged %s each time is an error, and no part stays', async (way) => {
	damage(way);
	const failure = await rejectionOf(put(way));
	expect(failure).toMatchObject({ kind: 'corrupt', code: 'ETagMismatch', bucket, key: 'key' });
	expect(failure.advice).toContain('begin the endpoint with https://');
	expect(uploads.stored('key')).toBeUndefined();
	expect(uploads.uploadsLeft()).toEqual([]);
});

it('a conditional put that was stored damaged is not sent again, as it would meet itself', async () => {
	damage('from memory');
	const failure = await rejectionOf(put('from memory', { overwrite: 'never' }));
	expect(failure.code).toBe('ETagMismatch');
	expect(uploads.sent('PutObject')).toHaveLength(1);
});

it.each<[string, Partial<PutRequest>, Record<string, string>]>([
	['no MD5 was chosen', { checksum: undefined }, {}],
	['the object is under a KMS key', {}, { 'x-amz-server-side-encryption': 'aws:kms' }],
	[
		'the object is under a customer’s own key',
		{},
		{ 'x-amz-server-side-encryption-customer-algorithm': 'AES256' },
	],
	['it is not the form of an MD5', {}, { etag: '"0123456789abcdef0123456789abcdef-1"' }],
])('an ETag is not compared if %s', async (_, settings, headers) => {
	damage('from memory', Infinity, headers);
	await expect(put('from memory', settings)).resolves.toMatchObject({ size: content.length });
});
