/** Nothing that is appended is lost, and nothing is appended twice. */
import { Readable } from 'node:stream';
import type { S3 } from '../../../s3/client/S3';
import { appendObject } from '../../../s3/objects/appendObject';
import type { AppendRequest } from '../../../s3/objects/appendObject';
import { S3Failure } from '../../../s3/S3Failure';
import { rejectionOf } from '../../unit/failureOf';
import { asAws } from '../asAws';
import { bucket, call, objectServer } from './objectServer';

const MiB = 1024 * 1024;
const objects = objectServer({});
const large = Buffer.alloc(6 * MiB, 'x');

const sourceOf = (text: string) => ({
	size: text.length,
	bytes: Buffer.from(text),
	contentType: 'text/plain',
	open: async () =>
		await Promise.resolve(Readable.from([Buffer.from(text)], { objectMode: false })),
});

const append = (
	s3: S3,
	text: string,
	request: Partial<AppendRequest> = {},
	settings: object = {},
) =>
	appendObject(
		s3,
		{
			bucket,
			key: 'key',
			source: sourceOf(text),
			separator: '',
			createIfMissing: true,
			tags: 'keep',
			...request,
		},
		{ ...call, ...settings },
	);

const put = async (content: Buffer | string, more: object = {}) =>
	await objects.s3.send('PutObject', { Bucket: bucket, Key: 'key', Body: content, ...more }, call);
const stored = async () => {
	const { Body } = await objects.s3.send('GetObject', { Bucket: bucket, Key: 'key' }, call);
	return (await Body?.transformToString()) ?? '';
};
const operations = () => objects.server.requests.map(({ operation }) => operation);

type Send = S3['send'];

/** The same connection, over which each call goes through a function of the test first. */
function over(s3: S3, before: (name: string, input: Record<string, unknown>) => unknown): S3 {
	const send = (async (name: never, input: never, options: never) => {
		const changed = await before(name, { ...(input as object) });
		return await s3.send(name, (changed ?? input) as never, options);
	}) as unknown as Send;
	return {
		...s3,
		connection: s3.connection,
		readMemory: s3.readMemory,
		writeMemory: s3.writeMemory,
		send,
	};
}

/** A server that ignores conditions of writes. */
const careless = () =>
	over(objects.s3, (name, { IfMatch, IfNoneMatch, ...input }) =>
		name === 'GetObject' ? { ...input, IfMatch, IfNoneMatch } : input,
	);

/** A server that refuses conditions of writes, as it does not know them. */
const ignorant = () =>
	over(objects.s3, (name, { IfMatch, IfNoneMatch }) => {
		if (name === 'GetObject' || (IfMatch ?? IfNoneMatch) === undefined) return;
		throw new S3Failure({
			kind: 'rejected',
			message: 'no',
			advice: 'no',
			code: 'NotImplemented',
			status: 501,
			operation: name,
		});
	});

describe('conditions', () => {
	it('an append to AWS writes once, under the condition that the object is the one that was read', async () => {
		await put('a');
		objects.server.requests.length = 0;
		expect(await append(asAws(objects.s3), 'b')).toMatchObject({ size: 2, guarded: true });
		expect(operations()).toEqual(['HeadObject', 'GetObject', 'GetObjectTagging', 'PutObject']);
	});

	it('an append finds out once whether a server checks conditions, by a write that has to fail', async () => {
		const s3 = over(objects.s3, () => undefined);
		await put('a');
		for (const text of ['b', 'c']) {
			expect(await append(s3, text)).toMatchObject({ guarded: true });
		}
		expect(await stored()).toBe('abc');
		const puts = objects.sent('PutObject').slice(1);
		expect(puts.map(({ status }) => status)).toEqual([412, 200, 200]);
	});

	it.each([
		['ignores', careless],
		['does not know', ignorant],
	])('an append to a server that %s conditions says that it was not guarded', async (_, server) => {
		const s3 = server();
		expect(await append(s3, 'a')).toMatchObject({ size: 1, guarded: false });
		expect(await append(s3, 'b')).toMatchObject({ size: 2, guarded: false });
		expect(await append(s3, 'c')).toMatchObject({ size: 3, guarded: false });
		expect(await stored()).toBe('abc');
	});

	it.each([
		['ignores', careless, false],
		['checks', () => over(objects.s3, () => undefined), true],
	])(
		'an append in parts to a server that %s the condition tells it',
		async (_, server, guarded) => {
			await put(large);
			const s3 = server();
			for (const size of [1, 2]) {
				expect(await append(s3, 'y')).toMatchObject({ size: large.length + size, guarded });
			}
			expect((await stored()).slice(-3)).toBe('xyy');
			expect(objects.bucket.uploads.size).toBe(0);
		},
	);

	it('an append to a server that refuses the condition on the right ETag, too, says that it was not guarded', async () => {
		await put(large);
		// No waiting, and a clock that a second passes on whenever somebody looks.
		jest.spyOn(Math, 'random').mockReturnValue(0);
		let now = 0;
		jest.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
		const s3 = over(objects.s3, (name, { IfMatch }) => {
			if (name !== 'CompleteMultipartUpload' || IfMatch === undefined) return;
			const said = { message: 'no', advice: 'no', code: 'PreconditionFailed', status: 412 };
			throw new S3Failure({ kind: 'precondition', ...said, operation: name });
		});
		const appended = await append(s3, 'y', {}, { retryFor: 100_000 });
		jest.restoreAllMocks();
		expect(appended).toMatchObject({ size: large.length + 1, guarded: false });
		expect(await append(s3, 'y')).toMatchObject({ size: large.length + 2, guarded: false });
		expect((await stored()).slice(-3)).toBe('xyy');
		expect(objects.bucket.uploads.size).toBe(0);
	});

	it('a new object is not guarded if the server makes it over another one', async () => {
		const s3 = careless();
		expect(await append(s3, 'a')).toMatchObject({ guarded: false });
		const checking = over(objects.s3, () => undefined);
		expect(await append(checking, 'a', { key: 'other' })).toMatchObject({ guarded: true });
	});
});

describe('conflicts', () => {
	/** Somebody else does something before the first call of a name. */
	const disturbed = (name: string, disturb: () => Promise<unknown>): S3 => {
		let done = false;
		return over(asAws(objects.s3), async (called) => {
			if (done || called !== name) return;
			done = true;
			await disturb();
		});
	};

	it.each([
		['GetObject', 'small'],
		['PutObject', 'small'],
		['CreateMultipartUpload', 'large'],
		['CompleteMultipartUpload', 'large'],
	])('an append begins again if somebody appends before its %s', async (name, size) => {
		const start = size === 'small' ? 'a' : large.toString();
		await put(start);
		const s3 = disturbed(name, async () => await put(`${start}b`));
		expect(await append(s3, 'c')).toMatchObject({ size: start.length + 2, guarded: true });
		expect((await stored()).slice(-3)).toBe(size === 'small' ? 'abc' : 'xbc');
		expect(objects.bucket.uploads.size).toBe(0);
	});

	it('an append that is not guarded writes only what it has looked at', async () => {
		await put('a');
		let done = false;
		const s3 = over(careless(), async (name) => {
			if (done || name !== 'GetObject') return;
			done = true;
			await put('ab');
		});
		expect(await append(s3, 'c')).toMatchObject({ size: 3, guarded: false });
		expect(await stored()).toBe('abc');
	});

	it('an append begins again if somebody makes or deletes the object meanwhile', async () => {
		expect(
			await append(
				disturbed('PutObject', async () => await put('a')),
				'b',
			),
		).toMatchObject({
			size: 2,
		});
		const remove = async () =>
			await objects.s3.send('DeleteObject', { Bucket: bucket, Key: 'key' }, call);
		for (const name of ['GetObject', 'PutObject']) {
			await put('a');
			expect(await append(disturbed(name, remove), 'b')).toMatchObject({ size: 1 });
			expect(await stored()).toBe('b');
		}
	});

	it.each([
		['may not look at', 403, 'AccessDenied'],
		['cannot look at for now', 500, 'InternalError'],
	])('an append does not put anew an object that it %s', async (_, status, code) => {
		await put('old');
		objects.server.faults.add({
			operation: 'HeadObject',
			effect: { kind: 'answer', status, code },
		});
		const failure = await rejectionOf(append(careless(), 'new', {}, { retryFor: 0 }));
		expect(failure).toMatchObject({ operation: 'HeadObject', status });
		expect(await stored()).toBe('old');
	});

	it('an append whose object is changed whenever it is tried gives up, and says why', async () => {
		let count = 0;
		await put('a');
		const s3 = over(asAws(objects.s3), async (name) => {
			if (name === 'PutObject') await put(`a${count++}`);
		});
		const failure = await rejectionOf(append(s3, 'b', {}, { retryFor: 1 }));
		expect(failure.message).toBe(
			`Could not append to “key” in bucket “${bucket}”: it was changed by others whenever it was tried`,
		);
		expect(failure.status).toBe(412);
	});

	it('an append whose response was lost is not made twice, also if somebody has appended since', async () => {
		await put('a');
		const lost = { operation: 'PutObject', times: 1, effect: { kind: 'loseAnswer' } } as const;
		objects.server.faults.add(lost);
		expect(await append(asAws(objects.s3), 'b')).toMatchObject({ size: 2 });
		expect(await stored()).toBe('ab');
		objects.server.faults.add(lost);
		let heads = 0;
		// The second one asks whether the object is the one that was written.
		const s3 = over(asAws(objects.s3), async (name) => {
			if (name === 'HeadObject' && ++heads === 2) await put('abcd');
		});
		expect(await append(s3, 'c')).toMatchObject({ size: 4 });
		expect(await stored()).toBe('abcd');
	});

	it('an append that was refused at first does not take a line of somebody else for its own that begins like it', async () => {
		await put('line 0');
		const effect = { kind: 'answer', status: 500, code: 'InternalError' } as const;
		objects.server.faults.add({ operation: 'PutObject', skip: 1, times: 1, effect });
		let isFirst = true;
		const s3 = over(asAws(objects.s3), async (name) => {
			if (name === 'PutObject' && isFirst) {
				isFirst = false;
				await put('line 0\nline 15');
			}
		});
		const separator = '\n';
		expect(await append(s3, 'line 1', { separator })).toMatchObject({ size: 21, appended: 7 });
		expect(await stored()).toBe('line 0\nline 15\nline 1');
	});
});

describe('what an object keeps', () => {
	it('an object keeps storage class and KMS key', async () => {
		const kms = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key-1' };
		await put('a', { StorageClass: 'STANDARD_IA', ...kms });
		await append(asAws(objects.s3), 'b');
		const { headers } = objects.sent('PutObject').at(-1)!;
		expect(headers).toMatchObject({
			'x-amz-storage-class': 'STANDARD_IA',
			'x-amz-server-side-encryption': 'aws:kms',
			'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
		});
	});

	it('an object under a customer’s own key is read and written with it', async () => {
		const customerKey = Buffer.alloc(32, 1).toString('base64');
		await append(asAws(objects.s3), 'a', { customerKey });
		await append(asAws(objects.s3), 'b', { customerKey });
		const encrypted = operations().filter((name) => name !== 'GetObjectTagging').length;
		const sent = objects.server.requests.filter(
			({ headers }) => headers['x-amz-server-side-encryption-customer-key'] === customerKey,
		);
		expect(sent).toHaveLength(encrypted);
	});

	it('an append to an object with a percent sign in its key copies parts only on AWS, as others may mistake it', async () => {
		const key = '100%';
		const large = Buffer.alloc(5 * 1024 * 1024, 'x');
		for (const s3 of [objects.s3, asAws(objects.s3)]) {
			await objects.s3.send('PutObject', { Bucket: bucket, Key: key, Body: large }, call);
			objects.server.requests.length = 0;
			expect(await append(s3, 'b', { key })).toMatchObject({ size: large.length + 1 });
			expect(operations().includes('UploadPartCopy')).toBe(s3 !== objects.s3);
		}
	});

	it('tags that may not be read are an error, unless they are dropped', async () => {
		await put('a');
		const effect = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
		objects.server.faults.add({ operation: 'GetObjectTagging', effect });
		const failure = await rejectionOf(append(asAws(objects.s3), 'b'));
		expect(failure.advice).toContain('Or set Tags to Drop');
		expect(await stored()).toBe('a');
		expect(await append(asAws(objects.s3), 'b', { tags: 'drop' })).toMatchObject({ size: 2 });
	});
});
