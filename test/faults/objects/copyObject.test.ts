/** Copies by one request: what they keep, and responses that are lost, refuse or come broken. */
import { rejectionOf } from '../../unit/failureOf';
import { asAws } from '../asAws';
import { copyOver, FULL, keptHeaders, putFull } from './copies';
import { ACCOUNT } from '../../servers/embedded/S3Error';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const operation = 'CopyObject';
const customerKey = Buffer.alloc(32, 7).toString('base64');

const copy = (request: Parameters<typeof copyOver>[1] = {}) => copyOver(objects.s3, request);
const copyOnAws = (request: Parameters<typeof copyOver>[1] = {}) =>
	copyOver(asAws(objects.s3), request);
const fault = (effect: Parameters<typeof objects.server.faults.add>[0]['effect'], times = 1) =>
	objects.server.faults.add({ operation, times, effect });

it('a copy looks at the source and is one request', async () => {
	const { etag } = await objects.put('key');
	expect(await copy()).toEqual({
		source: { bucket, key: 'key', versionId: undefined, etag, checksum: undefined },
		bucket,
		key: 'copy',
		versionId: undefined,
		etag: objects.stored('copy')?.etag,
		size: 7,
		copiedBy: 'server',
		parts: 1,
		skipped: false,
		reason: undefined,
	});
	expect(objects.operations()).toEqual(['HeadObject', operation]);
});

it('a copy keeps content headers, metadata and tags, and gets the class STANDARD', async () => {
	await putFull(objects.s3, 'content');
	await copy();
	expect(keptHeaders(objects.server, 'copy')).toEqual(keptHeaders(objects.server, 'key'));
	expect(objects.stored('copy')?.tags).toEqual({ 'a b': 'c+d' });
	expect(objects.stored('copy')?.headers['x-amz-storage-class']).toBeUndefined();
});

it('a copy is encrypted as its target says, not as its source', async () => {
	await putFull(objects.s3, 'content', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key' });
	expect(objects.stored('key')?.headers).toHaveProperty('x-amz-server-side-encryption');
	for (const way of [{}, { multipartThreshold: 1 }]) {
		await copy(way);
		expect(objects.stored('copy')?.headers).not.toHaveProperty('x-amz-server-side-encryption');
	}
});

it('a copy keeps the storage class if it is asked to', async () => {
	await putFull(objects.s3, 'content');
	await copy({ keepStorageClass: true });
	expect(objects.stored('copy')?.headers['x-amz-storage-class']).toBe(FULL.StorageClass);
});

it('a copy with new metadata has none of the old headers, and those of the request', async () => {
	await putFull(objects.s3, 'content');
	const request = { contentType: 'text/b', metadata: { two: 'ä' } };
	await copy({ metadataDirective: 'replace', ...request });
	expect(keptHeaders(objects.server, 'copy')).toEqual({
		'content-type': 'text/b',
		'x-amz-meta-two': '=?UTF-8?B?w6Q=?=',
	});
	expect(objects.stored('copy')?.tags).toEqual({ 'a b': 'c+d' });
});

it('a copy has new tags, or none', async () => {
	await putFull(objects.s3, 'content');
	await copy({ tagsDirective: 'replace', tags: { new: 'tag' } });
	expect(objects.stored('copy')?.tags).toEqual({ new: 'tag' });
	await copy({ tagsDirective: 'drop' });
	expect(objects.stored('copy')?.tags).toEqual({});
	expect(objects.stored('copy')?.headers['content-type']).toBe(FULL.ContentType);
});

it('a copy sends class, ACL, encryption, object lock and who pays', async () => {
	await objects.put('key');
	objects.server.store.bucket(bucket).ownership = 'ObjectWriter';
	const retainUntil = new Date('2100-01-01T00:00:00Z');
	await copy({
		storageClass: 'STANDARD_IA',
		acl: 'private',
		encryption: { kind: 's3' },
		objectLock: { mode: 'GOVERNANCE', retainUntil, legalHold: true },
		requestPayer: true,
		expectedBucketOwner: ACCOUNT,
		source: { expectedBucketOwner: ACCOUNT },
	});
	expect(objects.sent(operation)[0]?.headers).toMatchObject({
		'x-amz-storage-class': 'STANDARD_IA',
		'x-amz-acl': 'private',
		'x-amz-server-side-encryption': 'AES256',
		'x-amz-object-lock-mode': 'GOVERNANCE',
		'x-amz-object-lock-legal-hold': 'ON',
		'x-amz-request-payer': 'requester',
		'x-amz-expected-bucket-owner': ACCOUNT,
		'x-amz-source-expected-bucket-owner': ACCOUNT,
	});
	expect(objects.sent('HeadObject')[0]?.headers).toMatchObject({
		'x-amz-request-payer': 'requester',
		'x-amz-expected-bucket-owner': ACCOUNT,
	});
});

it('a copy of an object under a customer’s own key sends that key, and may have another', async () => {
	const other = Buffer.alloc(32, 8).toString('base64');
	const key = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey };
	await putFull(objects.s3, 'content', key);
	const encryption = { kind: 'customer' as const, key: other };
	await copy({ source: { customerKey }, encryption });
	const read = {
		Bucket: bucket,
		Key: 'copy',
		SSECustomerAlgorithm: 'AES256',
		SSECustomerKey: other,
	};
	expect(await objects.s3.send('HeadObject', read, call)).toMatchObject({ ContentLength: 7 });
});

it.each(['a+b', 'a b', 'ä/Ü€𝐀', '100%25', 'a?versionId=b', '//a//', "!'()*&=#;:@,"])(
	'a copy is of the object with the key “%s”, byte for byte',
	async (key) => {
		await objects.put(key, key);
		await copy({ source: { key } });
		expect(objects.stored('copy')?.content?.size).toBe(Buffer.byteLength(key));
	},
);

it('a copy is of the version that is asked for', async () => {
	objects.bucket.versioning = 'Enabled';
	const { versionId, etag } = await objects.put('key', 'old');
	await objects.put('key', 'newer');
	const copied = await copy({ source: { versionId } });
	expect(copied).toMatchObject({ source: { versionId, etag }, size: 3 });
	expect(copied.versionId).toBe(objects.stored('copy')?.versionId);
});

it('a copy whose response was lost is made again, or was made', async () => {
	await objects.put('key');
	fault({ kind: 'loseAnswer' });
	expect(await copy()).toMatchObject({ size: 7 });
	expect(objects.sent(operation)).toHaveLength(2);
});

it('a copy is made if all its responses were lost and the object is there', async () => {
	await objects.put('key');
	fault({ kind: 'loseAnswer' }, Infinity);
	const { etag } = await copy();
	expect(etag).toBe(objects.stored('copy')?.etag);
});

it.each<[string, Parameters<typeof copyOver>[1], object]>([
	['other metadata', {}, {}],
	['another content type', {}, { Metadata: FULL.Metadata }],
	['other metadata than the new', { metadataDirective: 'replace', metadata: { a: 'b' } }, {}],
	['another class', { metadataDirective: 'replace', storageClass: 'GLACIER' }, {}],
])(
	'a copy that never reached the server is not taken for made by an object with the same bytes and %s',
	async (_, request, headers) => {
		await putFull(objects.s3, 'content');
		const old = { Bucket: bucket, Key: 'copy', Body: 'content', ...headers };
		await objects.s3.send('PutObject', old, call);
		fault({ kind: 'resetRequest', afterBytes: 0 }, Infinity);
		const failure = await rejectionOf(copy(request));
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNRESET' });
		expect(failure.advice).toContain('may be there');
	},
);

it('a copy with new metadata is made if all its responses were lost and the object has it', async () => {
	await putFull(objects.s3, 'content');
	fault({ kind: 'loseAnswer' }, Infinity);
	const request = { metadataDirective: 'replace' as const, metadata: { 'X-Amz-Meta-A': 'ä' } };
	expect(await copy(request)).toMatchObject({ size: 7 });
});

it('a copy onto itself is made if all its responses were lost and the object is another version', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key');
	fault({ kind: 'loseAnswer' }, Infinity);
	const request = { key: 'key', metadataDirective: 'replace' as const, metadata: { a: 'b' } };
	const { versionId } = await copy(request);
	expect(versionId).toBe(objects.stored('key')?.versionId);
	expect(keptHeaders(objects.server, 'key')).toMatchObject({ 'x-amz-meta-a': 'b' });
});

it.each([
	['another version of the same second', 'Enabled', 0],
	['a later one', undefined, 3_600_000],
] as const)(
	'a copy onto itself whose change does not show is made if all its responses were lost and the object is %s',
	async (_, versioning, older) => {
		objects.bucket.versioning = versioning;
		const { versionId } = await objects.put('key');
		const before = new Date(Date.UTC(2026, 0, 1) - older);
		objects.stored('key')!.lastModified = before;
		fault({ kind: 'loseAnswer' }, Infinity);
		objects.server.faults.add({
			operation: 'HeadObject',
			when: () => {
				const now = objects.stored('key')!;
				if (versioning === 'Enabled' && now.versionId !== versionId) now.lastModified = before;
				return false;
			},
			effect: { kind: 'stall' },
		});
		const made = await copy({ key: 'key', encryption: { kind: 's3' } });
		expect(made.versionId).toBe(
			versioning === undefined ? undefined : objects.stored('key')?.versionId,
		);
		expect(objects.stored('key')?.headers).toHaveProperty('x-amz-server-side-encryption');
	},
);

it('a copy onto itself that never reached the server is not taken for made', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key');
	fault({ kind: 'resetRequest', afterBytes: 0 }, Infinity);
	const metadata = { metadataDirective: 'replace' as const, metadata: { a: 'b' } };
	// An encryption does not show in what is compared.
	for (const change of [metadata, { encryption: { kind: 's3' as const } }]) {
		const failure = await rejectionOf(copy({ key: 'key', ...change }));
		expect(failure.advice).toContain('may be there');
	}
});

it('a copy that never reached the server is not made, and says why', async () => {
	await objects.put('key');
	fault({ kind: 'resetRequest', afterBytes: 0 }, Infinity);
	const failure = await rejectionOf(copy());
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNRESET' });
	expect(failure.advice).not.toContain('may be there');
});

it('a copy that must not overwrite is made if its repetition meets the copy itself', async () => {
	await objects.put('key');
	fault({ kind: 'loseAnswer' });
	expect(await copyOnAws({ overwrite: 'never' })).toMatchObject({ size: 7 });
});

it('a copy fails if status 200 comes with an error, and is repeated if that helps', async () => {
	await objects.put('key');
	fault({ kind: 'errorIn200', code: 'InternalError' });
	expect(await copy()).toMatchObject({ size: 7 });
	expect(objects.sent(operation)).toHaveLength(2);
	fault(
		{ kind: 'answer', status: 200, body: '<Error><Code>AccessDenied</Code></Error>' },
		Infinity,
	);
	expect(await rejectionOf(copy())).toMatchObject({ code: 'AccessDenied' });
});

it('a copy is not taken for made if its response is cut off or says nothing', async () => {
	await objects.put('key');
	for (const body of ['', '<CopyObjectResult><ETag>', '<CopyObjectResult/>']) {
		fault({ kind: 'answer', status: 200, body }, Infinity);
		expect(await rejectionOf(copy())).toBeDefined();
		objects.server.faults.clear();
		expect(objects.stored('copy')).toBeUndefined();
	}
});

it('a copy whose response was cut off is made if the object is there', async () => {
	await objects.put('key');
	fault({ kind: 'truncate', afterBytes: 60 }, Infinity);
	expect(await copy()).toMatchObject({ etag: objects.stored('copy')?.etag });
});

it('a copy begins again with the new object if the source is replaced meanwhile', async () => {
	await objects.put('key');
	let attempts = 0;
	objects.server.faults.add({
		operation,
		when: () => {
			if (++attempts === 1) objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: { kind: 'stall' },
	});
	expect(await copy()).toMatchObject({ size: 3, source: { etag: objects.stored('key')?.etag } });
	expect(objects.operations()).toEqual(['HeadObject', operation, 'HeadObject', operation]);
});

it('a copy of a source that has another ETag than asked for fails before it is made', async () => {
	await objects.put('key');
	const failure = await rejectionOf(copy({ source: { ifMatch: '"other"' } }));
	expect(failure).toMatchObject({
		kind: 'precondition',
		message: `Could not copy “key” in bucket “${bucket}”: it is not the object with ETag other`,
	});
	expect(objects.operations()).toEqual(['HeadObject']);
});

it('a copy that must not overwrite fails on AWS by its condition, on others by a look before', async () => {
	await objects.put('key');
	await objects.put('copy', 'other');
	const wanted = {
		kind: 'precondition',
		message: expect.stringContaining('with this key already') as string,
	};
	expect(await rejectionOf(copyOnAws({ overwrite: 'never' }))).toMatchObject(wanted);
	expect(objects.operations()).toEqual(['HeadObject', operation, 'HeadObject']);
	objects.server.requests.length = 0;
	expect(await rejectionOf(copy({ overwrite: 'never' }))).toMatchObject(wanted);
	expect(objects.operations()).toEqual(['HeadObject', 'HeadObject']);
	expect(objects.stored('copy')?.content?.size).toBe(5);
});

it('a copy that must not overwrite keeps an object under a customer’s own key, which it cannot look at', async () => {
	await objects.put('key');
	const key = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey };
	await objects.s3.send('PutObject', { Bucket: bucket, Key: 'copy', Body: 'own', ...key }, call);
	await rejectionOf(copy({ overwrite: 'never' }));
	expect(objects.sent(operation)).toEqual([]);
	expect(objects.stored('copy')?.content?.size).toBe(3);
});

it('a copy overwrites only the object with the ETag that is asked for', async () => {
	await objects.put('key');
	const { etag } = await objects.put('copy', 'other');
	for (const run of [copy, copyOnAws]) {
		const failure = await rejectionOf(run({ overwrite: 'ifMatch', etag: 'x' }));
		expect(failure).toMatchObject({ kind: 'precondition' });
		expect(failure.message).toContain('is not the one with ETag x');
	}
	await copy({ overwrite: 'ifMatch', etag });
	expect(objects.stored('copy')?.content?.size).toBe(7);
});

it('a copy begins again if S3 says that somebody else writes at the same time', async () => {
	await objects.put('key');
	fault({ kind: 'answer', status: 409, code: 'ConditionalRequestConflict' });
	expect(await copyOnAws({ overwrite: 'never' })).toMatchObject({ size: 7 });
});

it('a copy that is denied names the permissions for tags, unless they are dropped', async () => {
	await objects.put('key');
	fault({ kind: 'answer', status: 403, code: 'AccessDenied' }, Infinity);
	const { advice } = await rejectionOf(copy());
	expect(advice).toContain(`s3:GetObject on arn:aws:s3:::${bucket}/key`);
	expect(advice).toContain(`s3:PutObject on arn:aws:s3:::${bucket}/copy`);
	expect(advice).toContain('or set Tags to Drop');
	expect((await rejectionOf(copy({ tagsDirective: 'drop' }))).advice).not.toContain('Drop');
});

it.each(['InvalidObjectState', 'ObjectNotInActiveTierError'])(
	'a copy of an archived object says that it has to be restored after %s',
	async (code) => {
		await objects.put('key');
		fault({ kind: 'answer', status: 403, code });
		const failure = await rejectionOf(copy());
		expect(failure.message).toContain('the object is archived');
	},
);

it('a copy onto itself is made if the object has the new metadata, though its date is the old one, as on rclone', async () => {
	const { headers } = await objects.put('key');
	const takesEffect = () => {
		headers['x-amz-meta-a'] = '1';
		return true;
	};
	const effect = { kind: 'answer', status: 200, body: '<CopyObjectResult/>' } as const;
	objects.server.faults.add({ operation, when: takesEffect, effect });
	const request = { key: 'key', metadataDirective: 'replace', metadata: { a: '1' } } as const;
	expect(await copy(request)).toMatchObject({ copiedBy: 'server', size: 7 });
});

it('a copy of another version than the one asked for says so', async () => {
	objects.bucket.versioning = 'Enabled';
	const { versionId } = await objects.put('key');
	const headers = { 'x-amz-copy-source-version-id': 'another' };
	const body = '<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>';
	fault({ kind: 'answer', status: 200, headers, body });
	const failure = await rejectionOf(copy({ source: { versionId } }));
	expect(failure.message).toBe(
		`Could not copy the version ${versionId} of “key” in bucket “${bucket}”: the server has copied another one`,
	);
	expect(objects.operations()).toEqual(['HeadObject', operation]);
});

it('a copy that a server has not encrypted with the customer’s own key says so', async () => {
	await objects.put('key');
	const encryption = { kind: 'customer' as const, key: customerKey };
	const body = '<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>';
	fault({ kind: 'answer', status: 200, body });
	objects.server.faults.add({
		operation: 'HeadObject',
		key: 'copy',
		effect: { kind: 'answer', status: 200, headers: { etag: '"e"' }, body: '' },
	});
	const failure = await rejectionOf(copy({ encryption }));
	expect(failure.message).toContain('has not encrypted the copy with the customer key');
});

it('a copy that is cancelled is not made', async () => {
	await objects.put('key');
	const failure = await rejectionOf(copyOver(objects.s3, {}, { signal: AbortSignal.abort() }));
	expect(failure.kind).toBe('cancelled');
	expect(objects.operations()).toEqual([]);
});
