/** Changes of the storage class: what an object keeps, and what must not happen to it. */
import { randomBytes } from 'node:crypto';
import type { S3 } from '../../../s3/client/S3';
import { changeStorageClass } from '../../../s3/objects/changeStorageClass';
import type { StorageClassRequest } from '../../../s3/objects/changeStorageClass';
import { finishRestore } from '../../servers/embedded/restores';
import { rejectionOf } from '../../unit/failureOf';
import { asAws } from '../asAws';
import { FULL, keptHeaders, MiB, putFull, SMALL_PARTS } from './copies';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const CLASS = 'x-amz-storage-class';

const change = (request: Partial<StorageClassRequest> = {}, s3: S3 = objects.s3) =>
	changeStorageClass(
		s3,
		{ bucket, key: 'key', storageClass: 'GLACIER_IR', ...request },
		call,
		SMALL_PARTS,
	);
const classOf = (key = 'key') => objects.stored(key)?.headers[CLASS];
const fault = (...faults: Parameters<typeof objects.server.faults.add>) =>
	objects.server.faults.add(...faults);
const bytes = async () => {
	const { Body } = await objects.s3.send('GetObject', { Bucket: bucket, Key: 'key' }, call);
	return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

it('a change of class is a look and a copy, and keeps content headers, metadata and tags', async () => {
	await putFull(objects.s3, 'content');
	const before = keptHeaders(objects.server, 'key');
	objects.server.requests.length = 0;
	expect(await change()).toMatchObject({
		source: { bucket, key: 'key' },
		key: 'key',
		size: 7,
		copiedBy: 'server',
		parts: 1,
		skipped: false,
	});
	expect(objects.operations()).toEqual(['HeadObject', 'CopyObject']);
	expect(classOf()).toBe('GLACIER_IR');
	expect(keptHeaders(objects.server, 'key')).toEqual(before);
	expect(objects.stored('key')?.tags).toEqual({ 'a b': 'c+d' });
	expect((await bytes()).toString()).toBe('content');
});

it('a change of class to the one that the object has is skipped', async () => {
	await putFull(objects.s3, 'content');
	const reason = 'The object is in the class STANDARD_IA already';
	const skipped = { skipped: true, reason, parts: undefined };
	expect(await change({ storageClass: FULL.StorageClass })).toMatchObject(skipped);
	await objects.put('key');
	expect(await change({ storageClass: 'STANDARD' })).toMatchObject({ skipped: true });
	expect(objects.operations()).toEqual(['HeadObject']);
});

it('a change of class keeps encryption, object lock and redirect, which copies lose', async () => {
	const ObjectLockRetainUntilDate = new Date('2100-01-01T00:00:00Z');
	await putFull(objects.s3, 'content', {
		ChecksumAlgorithm: 'CRC32',
		ServerSideEncryption: 'AES256',
		ObjectLockMode: 'COMPLIANCE',
		ObjectLockRetainUntilDate,
		ObjectLockLegalHoldStatus: 'ON',
		WebsiteRedirectLocation: '/elsewhere',
	});
	await change();
	expect(objects.stored('key')?.headers).toMatchObject({
		[CLASS]: 'GLACIER_IR',
		'x-amz-server-side-encryption': 'AES256',
		'x-amz-object-lock-mode': 'COMPLIANCE',
		'x-amz-object-lock-retain-until-date': '2100-01-01T00:00:00Z',
		'x-amz-object-lock-legal-hold': 'ON',
		'x-amz-website-redirect-location': '/elsewhere',
	});
});

it.each([
	['aws:kms', 'key-id'],
	['aws:kms:dsse', 'key-id'],
])('a change of class keeps encryption by %s with its key', async (kind, keyId) => {
	await putFull(objects.s3, 'content', { ServerSideEncryption: kind, SSEKMSKeyId: keyId });
	await change();
	expect(objects.sent('CopyObject')[0]?.headers).toMatchObject({
		'x-amz-server-side-encryption': kind,
		'x-amz-server-side-encryption-aws-kms-key-id': expect.stringContaining(keyId) as string,
	});
});

it('a change of class sends no retention that has ended', async () => {
	await putFull(objects.s3, 'content');
	Object.assign(objects.stored('key')!.headers, {
		'x-amz-object-lock-mode': 'GOVERNANCE',
		'x-amz-object-lock-retain-until-date': '2020-01-01T00:00:00Z',
	});
	await change();
	expect(objects.sent('CopyObject')[0]?.headers['x-amz-object-lock-mode']).toBeUndefined();
});

it('a change of class of an object under a customer’s own key needs that key, and keeps it', async () => {
	const customerKey = Buffer.alloc(32, 7).toString('base64');
	const keys = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey };
	await putFull(objects.s3, 'content', keys);
	await change({ customerKey });
	const head = { Bucket: bucket, Key: 'key', ...keys };
	expect(await objects.s3.send('HeadObject', head, call)).toMatchObject({
		StorageClass: 'GLACIER_IR',
	});
});

it('a change of class on a server without classes says what may be the reason', async () => {
	await objects.put('key');
	const effect = { kind: 'answer', status: 400, code: 'InvalidRequest' } as const;
	objects.server.faults.add({ operation: 'CopyObject', effect });
	expect(await rejectionOf(change())).toMatchObject({
		kind: 'rejected',
		message: `Could not change the storage class of “key” in bucket “${bucket}”: the server refuses to copy it onto itself`,
		advice: expect.stringContaining('The server may have no storage classes') as string,
	});
});

it('a change of class of a large object goes in parts, with all that it has', async () => {
	const content = randomBytes(11 * MiB);
	await putFull(objects.s3, content, { WebsiteRedirectLocation: '/elsewhere' });
	const before = keptHeaders(objects.server, 'key');
	expect(await change({ multipartThreshold: 5 * MiB })).toMatchObject({ parts: 3 });
	expect(classOf()).toBe('GLACIER_IR');
	expect(keptHeaders(objects.server, 'key')).toEqual(before);
	expect(objects.stored('key')?.tags).toEqual({ 'a b': 'c+d' });
	expect(objects.stored('key')?.headers['x-amz-website-redirect-location']).toBe('/elsewhere');
	expect((await bytes()).equals(content)).toBe(true);
});

it('a change of class of an old version makes it the newest, in the class', async () => {
	objects.bucket.versioning = 'Enabled';
	const { versionId } = await objects.put('key', 'old');
	await objects.put('key', 'newer');
	const changed = await change({ versionId });
	expect(changed).toMatchObject({ source: { versionId }, size: 3 });
	expect(objects.stored('key')).toMatchObject({
		versionId: changed.versionId,
		content: { size: 3 },
		headers: { [CLASS]: 'GLACIER_IR' },
	});
	expect(objects.bucket.allOf('key')).toHaveLength(3);
});

it('a change of class of an archived object says that it has to be restored', async () => {
	await putFull(objects.s3, 'content', { StorageClass: 'GLACIER' });
	const failure = await rejectionOf(change({ storageClass: 'STANDARD' }));
	expect(failure.message).toContain('the object is archived');
	expect(failure.advice).toContain('Restore it');
	finishRestore(objects.stored('key')!, 1);
	await change({ storageClass: 'STANDARD' });
	expect((await bytes()).toString()).toBe('content');
});

it('a change of class takes what somebody puts meanwhile, and overwrites nothing of it', async () => {
	await objects.put('key');
	let attempts = 0;
	fault({
		operation: 'CopyObject',
		when: () => {
			if (++attempts === 1) objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: { kind: 'stall' },
	});
	expect(await change({}, asAws(objects.s3))).toMatchObject({ size: 3 });
	expect(objects.operations()).toContain('CopyObject');
	expect(objects.stored('key')?.content?.size).toBe(3);
});

it('a change of class of a large object does not overwrite what was put before its completion', async () => {
	await putFull(objects.s3, randomBytes(6 * MiB));
	fault({
		operation: 'CompleteMultipartUpload',
		when: () => {
			objects.server.store.putMany(bucket, ['key'], 3);
			objects.server.faults.clear();
			return false;
		},
		effect: { kind: 'stall' },
	});
	const changing = change({ multipartThreshold: 5 * MiB }, asAws(objects.s3));
	expect((await rejectionOf(changing)).kind).toBe('precondition');
	expect(objects.stored('key')?.content?.size).toBe(3);
	expect(objects.bucket.uploads.size).toBe(0);
});

it('a change of class whose response was lost is told from one that was not made', async () => {
	await objects.put('key');
	fault({ operation: 'CopyObject', effect: { kind: 'loseAnswer' } });
	expect(await change()).toMatchObject({ skipped: false });
	objects.server.faults.clear();
	fault({ operation: 'CopyObject', effect: { kind: 'resetRequest', afterBytes: 0 } });
	const failure = await rejectionOf(change({ storageClass: 'STANDARD_IA' }));
	expect(failure).toMatchObject({ kind: 'unreachable' });
	expect(failure.advice).not.toContain('may be there');
	expect(classOf()).toBe('GLACIER_IR');
});

it('a change to the class STANDARD, which S3 does not name, is known to be made if its responses were lost', async () => {
	await putFull(objects.s3, 'content');
	fault({ operation: 'CopyObject', effect: { kind: 'loseAnswer' } });
	expect(await change({ storageClass: 'STANDARD' })).toMatchObject({ skipped: false });
	expect(classOf()).toBeUndefined();
});

it('a change of class that is denied names the permissions for tags, which cannot be dropped', async () => {
	await objects.put('key');
	fault({ operation: 'CopyObject', effect: { kind: 'answer', status: 403, code: 'AccessDenied' } });
	const { advice } = await rejectionOf(change());
	expect(advice).toContain('s3:GetObjectTagging on the source');
	expect(advice).not.toContain('Drop');
});

it('a change of class is refused by a server that does not copy, and nothing is streamed', async () => {
	await objects.put('key');
	const effect = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
	fault({ operation: 'CopyObject', effect });
	const failure = await rejectionOf(change({}, asOther()));
	expect(failure.message).toContain('the server does not copy it by itself');
	expect(objects.sent('PutObject')).toEqual([]);
});

/** A connection of its own, as what a server lacks is kept in mind. */
const asOther = () => ({ ...asAws(objects.s3), connection: objects.s3.connection });

it('a change of class is refused before any request by a connection that only reads, and with parts too small', async () => {
	const readOnly = {
		...asAws(objects.s3),
		connection: { ...objects.s3.connection, readOnly: true },
	};
	expect(await rejectionOf(change({}, readOnly))).toMatchObject({ kind: 'refused' });
	expect(await rejectionOf(change({ partSize: 1 }, asAws(objects.s3)))).toMatchObject({
		kind: 'invalid',
	});
	expect(objects.operations()).toEqual([]);
});
