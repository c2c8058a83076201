/** Moves: what is deleted and when, and moves that fail on their way and are run again. */
import type { S3 } from '../../../s3/client/S3';
import { moveObject } from '../../../s3/objects/moveObject';
import type { MoveRequest } from '../../../s3/objects/moveObject';
import { keyBytes } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';
import { asAws } from '../asAws';
import { copyOver, FULL, keptHeaders, MiB, putFull, requestWith, SMALL_PARTS } from './copies';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const other = withConnection({ bucketsOfEachTest: [bucket] });
const CRC32 = { ChecksumAlgorithm: 'CRC32' as const };
const DENIED = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
const fault = (...faults: Parameters<typeof objects.server.faults.add>) =>
	objects.server.faults.add(...faults);

type Wanted = Parameters<typeof requestWith>[0] & Pick<MoveRequest, 'deleteVersion'>;

const moveOver = (source: S3, target: S3, { deleteVersion, ...request }: Wanted = {}) =>
	moveObject({ source, target }, { ...requestWith(request), deleteVersion }, call, SMALL_PARTS);
const move = (request: Wanted = {}) => moveOver(objects.s3, objects.s3, request);
const moveOnAws = (request: Wanted = {}) => {
	const s3 = asAws(objects.s3);
	return moveOver(s3, s3, request);
};
const names = `“key” in bucket “${bucket}” to “copy” in bucket “${bucket}”`;

it('a move copies, looks at the copy, and deletes the source only if it is still the same', async () => {
	const { etag } = await objects.put('key');
	expect(await moveOnAws()).toMatchObject({
		source: { bucket, key: 'key', etag },
		key: 'copy',
		copiedBy: 'server',
		sourceDeleted: true,
	});
	expect(objects.operations()).toEqual(['HeadObject', 'CopyObject', 'HeadObject', 'DeleteObject']);
	expect(objects.sent('DeleteObject')[0]?.headers['if-match']).toBe(etag);
	expect(objects.stored('key')).toBeUndefined();
	expect(objects.stored('copy')).toBeDefined();
});

it('a move of a large object goes in parts', async () => {
	await putFull(objects.s3, Buffer.alloc(6 * MiB, 'x'));
	expect(await move({ multipartThreshold: 5 * MiB })).toMatchObject({ parts: 2 });
	expect(objects.stored('key')).toBeUndefined();
});

it('a move of an object under a customer’s own key deletes it, also if the response to that was lost', async () => {
	const customerKey = Buffer.alloc(32, 7).toString('base64');
	const own = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey };
	const encryption = { kind: 'customer' as const, key: customerKey };
	for (const run of [move, moveOnAws]) {
		await putFull(objects.s3, 'content', own);
		fault({ operation: 'DeleteObject', times: 1, effect: { kind: 'loseAnswer' } });
		expect(await run({ source: { customerKey }, encryption })).toMatchObject({
			sourceDeleted: true,
		});
		expect(objects.stored('key')).toBeUndefined();
	}
});

it('a move that is streamed keeps the source if a byte of it is damaged on the way, however large it is', async () => {
	// Without a checksum that the server stores.
	await putFull(objects.s3, Buffer.alloc(9 * MiB, 'x'));
	fault({ operation: 'GetObject', effect: { kind: 'corrupt', offset: 12_345 } });
	const failure = await rejectionOf(moveOver(objects.s3, other.s3));
	expect(failure).toMatchObject({ kind: 'corrupt' });
	expect(objects.stored('key')).toBeDefined();
});

it('a move to another server is streamed', async () => {
	await putFull(objects.s3, 'content', CRC32);
	expect(await moveOver(objects.s3, other.s3)).toMatchObject({ copiedBy: 'stream' });
	expect(objects.stored('key')).toBeUndefined();
	expect(other.store.bucket(bucket).get('copy')?.content?.size).toBe(7);
});

it('a move in a bucket with versions hides the source, or deletes the version that was copied', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key', 'old');
	await objects.put('key', 'newer');
	const { source } = await move();
	expect(objects.stored('key')).toBeUndefined();
	const versions = () => objects.bucket.allOf(keyBytes('key')).map(({ versionId }) => versionId);
	expect(versions()).toHaveLength(3);
	expect(versions()).toContain(source.versionId);
	await objects.put('key', 'newest');
	const { source: newest } = await move({ deleteVersion: true });
	expect(versions()).toHaveLength(3);
	expect(versions()).not.toContain(newest.versionId);
});

it('a move deletes the version that it has copied also if a newer one was put meanwhile', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key');
	replaceAfterCopy();
	await move({ deleteVersion: true });
	expect(objects.bucket.allOf(keyBytes('key')).map(({ content }) => content?.size)).toEqual([3]);
});

it('a move of the old version null deletes it, and not the newest one', async () => {
	await objects.put('key', 'old');
	objects.bucket.versioning = 'Enabled';
	const { versionId } = await objects.put('key', 'newer');
	await move({ source: { versionId: 'null' }, deleteVersion: true });
	expect(objects.bucket.allOf(keyBytes('key')).map((one) => one.versionId)).toEqual([versionId]);
});

it('a move of an old version deletes that version, and only that', async () => {
	objects.bucket.versioning = 'Enabled';
	const { versionId } = await objects.put('key', 'old');
	const newest = await objects.put('key', 'newer');
	expect((await rejectionOf(move({ source: { versionId } }))).advice).toContain(
		'Delete This Version',
	);
	await move({ source: { versionId }, deleteVersion: true });
	expect(objects.bucket.allOf(keyBytes('key')).map((one) => one.versionId)).toEqual([
		newest.versionId,
	]);
});

it('a move of an object onto itself is refused before any request, also with new metadata', async () => {
	await objects.put('key');
	const failure = await rejectionOf(move({ key: 'key', metadataDirective: 'replace' }));
	expect(failure).toMatchObject({ kind: 'invalid' });
	expect(objects.operations()).toEqual([]);
});

it('a move from a connection that is only for reading is refused before anything is copied', async () => {
	await objects.put('key');
	const source = await objects.server.connect({ readOnly: true });
	const failure = await rejectionOf(moveOver(source, other.s3));
	expect(failure).toMatchObject({ kind: 'refused', bucket });
	expect([...objects.operations(), ...other.requests]).toEqual([]);
});

/** Has somebody replace the source when a move looks at its copy. */
const replaceAfterCopy = () =>
	fault({
		operation: 'HeadObject',
		key: 'copy',
		when: () => {
			objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: { kind: 'stall' },
	});

it.each([
	['AWS', moveOnAws],
	['another server', move],
])('a source that is replaced after it was copied stays on %s', async (_, run) => {
	await objects.put('key');
	replaceAfterCopy();
	const failure = await rejectionOf(run());
	expect(failure).toMatchObject({ kind: 'precondition' });
	expect(failure.message).toContain(`Copied ${names}, but the source could not be deleted`);
	expect(failure.advice).toContain('Both objects exist now');
	expect(objects.stored('key')?.content?.size).toBe(3);
});

it.each([
	['AWS', moveOnAws],
	['another server', move],
])(
	'a source that is replaced after it was copied stays on %s also where versions are suspended and the version is to be deleted',
	async (_, run) => {
		objects.bucket.versioning = 'Suspended';
		await objects.put('key');
		replaceAfterCopy();
		const failure = await rejectionOf(run({ deleteVersion: true }));
		expect(failure).toMatchObject({ kind: 'precondition' });
		expect(objects.stored('key')?.content?.size).toBe(3);
		objects.server.faults.clear();
		expect(await run({ deleteVersion: true })).toMatchObject({ source: { versionId: 'null' } });
		expect(objects.bucket.allOf(keyBytes('key'))).toEqual([]);
	},
);

it('a move that may not delete says that the copy is there, and can be run again', async () => {
	await objects.put('key');
	fault({ operation: 'DeleteObject', times: 1, effect: DENIED });
	const failure = await rejectionOf(move());
	expect(failure).toMatchObject({ kind: 'denied' });
	expect(failure.message).toContain(`Copied ${names}, but the source could not be deleted`);
	expect(await move()).toMatchObject({ sourceDeleted: true });
	expect(objects.stored('key')).toBeUndefined();
});

it('a move does not take the 404 of a gateway that lets no deletion through for a source that is gone', async () => {
	await objects.put('key');
	const page = { kind: 'answer', status: 404, body: '<html>404 Not Found</html>' } as const;
	fault({ operation: 'DeleteObject', effect: page });
	const { message } = await rejectionOf(move());
	expect(message).toContain(`Copied ${names}, but the source could not be deleted`);
	expect(objects.stored('key')).toBeDefined();
});

it.each(['never', 'ifMatch'] as const)(
	'a move that overwrites %s takes what its first run has copied for the copy',
	async (overwrite) => {
		await putFull(objects.s3, 'content', CRC32);
		const { etag } =
			overwrite === 'ifMatch' ? await objects.put('copy', 'old') : { etag: undefined };
		for (const run of [move, moveOnAws]) {
			fault({ operation: 'DeleteObject', times: 1, effect: DENIED });
			await rejectionOf(run({ overwrite, etag }));
		}
		expect(objects.sent('CopyObject')).toHaveLength(1);
		expect(await moveOnAws({ overwrite, etag })).toMatchObject({
			skipped: true,
			sourceDeleted: true,
		});
		expect(objects.stored('key')).toBeUndefined();
	},
);

it('a move that must not overwrite keeps both objects if they are not known to be the same', async () => {
	await objects.put('key');
	await objects.put('copy', 'content');
	for (const run of [move, moveOnAws]) {
		expect(await rejectionOf(run({ overwrite: 'never' }))).toMatchObject({ kind: 'precondition' });
	}
	expect(objects.stored('key')).toBeDefined();
});

it('a move whose source is gone says whether the target is there', async () => {
	expect((await rejectionOf(move())).message).not.toContain('target');
	await objects.put('copy');
	const failure = await rejectionOf(move());
	expect(failure).toMatchObject({ kind: 'notFound' });
	expect(failure.message).toBe(
		`Could not move “key” in bucket “${bucket}”: it is not there, but the target “copy” in bucket “${bucket}” is`,
	);
	expect(failure.advice).toContain('An earlier run may have moved it');
});

it('a move whose source may not be looked at does not say that it is gone, even if the target is there', async () => {
	await objects.put('key');
	await objects.put('copy');
	fault({ operation: 'HeadObject', key: 'key', effect: DENIED });
	const failure = await rejectionOf(move());
	expect(failure.kind).toBe('denied');
	expect(failure.message).not.toContain('the target');
});

it('a move whose upload is gone does not say that its source is, even if the target is there', async () => {
	await putFull(objects.s3, Buffer.alloc(6 * MiB, 'x'));
	await objects.put('copy');
	const effect = { kind: 'answer', status: 404, code: 'NoSuchUpload' } as const;
	fault({ operation: 'UploadPartCopy', effect });
	const failure = await rejectionOf(move({ multipartThreshold: 5 * MiB }));
	expect(failure).toMatchObject({ kind: 'notFound', code: 'NoSuchUpload' });
	expect(failure.message).not.toContain('the target');
	expect(objects.stored('key')).toBeDefined();
});

it('a move keeps the source if the copy cannot be looked at', async () => {
	await objects.put('key');
	fault({ operation: 'HeadObject', key: 'copy', effect: DENIED });
	const failure = await rejectionOf(move());
	expect(failure.message).toContain(
		'the copy could not be verified, so the source was kept: The target is not there or cannot be read',
	);
	expect(objects.stored('key')).toBeDefined();
});

it('a move that must not overwrite and whose copy cannot be looked at does not say that nothing was written', async () => {
	await objects.put('key');
	fault({
		operation: 'HeadObject',
		key: 'copy',
		when: () => objects.stored('copy') !== undefined,
		effect: { kind: 'answer', status: 400, code: 'InvalidRequest' },
	});
	const { message, advice } = await rejectionOf(move({ overwrite: 'never' }));
	expect(message).toContain('the copy could not be verified, so the source was kept');
	expect(advice).not.toContain('Nothing was written');
	expect(objects.stored('copy')).toBeDefined();
	expect(objects.stored('key')).toBeDefined();
});

it('a move whose source is gone says so also if it must not overwrite what it cannot look at', async () => {
	const own = {
		SSECustomerAlgorithm: 'AES256',
		SSECustomerKey: Buffer.alloc(32, 7).toString('base64'),
	};
	await objects.s3.send('PutObject', { Bucket: bucket, Key: 'copy', Body: 'own', ...own }, call);
	const failure = await rejectionOf(move({ overwrite: 'never' }));
	expect(failure).toMatchObject({ kind: 'notFound', key: 'key' });
});

it('a move does not take an object with the same bytes and other metadata for its copy', async () => {
	await putFull(objects.s3, 'content', CRC32);
	const old = { Bucket: bucket, Key: 'copy', Body: 'content', ...CRC32 };
	await objects.s3.send('PutObject', old, call);
	for (const run of [move, moveOnAws]) {
		expect(await rejectionOf(run({ overwrite: 'never' }))).toMatchObject({ kind: 'precondition' });
	}
	const kept = keptHeaders(objects.server, 'key');
	expect(await move({ overwrite: 'ifDifferent' })).toMatchObject({ skipped: false });
	expect(objects.stored('key')).toBeUndefined();
	expect(keptHeaders(objects.server, 'copy')).toEqual(kept);
});

const { Tagging } = FULL;
const HEADERS = { ...FULL, StorageClass: undefined, Tagging: undefined };

it.each([
	...(
		['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'Expires'] as const
	).map((name) => [name, { ...HEADERS, Tagging, [name]: undefined }] as const),
	['Tagging', HEADERS] as const,
	['another tag', { ...HEADERS, Tagging: 'a%20b=other' }] as const,
])(
	'a move does not take an object with the same bytes that lacks %s for its copy',
	async (_name, headers) => {
		await putFull(objects.s3, 'content', CRC32);
		const old = { Bucket: bucket, Key: 'copy', Body: 'content', ...CRC32, ...headers };
		await objects.s3.send('PutObject', old, call);
		const { etag } = objects.stored('copy')!;
		for (const run of [move, moveOnAws]) {
			const never = await rejectionOf(run({ overwrite: 'never' }));
			expect(never).toMatchObject({ kind: 'precondition' });
			const stale = await rejectionOf(run({ overwrite: 'ifMatch', etag: 'stale' }));
			expect(stale).toMatchObject({ kind: 'precondition' });
		}
		expect(objects.stored('key')).toBeDefined();
		expect(objects.stored('copy')?.etag).toBe(etag);
		expect(await moveOnAws({ overwrite: 'ifDifferent' })).toMatchObject({ skipped: false });
		expect(objects.stored('copy')?.tags).toEqual({ 'a b': 'c+d' });
		expect(keptHeaders(objects.server, 'copy')).toHaveProperty('cache-control');
	},
);

it('a move whose copy never reached the server keeps the source if the object there lacks its tags', async () => {
	await putFull(objects.s3, 'content', CRC32);
	const old = { Bucket: bucket, Key: 'copy', Body: 'content', ...CRC32, ...HEADERS };
	await objects.s3.send('PutObject', old, call);
	fault({ operation: 'CopyObject', effect: { kind: 'resetRequest', afterBytes: 0 } });
	const failure = await rejectionOf(moveOnAws());
	expect(failure.advice).toContain('may be there');
	expect(objects.stored('key')).toBeDefined();
});

it('a move whose copy’s response was lost takes the copy for made by its headers and tags', async () => {
	await putFull(objects.s3, 'content', CRC32);
	fault({ operation: 'CopyObject', effect: { kind: 'loseAnswer' } });
	expect(await moveOnAws()).toMatchObject({ sourceDeleted: true });
	expect(objects.stored('copy')?.tags).toEqual({ 'a b': 'c+d' });
});

it('a move keeps the source if the tags of an object with the same bytes may not be read', async () => {
	await putFull(objects.s3, 'content', CRC32);
	await copyOver(objects.s3);
	fault({ operation: 'GetObjectTagging', effect: DENIED });
	const failure = await rejectionOf(moveOnAws({ overwrite: 'never' }));
	expect(failure).toMatchObject({ kind: 'precondition' });
	expect(objects.stored('key')).toBeDefined();
});

it('a move keeps the source if somebody replaces the copy meanwhile', async () => {
	await objects.put('key');
	fault({
		operation: 'HeadObject',
		key: 'copy',
		when: () => {
			objects.server.store.putMany(bucket, ['copy'], 7);
			return false;
		},
		effect: { kind: 'stall' },
	});
	const failure = await rejectionOf(move());
	expect(failure.message).toContain('another object than the one that was copied');
	expect(objects.stored('key')).toBeDefined();
});

it('a move keeps the source if the copy has another size or checksum', async () => {
	await putFull(objects.s3, 'content', CRC32);
	const { etag } = objects.stored('key')!;
	const { connection, readMemory, writeMemory } = objects.s3;
	for (const said of [
		{ ContentLength: 7, ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' },
		{ ContentLength: 6 },
	]) {
		const target: S3 = {
			connection,
			readMemory,
			writeMemory,
			send: (name, input, options) =>
				name === 'HeadObject'
					? Promise.resolve({ ETag: etag, ...said } as never)
					: objects.s3.send(name, input, options),
		};
		const failure = await rejectionOf(moveOver(objects.s3, target));
		expect(failure.message).toContain('another object than the one that was copied');
	}
	expect(objects.stored('key')).toBeDefined();
});

it('a move of a source that somebody else deletes meanwhile succeeds', async () => {
	await objects.put('key');
	fault({
		operation: 'HeadObject',
		key: 'copy',
		when: () => {
			objects.bucket.remove(keyBytes('key'), 'null');
			return false;
		},
		effect: { kind: 'stall' },
	});
	expect(await move()).toMatchObject({ sourceDeleted: true });
});

it.each([undefined, 'W/"abc"'])(
	'a move of an object whose ETag is %s keeps it, as another one may be there by now',
	async (ETag) => {
		await objects.put('key');
		const { s3 } = objects;
		const send: S3['send'] = async (name, input, options) => {
			const output = await s3.send(name, input, options);
			return name === 'HeadObject' ? { ...output, ETag } : output;
		};
		const saying = Object.assign(Object.create(s3) as S3, { send });
		const failure = await rejectionOf(moveOver(saying, saying));
		expect(failure.message).toBe(
			`Copied ${names}, but the source was kept: its server gives it no ETag, or a weak one, so it may have been replaced meanwhile`,
		);
		expect([objects.stored('key'), objects.stored('copy')].every(Boolean)).toBe(true);
	},
);

it('a move of a version deletes it by its ID, which it needs no ETag for', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key');
	const { s3 } = objects;
	const send: S3['send'] = async (name, input, options) => {
		const output = await s3.send(name, input, options);
		return name === 'HeadObject' ? { ...output, ETag: undefined } : output;
	};
	const saying = Object.assign(Object.create(s3) as S3, { send });
	await moveOver(saying, saying, { deleteVersion: true });
	expect(objects.bucket.allOf(keyBytes('key'))).toEqual([]);
});

it('a move to a server that gives no ETag for what it stores goes by the size of the copy', async () => {
	await objects.put('key');
	const send: S3['send'] = async (name, input, options) => {
		const output = await other.s3.send(name, input, options);
		return name === 'PutObject' ? { ...output, ETag: undefined } : output;
	};
	const target = Object.assign(Object.create(other.s3) as S3, { send });
	expect(await moveOver(objects.s3, target)).toMatchObject({ sourceDeleted: true });
	expect(objects.stored('key')).toBeUndefined();
});

it('a move keeps the source if its copy was never made, though the target has the same bytes', async () => {
	await putFull(objects.s3, 'content');
	await objects.put('copy');
	fault({ operation: 'CopyObject', effect: { kind: 'resetRequest', afterBytes: 0 } });
	await rejectionOf(move());
	expect(objects.stored('key')).toBeDefined();
});

it.each([undefined, 'never'] as const)(
	'a move of an object onto itself by another URL of its server deletes nothing, also if it overwrites %s',
	async (overwrite) => {
		await putFull(objects.s3, 'content', CRC32);
		const { endpoint = '' } = objects.s3.connection;
		const same = await objects.server.connect({
			endpoint: endpoint.replace('127.0.0.1', 'localhost'),
		});
		const failure = await rejectionOf(moveOver(objects.s3, same, { key: 'key', overwrite }));
		expect(failure).toMatchObject({ kind: 'invalid', bucket, key: 'key' });
		expect(failure.message).toContain('seem to be the same object');
		expect(new Set(objects.operations())).toEqual(new Set(['PutObject', 'HeadObject']));
		expect(objects.stored('key')).toBeDefined();
	},
);

it('a move to another server may keep bucket and key, whatever is there', async () => {
	for (const there of ['nothing', 'another object']) {
		if (there !== 'nothing') other.store.putMany(bucket, ['key'], 3);
		await objects.put('key');
		expect(await moveOver(objects.s3, other.s3, { key: 'key' })).toMatchObject({ size: 7 });
		expect(objects.stored('key')).toBeUndefined();
		expect(other.store.bucket(bucket).get('key')?.content?.size).toBe(7);
	}
	const again = await rejectionOf(moveOver(objects.s3, other.s3, { key: 'key' }));
	expect(again.advice).toContain('An earlier run may have moved it');
});
