/** What S3 has to do with copies and moves. */
import { randomBytes } from 'node:crypto';
import type { TestServer } from '../servers/TestServer';
import { ALL } from './content';
import { MiB, TestBucket } from './TestBucket';

const customerKey = Buffer.alloc(32, 1).toString('base64');
const otherKey = Buffer.alloc(32, 2).toString('base64');

export function describeCopies(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	it('a copy has the bytes, content headers, metadata and tags of its source', async () => {
		await bucket.put('source', 'content', ALL);
		const { etag } = await bucket.head('source');
		const copied = await bucket.copy('source', 'copy');
		expect(copied).toMatchObject({ source: { etag }, size: 7, copiedBy: 'server', parts: 1 });
		const { head, content } = await bucket.get('copy');
		expect(content.toString()).toBe('content');
		expect(copied.etag).toBe(head.etag);
		expect(await bucket.kept('copy')).toEqual(await bucket.kept('source'));
	});

	it('a copy has new metadata and tags, or none', async () => {
		await bucket.put('source', 'content', ALL);
		const metadata = { only: 'this' };
		const tags = { new: 'tag' };
		await bucket.copy('source', 'replaced', {
			...{ metadataDirective: 'replace', metadata, contentType: 'text/new' },
			...{ tagsDirective: 'replace', tags },
		});
		const { contentType, cacheControl, metadata: found } = await bucket.head('replaced');
		expect({ contentType, cacheControl, found }).toEqual({
			contentType: 'text/new',
			cacheControl: undefined,
			found: metadata,
		});
		expect((await bucket.tags('replaced')).tags).toEqual(tags);
		await bucket.copy('source', 'dropped', { tagsDirective: 'drop' });
		expect((await bucket.tags('dropped')).tags).toEqual({});
		expect((await bucket.head('dropped')).metadata).toEqual(ALL.metadata);
	});

	it('a copy onto itself changes metadata', async () => {
		await bucket.put('itself', 'content', ALL);
		await bucket.copy('itself', 'itself', { metadataDirective: 'replace', metadata: { a: '1' } });
		const { head, content } = await bucket.get('itself');
		expect(head.metadata).toEqual({ a: '1' });
		expect(content.toString()).toBe('content');
	});

	it.each(['a+b c', 'ä/Ü€', '100%25', 'a?versionId=b', "!'()*&=#;:@,"])(
		'a copy is of the object with the key “%s”',
		async (key) => {
			await bucket.put(key, key);
			await bucket.copy(key, `copy of ${key}`);
			expect((await bucket.get(`copy of ${key}`)).content.toString()).toBe(key);
		},
	);

	it('a copy in parts has all bytes, content headers, metadata and tags of its source', async () => {
		const content = randomBytes(11 * MiB);
		await bucket.put('large', content, ALL);
		const sizes = { multipartThreshold: 5 * MiB, partSize: 5 * MiB };
		expect(await bucket.copy('large', 'parts', sizes)).toMatchObject({ parts: 3 });
		expect((await bucket.get('parts')).content.equals(content)).toBe(true);
		expect(await bucket.kept('parts')).toEqual(await bucket.kept('large'));
		expect(await bucket.openUploads()).toBe(0);
	});

	it('a copy of an object under a customer’s own key needs that key, and may have another', async () => {
		await bucket.put('secret', 'content', { encryption: { kind: 'customer', key: customerKey } });
		await bucket.copy('secret', 'other secret', {
			source: { customerKey },
			encryption: { kind: 'customer', key: otherKey },
		});
		const { content } = await bucket.get('other secret', { customerKey: otherKey });
		expect(content.toString()).toBe('content');
	});

	it('an object under a customer’s own key stays so in another storage class and another place', async () => {
		const request = { encryption: { kind: 'customer', key: customerKey } } as const;
		await bucket.put('kept secret', 'content', request);
		const changing = { storageClass: 'STANDARD_IA', customerKey };
		const source = { customerKey };
		const changed = bucket.changeClass('kept secret', changing);
		if (server().lacks.includes('secretCopies')) {
			await expect(changed).rejects.toMatchObject({ kind: 'rejected' });
		} else await changed;
		await bucket.move('kept secret', 'moved secret', { ...request, source });
		await expect(bucket.head('kept secret', { customerKey })).rejects.toMatchObject({
			kind: 'notFound',
		});
		const { content, head } = await bucket.get('moved secret', { customerKey });
		expect([content.toString(), head.storageClass ?? 'STANDARD']).toEqual(['content', 'STANDARD']);
	});

	it('a copy that must not overwrite leaves what is there', async () => {
		await bucket.put('source', 'content');
		await bucket.put('there', 'other');
		const copying = bucket.copy('source', 'there', { overwrite: 'never' });
		await expect(copying).rejects.toMatchObject({ kind: 'precondition' });
		expect((await bucket.get('there')).content.toString()).toBe('other');
	});

	it('a copy of no bytes is one request, whatever the threshold', async () => {
		await bucket.put('empty', '', ALL);
		const sizes = { multipartThreshold: 0, partSize: 5 * MiB };
		expect(await bucket.copy('empty', 'copy of it', sizes)).toMatchObject({ size: 0, parts: 1 });
		expect((await bucket.get('copy of it')).content).toHaveLength(0);
		expect(await bucket.kept('copy of it')).toEqual(await bucket.kept('empty'));
	});

	it('a copy overwrites only the object that it knows', async () => {
		await bucket.put('source', 'content');
		const { etag } = await bucket.put('known', 'other');
		const copying = bucket.copy('source', 'known', { overwrite: 'ifMatch', etag: 'x' });
		await expect(copying).rejects.toMatchObject({ kind: 'precondition' });
		expect((await bucket.get('known')).content.toString()).toBe('other');
		await bucket.copy('source', 'known', { overwrite: 'ifMatch', etag });
		expect((await bucket.get('known')).content.toString()).toBe('content');
	});

	it('a copy only if different is skipped if size and checksum are the same', async () => {
		await bucket.put('source', 'content', { checksum: 'SHA256' });
		await bucket.copy('source', 'same');
		const again = await bucket.copy('source', 'same', { overwrite: 'ifDifferent' });
		expect(again.skipped).toBe(!server().lacks.includes('checksums'));
		await bucket.put('same', 'changed', { checksum: 'SHA256' });
		const copied = await bucket.copy('source', 'same', { overwrite: 'ifDifferent' });
		expect(copied.skipped).toBe(false);
		expect((await bucket.get('same')).content.toString()).toBe('content');
	});

	it('a copy to a bucket that does not exist says so', async () => {
		await bucket.put('source', 'content');
		const copying = bucket.copy('source', 'copy', { bucket: 'no-such-bucket-anywhere' });
		await expect(copying).rejects.toMatchObject({ kind: 'notFound', code: 'NoSuchBucket' });
	});

	it('a copy of an object that is not there, or another one, is not made', async () => {
		await expect(bucket.copy('nothing', 'copy')).rejects.toMatchObject({ kind: 'notFound' });
		await bucket.put('source', 'content');
		const copying = bucket.copy('source', 'none', { source: { ifMatch: 'other' } });
		await expect(copying).rejects.toMatchObject({ kind: 'precondition' });
		await expect(bucket.head('none')).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('a copy of an old version has its bytes', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		const { versionId } = await versioned.put('key', 'old');
		await versioned.put('key', 'newer');
		const copied = await versioned.copy('key', 'key', { source: { versionId } });
		expect(copied).toMatchObject({ source: { versionId }, size: 3 });
		expect((await versioned.get('key')).content.toString()).toBe('old');
	});

	it('a copy is not locked as its source is, and an object in another storage class is', async () => {
		const headers = { 'x-amz-bucket-object-lock-enabled': 'true' };
		const locked = await TestBucket.open(server(), {}, undefined, headers);
		const retainUntil = new Date('2100-01-01T00:00:00Z');
		const objectLock = { mode: 'GOVERNANCE' as const, retainUntil, legalHold: true };
		await locked.put('source', 'content', { objectLock });
		await locked.copy('source', 'copy');
		const { objectLockMode, objectLockLegalHold } = await locked.head('copy');
		const isLocked = server().lacks.includes('unlockedCopies');
		expect([objectLockMode, objectLockLegalHold]).toEqual(
			isLocked ? ['GOVERNANCE', true] : [undefined, undefined],
		);
		await locked.changeClass('source', { storageClass: 'STANDARD_IA' });
		expect(await locked.head('source')).toMatchObject({
			storageClass: 'STANDARD_IA',
			objectLockMode: 'GOVERNANCE',
			objectLockRetainUntil: retainUntil.toISOString(),
			objectLockLegalHold: true,
		});
	});

	it('a copy does not have the redirect of its source, and an object in another storage class keeps it', async () => {
		const redirect = { websiteRedirectLocation: '/elsewhere' };
		await bucket.put('redirected', 'content', redirect);
		await bucket.copy('redirected', 'not redirected');
		const copied = await bucket.head('not redirected');
		const isKept = server().lacks.includes('redirectOfCopies');
		expect(copied.websiteRedirectLocation).toBe(isKept ? '/elsewhere' : undefined);
		await bucket.changeClass('redirected', { storageClass: 'STANDARD_IA' });
		const { websiteRedirectLocation } = await bucket.head('redirected');
		expect({ websiteRedirectLocation }).toEqual(redirect);
	});

	it('an object in another storage class has all it had', async () => {
		await bucket.put('classed', 'content', ALL);
		const before = await bucket.kept('classed');
		const changed = await bucket.changeClass('classed', { storageClass: 'STANDARD_IA' });
		expect(changed).toMatchObject({ copiedBy: 'server', size: 7, skipped: false });
		expect((await bucket.head('classed')).storageClass).toBe('STANDARD_IA');
		expect((await bucket.get('classed')).content.toString()).toBe('content');
		expect(await bucket.kept('classed')).toEqual(before);
		await bucket.changeClass('classed', { storageClass: 'STANDARD' });
		expect((await bucket.head('classed')).storageClass ?? 'STANDARD').toBe('STANDARD');
		expect(await bucket.kept('classed')).toEqual(before);
	});

	it('an object in the storage class that it has is left alone, and one that is not there is not found', async () => {
		await bucket.put('classed', 'content');
		const { lastModified } = await bucket.head('classed');
		const changed = await bucket.changeClass('classed', { storageClass: 'STANDARD' });
		expect(changed).toMatchObject({ skipped: true, copiedBy: undefined });
		expect((await bucket.head('classed')).lastModified).toBe(lastModified);
		const missing = bucket.changeClass('nothing', { storageClass: 'STANDARD' });
		await expect(missing).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('a large object goes to another storage class in parts, with all it had', async () => {
		const content = randomBytes(6 * MiB);
		await bucket.put('large classed', content, ALL);
		const before = await bucket.kept('large classed');
		const sizes = { multipartThreshold: 5 * MiB, partSize: 5 * MiB };
		const request = { storageClass: 'STANDARD_IA', ...sizes };
		expect(await bucket.changeClass('large classed', request)).toMatchObject({ parts: 2 });
		expect((await bucket.head('large classed')).storageClass).toBe('STANDARD_IA');
		expect((await bucket.get('large classed')).content.equals(content)).toBe(true);
		expect(await bucket.kept('large classed')).toEqual(before);
		expect(await bucket.openUploads()).toBe(0);
	});

	it('a version in another storage class is the newest, and the old ones stay', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		const { versionId } = await versioned.put('key', 'old');
		await versioned.put('key', 'newer');
		await versioned.changeClass('key', { storageClass: 'STANDARD_IA', versionId });
		expect((await versioned.get('key')).content.toString()).toBe('old');
		expect((await versioned.head('key')).storageClass).toBe('STANDARD_IA');
		expect(await versioned.versions()).toHaveLength(3);
	});

	it('a move leaves only the copy', async () => {
		await bucket.put('from', 'content', ALL);
		expect(await bucket.move('from', 'to')).toMatchObject({ sourceDeleted: true });
		expect((await bucket.get('to')).content.toString()).toBe('content');
		await expect(bucket.head('from')).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('a move that was made before finds no source, and a move onto itself is refused', async () => {
		await bucket.put('gone', 'content');
		await bucket.move('gone', 'moved');
		await expect(bucket.move('gone', 'moved')).rejects.toMatchObject({
			kind: 'notFound',
			message: expect.stringContaining('but the target “moved”') as string,
		});
		await expect(bucket.move('moved', 'moved')).rejects.toMatchObject({ kind: 'invalid' });
		expect((await bucket.get('moved')).content.toString()).toBe('content');
	});

	it('a move that must not overwrite keeps both objects', async () => {
		await bucket.put('from', 'content');
		await bucket.put('taken', 'other');
		const moving = bucket.move('from', 'taken', { overwrite: 'never' });
		await expect(moving).rejects.toMatchObject({ kind: 'precondition' });
		expect((await bucket.get('from')).content.toString()).toBe('content');
		expect((await bucket.get('taken')).content.toString()).toBe('other');
	});

	it('a move in a bucket with versions hides the source with a marker', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		const { versionId } = await versioned.put('from', 'content');
		await versioned.move('from', 'to');
		expect(await versioned.versions({ versionsOf: 'from' })).toMatchObject([
			{ isDeleteMarker: true },
			{ isDeleteMarker: false, versionId },
		]);
	});

	it('a move in a bucket with versions deletes the version that it has copied, if it is asked to', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		await versioned.put('from', 'old');
		await versioned.put('from', 'newer');
		await versioned.move('from', 'to', { deleteVersion: true });
		expect((await versioned.get('from')).content.toString()).toBe('old');
		expect((await versioned.get('to')).content.toString()).toBe('newer');
	});
}
