import { cleanUpUploads } from '../../../../s3/buckets/cleanUpUploads';
import { rejectionOf } from '../../failureOf';
import { names, refusal, scriptedS3 } from '../objects/scriptedS3';

const call = { signal: undefined };
const request = { bucket: 'b', begunBefore: new Date(5000), dryRun: false };
const upload = (Key: string, second?: number) => ({
	Key,
	UploadId: `id-${Key}`,
	...(second === undefined ? {} : { Initiated: new Date(1000 * second) }),
});

/** A server with these uploads, which are gone when they were aborted as often as it takes. */
function serverWith(uploads: ReturnType<typeof upload>[], aborts = 1) {
	const left = new Map(uploads.map((one) => [one.UploadId, aborts]));
	return scriptedS3(({ name, input }) => {
		if (name === 'ListMultipartUploads') {
			return { Uploads: uploads.filter(({ UploadId }) => left.has(UploadId)) };
		}
		const id = input.UploadId as string;
		const more = (left.get(id) ?? 0) - 1;
		if (more > 0) left.set(id, more);
		else left.delete(id);
		return {};
	});
}

describe('cleanUpUploads', () => {
	it('cleanUpUploads keeps young uploads and those without a beginning', async () => {
		const { s3, sent } = serverWith([upload('old', 1), upload('young', 9), upload('unknown')]);
		expect(await cleanUpUploads(s3, request, call)).toMatchObject({ aborted: 1, kept: 2 });
		expect(sent[1]).toMatchObject({
			name: 'AbortMultipartUpload',
			input: { Key: 'old', UploadId: 'id-old' },
		});
	});

	it('cleanUpUploads keeps uploads without an ID, whose abort could delete the object', async () => {
		const { s3, sent } = serverWith([{ ...upload('a', 1), UploadId: '' }, upload('old', 1)]);
		expect(await cleanUpUploads(s3, request, call)).toMatchObject({ aborted: 1, kept: 1 });
		const aborts = sent.filter(({ name }) => name === 'AbortMultipartUpload');
		expect(aborts).toMatchObject([{ input: { Key: 'old' } }]);
	});

	it('cleanUpUploads goes on with both markers, and ends at a server that repeats them', async () => {
		const { s3, sent } = scriptedS3(() => ({
			IsTruncated: true,
			NextKeyMarker: 'k',
			NextUploadIdMarker: 'u',
		}));
		expect(await rejectionOf(cleanUpUploads(s3, request, call))).toMatchObject({ kind: 'corrupt' });
		expect(sent[1]?.input).toMatchObject({ KeyMarker: 'k', UploadIdMarker: 'u' });
		expect(sent).toHaveLength(2);
	});

	it.each([
		['encodes keys', 'url', 'a+b%0A'],
		['does not encode keys', undefined, 'a b\n'],
	])('cleanUpUploads aborts uploads of any key if the server %s', async (_, EncodingType, key) => {
		const { s3, sent } = scriptedS3(({ name }, { length }) => {
			if (name !== 'ListMultipartUploads') return {};
			const page = { EncodingType, Uploads: [upload(key, 1)] };
			return length > 1 ? {} : { ...page, IsTruncated: true, NextKeyMarker: key };
		});
		const { matched } = await cleanUpUploads(s3, request, call);
		expect(matched.map((one) => one.key)).toEqual(['a b\n']);
		expect(sent.map(({ input }) => input.EncodingType ?? input.Key)).toEqual([
			...['url', 'a b\n', 'url'],
			'url',
		]);
		expect(sent[2]?.input.KeyMarker).toBe('a b\n');
	});

	it('cleanUpUploads asks for keys that are not encoded if they may be and the server does not say so', async () => {
		const { s3, sent } = scriptedS3(({ name, input }, { length }) => {
			const key = input.EncodingType === 'url' ? 'a%2Bb' : 'a+b';
			return name === 'ListMultipartUploads' && length < 3 ? { Uploads: [upload(key, 1)] } : {};
		});
		const { matched } = await cleanUpUploads(s3, request, call);
		expect(matched.map((one) => one.key)).toEqual(['a+b']);
		expect(names(sent)).toEqual([
			'ListMultipartUploads',
			'ListMultipartUploads',
			'AbortMultipartUpload',
			'ListMultipartUploads',
		]);
	});

	it('cleanUpUploads refuses a page with a key that is not encoded as it is said to be', async () => {
		const { s3 } = scriptedS3(() => ({ EncodingType: 'url', Uploads: [upload('100%', 1)] }));
		expect(await rejectionOf(cleanUpUploads(s3, request, call))).toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('a key that is not encoded') as string,
		});
	});

	it('cleanUpUploads aborts nothing in a dry run', async () => {
		const { s3, sent } = scriptedS3(() => ({ Uploads: [upload('old', 1)] }));
		const { matched } = await cleanUpUploads(s3, { ...request, dryRun: true }, call);
		expect(matched).toEqual([
			{ key: 'old', uploadId: 'id-old', begun: '1970-01-01T00:00:01.000Z' },
		]);
		expect(names(sent)).toEqual(['ListMultipartUploads']);
	});

	it('cleanUpUploads tells of uploads that cannot be aborted, but not of those that have ended', async () => {
		const codes: Record<string, string> = { a: 'AccessDenied', b: 'NoSuchUpload' };
		const { s3 } = scriptedS3(({ name, input }, { length }) => {
			if (length > 3) return { Uploads: [upload('a', 1)] };
			if (name === 'ListMultipartUploads') return { Uploads: [upload('a', 1), upload('b', 1)] };
			throw refusal({ code: codes[input.Key as string] });
		});
		expect(await cleanUpUploads(s3, request, call)).toMatchObject({
			aborted: 1,
			failed: [{ key: 'a', code: 'AccessDenied' }],
		});
	});

	it('cleanUpUploads aborts an upload again that is there although it was aborted', async () => {
		const { s3, sent } = serverWith([upload('a', 1), upload('b', 1)], 3);
		expect(await cleanUpUploads(s3, request, call)).toMatchObject({ aborted: 2, failed: [] });
		const [list, abort] = ['ListMultipartUploads', 'AbortMultipartUpload'];
		const round = [list, abort, abort];
		expect(names(sent)).toEqual([...round, ...round, ...round, list]);
	});

	it('cleanUpUploads tells of an upload that no abort ends', async () => {
		const { s3, sent } = scriptedS3(({ name }) =>
			name === 'ListMultipartUploads' ? { Uploads: [upload('a', 1)] } : {},
		);
		expect(await rejectionOf(cleanUpUploads(s3, request, call))).toMatchObject({
			code: 'UploadStillThere',
			message: 'The upload of “a” in bucket “b” is there although it was aborted 3 times',
		});
		expect(names(sent).filter((name) => name === 'AbortMultipartUpload')).toHaveLength(3);
	});

	it('cleanUpUploads throws if not one upload can be aborted', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'ListMultipartUploads') return { Uploads: [upload('a', 1)] };
			throw refusal({ code: 'AccessDenied' });
		});
		expect(await rejectionOf(cleanUpUploads(s3, request, call))).toMatchObject({
			code: 'AccessDenied',
		});
	});

	it('cleanUpUploads ends at a server that sends empty pages for ever', async () => {
		const { s3, sent } = scriptedS3((_, all) => ({
			IsTruncated: true,
			NextKeyMarker: `k${all.length}`,
		}));
		expect(await rejectionOf(cleanUpUploads(s3, request, call))).toMatchObject({ kind: 'corrupt' });
		expect(sent).toHaveLength(100);
	});

	it('cleanUpUploads stops when it is cancelled', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'ListMultipartUploads') return { Uploads: [upload('a', 1), upload('b', 1)] };
			throw refusal({ kind: 'cancelled' });
		});
		expect(await rejectionOf(cleanUpUploads(s3, request, call))).toMatchObject({
			kind: 'cancelled',
		});
	});

	it('cleanUpUploads asks only for uploads under the prefix', async () => {
		const { s3, sent } = scriptedS3(() => ({}));
		for (const prefix of ['logs/', '']) await cleanUpUploads(s3, { ...request, prefix }, call);
		expect(sent.map(({ input }) => input.Prefix)).toEqual(['logs/', undefined]);
	});

	it('cleanUpUploads goes on within the uploads of one key, and with a key alone', async () => {
		const next = [
			{ NextKeyMarker: 'k', NextUploadIdMarker: 'u1' },
			{ NextKeyMarker: 'k', NextUploadIdMarker: 'u2' },
			{ NextKeyMarker: 'l' },
		];
		const { s3, sent } = scriptedS3((_, { length }) => ({
			IsTruncated: length <= next.length,
			Uploads: [upload(`${length}`, 1)],
			...next[length - 1],
		}));
		expect(await cleanUpUploads(s3, { ...request, dryRun: true }, call)).toMatchObject({
			matched: [{ key: '1' }, { key: '2' }, { key: '3' }, { key: '4' }],
		});
		expect(sent[2]?.input).toMatchObject({ KeyMarker: 'k', UploadIdMarker: 'u2' });
		expect(sent[3]?.input).toMatchObject({ KeyMarker: 'l' });
		expect(sent[3]?.input).toHaveProperty('UploadIdMarker', undefined);
	});

	it.each([
		['does not say where the next page begins', () => ({}), 1],
		['repeats a page under new markers', (sent: number) => ({ NextKeyMarker: `k${sent}` }), 2],
	])('cleanUpUploads ends at a server that %s', async (_, nextOf, requests) => {
		const { s3, sent } = scriptedS3((_, { length }) => ({
			IsTruncated: true,
			Uploads: [upload('a', 9)],
			...nextOf(length),
		}));
		expect(await rejectionOf(cleanUpUploads(s3, request, call))).toMatchObject({ kind: 'corrupt' });
		expect(sent).toHaveLength(requests);
	});
});
