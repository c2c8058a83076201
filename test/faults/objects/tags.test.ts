/** Tags that somebody else changes at the same time, and responses that are lost. */
import { getTags, setTags } from '../../../s3/objects/tags';
import type { ObjectRequest } from '../../../s3/headers/requester';
import type { TagsChange } from '../../../s3/objects/tags';
import { rejectionOf } from '../../unit/failureOf';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const CONFLICT = { kind: 'answer', status: 409, code: 'OperationAborted' } as const;

const set = (change: TagsChange, request: Partial<ObjectRequest> = {}) =>
	setTags(objects.s3, { bucket, key: 'key', ...request }, change, call);

it('tags are written again when the response was lost', async () => {
	await objects.put('key');
	const lose = { times: 1, effect: { kind: 'loseAnswer' } } as const;
	objects.server.faults.add({ operation: 'PutObjectTagging', ...lose });
	expect((await set({ mode: 'replace', tags: { a: '1' } })).tags).toEqual({ a: '1' });
	expect(objects.stored('key')?.tags).toEqual({ a: '1' });
});

it('tags are merged with those that are there after a conflict', async () => {
	await objects.put('key');
	objects.server.faults.add({
		operation: 'PutObjectTagging',
		times: 1,
		when: () => {
			objects.stored('key')!.tags = { theirs: 'x' };
			return true;
		},
		effect: CONFLICT,
	});
	expect((await set({ mode: 'merge', tags: { ours: 'y' } })).tags).toEqual({
		theirs: 'x',
		ours: 'y',
	});
	expect(objects.stored('key')?.tags).toEqual({ theirs: 'x', ours: 'y' });
});

it.each<[string, TagsChange]>([
	['<Tag><Value>1</Value></Tag>', { mode: 'merge', tags: { ours: 'y' } }],
	['<Tag><Key></Key><Value>1</Value></Tag>', { mode: 'remove', names: ['a'] }],
])('nothing is written if the server gives a tag without a name: %s %j', async (tag, change) => {
	await objects.put('key');
	objects.server.faults.add({
		operation: 'GetObjectTagging',
		effect: {
			kind: 'answer',
			status: 200,
			headers: { 'content-type': 'application/xml' },
			body: `<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag>${tag}</TagSet></Tagging>`,
		},
	});
	const failure = await rejectionOf(set(change));
	expect(failure.message).toContain('the response holds no tags, or one without a name');
	expect(objects.sent('PutObjectTagging')).toEqual([]);
});

it('a conflict that does not end is one that can be run again', async () => {
	await objects.put('key');
	objects.server.faults.add({ operation: 'PutObjectTagging', effect: CONFLICT });
	expect(await rejectionOf(set({ mode: 'replace', tags: { a: '1' } }))).toMatchObject({
		kind: 'precondition',
		code: 'OperationAborted',
		message: `Could not set the tags of “key” in bucket “${bucket}”: somebody else is changing the same thing at this moment`,
	});
	expect(objects.sent('PutObjectTagging').length).toBeGreaterThanOrEqual(5);
});

it('tags of a version are those of that version alone', async () => {
	objects.bucket.versioning = 'Enabled';
	const { versionId } = await objects.put('key');
	const newest = await objects.put('key');
	const changed = await set({ mode: 'merge', tags: { old: 'yes' } }, { versionId });
	expect(changed).toMatchObject({ versionId, tags: { old: 'yes' } });
	expect(objects.stored('key')?.tags).toEqual({});
	const now = await getTags(objects.s3, { bucket, key: 'key' }, call);
	expect(now).toEqual({ bucket, key: 'key', versionId: newest.versionId, tags: {} });
});

it('the version is named whose tags were written, if the object is replaced meanwhile', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key');
	objects.server.faults.add({
		operation: 'PutObjectTagging',
		when: () => {
			objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: CONFLICT,
	});
	const { versionId } = await set({ mode: 'merge', tags: { a: '1' } });
	expect(versionId).toBe(objects.stored('key')?.versionId);
	expect(objects.stored('key')?.tags).toEqual({ a: '1' });
});

it('tags that the server does not take are named in its own words, with what AWS takes', async () => {
	await objects.put('key');
	const failure = await rejectionOf(set({ mode: 'replace', tags: { a: 'b&c' } }));
	expect(failure).toMatchObject({
		kind: 'rejected',
		code: 'InvalidTag',
		message: `Could not set the tags of “key” in bucket “${bucket}”: The TagValue you have provided is invalid`,
		advice: 'On AWS tags have letters, digits, spaces and + - = . _ : / @ in names and values.',
	});
	objects.server.faults.add({ effect: { kind: 'emptyMessage' } });
	const silent = await rejectionOf(set({ mode: 'replace', tags: { a: 'b&c' } }));
	expect(silent.message).toBe(`Could not set the tags of “key” in bucket “${bucket}”: InvalidTag`);
});

it('a version that is a delete marker is said to have no tags', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key');
	const marker = await objects.s3.send('DeleteObject', { Bucket: bucket, Key: 'key' }, call);
	const request = { bucket, key: 'key', versionId: marker.VersionId };
	const reading = await rejectionOf(getTags(objects.s3, request, call));
	const writing = await rejectionOf(set({ mode: 'replace', tags: {} }, request));
	const isMarker = '“key” in bucket “objects”: this version is a delete marker';
	expect(reading.message).toBe(`Could not get the tags of ${isMarker}`);
	expect(writing.message).toBe(`Could not set the tags of ${isMarker}`);
});
