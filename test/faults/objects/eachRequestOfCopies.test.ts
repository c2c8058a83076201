/** A copy or move of which any request fails loses nothing, and can be run again. */
import { changeStorageClass } from '../../../s3/objects/changeStorageClass';
import { copyBetween } from '../../../s3/objects/copyBetween';
import type { CopyRequest } from '../../../s3/objects/copyBetween';
import { moveObject } from '../../../s3/objects/moveObject';
import type { MoveRequest } from '../../../s3/objects/moveObject';
import { PART_LIMITS } from '../../../s3/write/partSizes';
import { keyBytes } from '../../servers/embedded/store';
import type { Bucket, Version } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import { failEachRequestOf } from './eachRequest';
import type { End, Operation } from './eachRequest';
import { namesTags, objectIn, wholeObject, wrongOf } from './wholeObjects';

const templates = 'templates';
const server = withConnection({
	bucketsOfEachTest: [templates],
	minimumPartSize: 1,
	leavesUploads: true,
});
const KiB = 1024;
const LIMITS = { ...PART_LIMITS, usualPartSize: KiB, step: 1 };
const IN_PARTS = { multipartThreshold: KiB };

let whole: Version;
beforeEach(async () => {
	const content = Buffer.alloc(3 * KiB - 1, 'abc');
	whole = await wholeObject(server.s3, server.store.bucket(templates), content);
});

const requestFor = (bucket: string, request: Partial<CopyRequest>): CopyRequest => ({
	bucket,
	key: 'copy',
	metadataDirective: 'keep',
	tagsDirective: 'keep',
	...request,
	source: { bucket, key: 'key', ...request.source },
});

/** Whether a copy may be there without its tags, and the failure says so, or that it may be there. */
const mayLackTags = ({ failure }: End): boolean =>
	failure?.message.includes('but its tags could not be set') === true ||
	['unavailable', 'unreachable'].includes(failure?.kind ?? '');

/** What is wrong with a copy: it is there or not, and is there if the run says so. */
function wrongsOfCopy(end: End, copy: Version | undefined, older: Version | undefined): string[] {
	const wrong = wrongOf(copy, whole);
	if (wrong === undefined) return [];
	if (end.failure === undefined) return [`the copy ${wrong}`];
	if (mayLackTags(end) && wrong === 'has other tags') return [];
	const isAsBefore = copy === undefined ? older === undefined : copy.etag === older?.etag;
	return isAsBefore ? [] : [`a copy that failed ${wrong}`];
}

const wrongsOfSource = (bucket: Bucket | undefined): string[] => {
	const wrong = wrongOf(objectIn(bucket, 'key'), whole);
	return wrong === undefined ? [] : [`the source ${wrong}`];
};

const putSource = (bucket: Bucket): void => void bucket.put(keyBytes('key'), whole);

const copying = (request: Partial<CopyRequest>): Operation => ({
	prepare: putSource,
	run: async (s3, bucket, call) =>
		await copyBetween({ source: s3, target: s3 }, requestFor(bucket, request), call, LIMITS),
	wrongs: (end, bucket) => [
		...wrongsOfSource(bucket),
		// What is refused is judged by `wrongsOfNext`.
		...(end.failure?.kind === 'precondition'
			? []
			: wrongsOfCopy(end, objectIn(bucket, 'copy'), undefined)),
	],
	wrongsOfNext: (next, first, bucket) => {
		if (next.failure === undefined) return [];
		// What the first run has made is there, perhaps without its tags, and must not be overwritten.
		const wrong = wrongOf(objectIn(bucket, 'copy'), whole);
		const isThere = wrong === undefined || (mayLackTags(first) && wrong === 'has other tags');
		const isDone = isThere && request.overwrite === 'never' && next.failure.kind === 'precondition';
		return isDone ? [] : [`then failed: ${next.failure.message} after ${String(first.failure)}`];
	},
});

const moving = (request: Partial<MoveRequest>, versioning?: Bucket['versioning']): Operation => ({
	prepare: (bucket) => {
		bucket.versioning = versioning;
		putSource(bucket);
	},
	run: async (s3, bucket, call) =>
		await moveObject(
			{ source: s3, target: s3 },
			{ ...requestFor(bucket, request), deleteVersion: request.deleteVersion },
			call,
			LIMITS,
		),
	wrongs: (end, bucket) => {
		const copy = objectIn(bucket, 'copy');
		const source = objectIn(bucket, 'key');
		const wrong = wrongOf(copy, whole);
		if (end.failure === undefined && source !== undefined) return ['the source is there'];
		if (source === undefined) return wrong === undefined ? [] : [`the only object ${wrong}`];
		return [...wrongsOfSource(bucket), ...wrongsOfCopy(end, copy, undefined)];
	},
	wrongsOfNext: (next, _, bucket) => {
		const isMoved =
			next.failure === undefined ||
			next.failure.advice.includes('An earlier run may have moved it already');
		const isThere = wrongOf(objectIn(bucket, 'copy'), whole) === undefined;
		const isGone = objectIn(bucket, 'key') === undefined;
		if (isMoved && isThere && isGone) return [];
		return [`then was not moved: ${next.failure?.message ?? 'but says so'}`];
	},
});

/** The same bytes under the same key; bytes and tags must stay. */
/** Buckets whose object may have lost its tags, which a failure has named. */
const named = new Set<string | undefined>();
const changingClass = (request: object): Operation => ({
	prepare: putSource,
	run: async (s3, bucket, call) =>
		await changeStorageClass(
			s3,
			{ bucket, key: 'key', storageClass: 'STANDARD_IA', ...request },
			call,
			LIMITS,
		),
	wrongs: (end, bucket) => {
		const found = objectIn(bucket, 'key');
		const wrong = wrongOf(found, whole);
		if (namesTags(end.failure)) named.add(bucket?.name);
		if (wrong === 'has other tags' && named.has(bucket?.name)) return [];
		const isChanged = found?.headers['x-amz-storage-class'] === 'STANDARD_IA';
		if (end.failure === undefined && !isChanged) return ['the class is the old one'];
		return wrong === undefined ? [] : [`the object ${wrong}`];
	},
});

/** Other metadata for the same object; its tags must stay. */
const replacingMetadata: Operation = {
	prepare: putSource,
	run: async (s3, bucket, call) => {
		const replaced = { metadataDirective: 'replace', metadata: { one: '2' } } as const;
		const request = requestFor(bucket, { key: 'key', ...replaced });
		return await copyBetween({ source: s3, target: s3 }, request, call, LIMITS);
	},
	wrongs: (end, bucket) => {
		if (namesTags(end.failure)) named.add(bucket?.name);
		const found = objectIn(bucket, 'key');
		if (found === undefined) return ['the object is gone'];
		const isNew = found.headers['x-amz-meta-one'] === '2';
		if (end.failure === undefined && !isNew) return ['the metadata is the old one'];
		const wrong = wrongOf({ ...found, headers: whole.headers }, whole);
		if (wrong === undefined || (wrong === 'has other tags' && named.has(bucket?.name))) return [];
		return [`the object ${wrong}`];
	},
};

const CASES: Record<string, Operation> = {
	'replacement of metadata': replacingMetadata,
	'copy by one request': copying({}),
	'copy by one request that must not overwrite': copying({ overwrite: 'never' }),
	'copy by one request with new tags': copying({
		tagsDirective: 'replace',
		tags: { a: 'b', c: 'd' },
	}),
	'copy in parts': copying(IN_PARTS),
	'copy in parts that must not overwrite': copying({ ...IN_PARTS, overwrite: 'never' }),
	'move by one request': moving({}),
	'move by one request that must not overwrite': moving({ overwrite: 'never' }),
	'move in parts': moving(IN_PARTS),
	'move in parts that must not overwrite': moving({ ...IN_PARTS, overwrite: 'never' }),
	'move in a bucket with versions': moving({}, 'Enabled'),
	'move of a version': moving({ deleteVersion: true }, 'Enabled'),
	'move in a bucket whose versions are suspended': moving({ deleteVersion: true }, 'Suspended'),
	'change of the storage class': changingClass({}),
	'change of the storage class in parts': changingClass(IN_PARTS),
};

failEachRequestOf(server, CASES, (where) => `a %s on ${where} loses nothing if any request fails`);
