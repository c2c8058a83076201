/** What is done to all objects under a prefix loses nothing else if any request fails, and can be run again. */
import { deleteWithContent } from '../../../s3/objects/prefix/deleteWithContent';
import { deletePrefix } from '../../../s3/objects/prefix/deletePrefix';
import type { DeletePrefixRequest, PrefixDeletion } from '../../../s3/objects/prefix/deletePrefix';
import { undelete } from '../../../s3/objects/prefix/undelete';
import type { Undeletion, UndeleteRequest } from '../../../s3/objects/prefix/undelete';
import { keyBytes } from '../../servers/embedded/store';
import type { Bucket, Version } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import { failEachRequestOf } from './eachRequest';
import type { Operation } from './eachRequest';
import { objectIn, wholeObject, wrongOf } from './wholeObjects';

const templates = 'templates';
const server = withConnection({ bucketsOfEachTest: [templates], leavesUploads: true });

let older: Version;
let newer: Version;
beforeEach(async () => {
	const bucket = server.store.bucket(templates);
	older = await wholeObject(server.s3, bucket, 'older');
	newer = await wholeObject(server.s3, bucket, 'newer');
});

/** The last one cannot stand in XML, and goes by itself. */
const KEYS = ['p/1', 'p/2', 'p/ä&', 'p/\u0001'];

const put = (bucket: Bucket, key: string, version: Version, second: number): Version => {
	const made = bucket.put(keyBytes(key), version);
	made.lastModified = new Date(1000 * second);
	return made;
};

function hide(bucket: Bucket, key: string, second: number): void {
	bucket.putDeleteMarker(keyBytes(key)).lastModified = new Date(1000 * second);
}

const deleting = (
	request: Partial<DeletePrefixRequest>,
	versioning?: Bucket['versioning'],
): Operation => ({
	prepare: (bucket) => {
		bucket.versioning = versioning;
		for (const key of [...KEYS, 'q']) {
			put(bucket, key, older, 1);
			if (versioning !== undefined) put(bucket, key, newer, 2);
		}
	},
	run: async (s3, bucket, call) =>
		await deletePrefix(
			s3,
			{ bucket, prefix: 'p/', maxObjects: 100, dryRun: false, allVersions: false, ...request },
			call,
		),
	isPartly: (result) => (result as PrefixDeletion).failed.length > 0,
	wrongs: ({ result }, bucket) => {
		const { deletions = [], failed = [] } = (result ?? {}) as Partial<PrefixDeletion>;
		const isThere = ({ key, versionId, permanent }: PrefixDeletion['deletions'][number]) =>
			permanent === true
				? bucket?.allOf(keyBytes(key)).some((version) => version.versionId === versionId) === true
				: objectIn(bucket, key) !== undefined;
		const wrongs = deletions
			.filter(isThere)
			.map(({ key }) => `says that ${key} is deleted, which is there`);
		if (objectIn(bucket, 'q') === undefined) wrongs.push('what has another prefix is gone');
		if (failed.length === 0 && result !== undefined && objectIn(bucket, 'p/1') !== undefined)
			wrongs.push('not all is deleted');
		return wrongs;
	},
});

/** All that there was before is there still. */
const lostVersions = (bucket: Bucket | undefined, before: readonly [string, Version][]): string[] =>
	before
		.filter(([key, { versionId }]) =>
			bucket?.allOf(keyBytes(key)).every((version) => version.versionId !== versionId),
		)
		.map(([key]) => `a version of ${key} is lost`);

const undeleting = (
	request: Pick<UndeleteRequest, 'scope'> & Partial<UndeleteRequest>,
): Operation => {
	const before = new Map<string, [string, Version][]>();
	return {
		prepare: (bucket) => {
			bucket.versioning = 'Enabled';
			const made: [string, Version][] = [];
			for (const key of KEYS) {
				made.push([key, put(bucket, key, older, 1)]);
				hide(bucket, key, 9);
				hide(bucket, key, 10);
			}
			for (const key of ['p/changed', 'p/changed too']) {
				made.push([key, put(bucket, key, older, 1)], [key, put(bucket, key, newer, 9)]);
			}
			before.set(bucket.name, made);
		},
		run: async (s3, bucket, call) =>
			await undelete(s3, { bucket, dryRun: false, ...request }, call),
		isPartly: (result) => (result as Undeletion).failed.length > 0,
		wrongs: ({ result }, bucket) => {
			const { restored = [] } = (result ?? {}) as Partial<Undeletion>;
			return [
				...lostVersions(bucket, before.get(bucket?.name ?? '') ?? []),
				...restored.flatMap(({ key }) => {
					const wrong = wrongOf(objectIn(bucket, key), older);
					return wrong === undefined ? [] : [`says that ${key} is restored, which ${wrong}`];
				}),
			];
		},
		wrongsOfNext: (next, _, bucket) => {
			if (next.failure !== undefined) return [`failed: ${next.failure.message}`];
			const wrong = KEYS.filter((key) => wrongOf(objectIn(bucket, key), older) !== undefined);
			return wrong.map((key) => `${key} is not restored`);
		},
	};
};

/** A deletion whose receipt brings everything back. */
const returning: Operation = {
	...deleting({}, 'Enabled'),
	run: async (s3, bucket, call) => {
		const request = { bucket, prefix: 'p/', maxObjects: 100, dryRun: false, allVersions: false };
		const { deletions, failed } = await deletePrefix(s3, request, call);
		const undone = await undelete(
			s3,
			{ bucket, scope: { receipt: deletions }, dryRun: false },
			call,
		);
		return { failed: [...failed, ...undone.failed], restored: undone.restored };
	},
	wrongs: ({ result }, bucket) => {
		const { restored = [] } = (result ?? {}) as Partial<Undeletion>;
		return restored.flatMap(({ key }) => {
			const wrong = wrongOf(objectIn(bucket, key), newer);
			return wrong === undefined ? [] : [`says that ${key} is restored, which ${wrong}`];
		});
	},
};

const removing: Operation = {
	prepare: async (bucket, s3) => {
		bucket.versioning = 'Enabled';
		for (const key of KEYS) {
			put(bucket, key, older, 1);
			hide(bucket, key, 2);
		}
		for (const Key of ['u1', 'u2']) {
			await s3.send('CreateMultipartUpload', { Bucket: bucket.name, Key }, { signal: undefined });
		}
	},
	run: async (s3, bucket, call) => {
		await deleteWithContent(s3, { bucket, maxObjects: 100 }, call);
	},
	wrongs: ({ failure }, bucket) =>
		failure === undefined && bucket !== undefined ? ['the bucket is there'] : [],
	wrongsOfNext: ({ failure }, _, bucket) =>
		bucket === undefined && (failure === undefined || failure.code === 'NoSuchBucket')
			? []
			: [`then failed: ${failure?.message ?? ''}`],
};

const CASES: Record<string, Operation> = {
	'deletion by prefix': deleting({}),
	'deletion by prefix in a bucket with versions': deleting({}, 'Enabled'),
	'deletion of all versions under a prefix': deleting({ allVersions: true }, 'Enabled'),
	'deletion by prefix in a bucket whose versions are suspended': deleting({}, 'Suspended'),
	'deletion and its receipt': returning,
	'removal of delete markers': undeleting({ scope: { prefix: 'p/' } }),
	'return to a moment': undeleting({ scope: { prefix: 'p/' }, asOf: new Date(5000) }),
	'removal of a bucket with all that is in it': removing,
};

failEachRequestOf(server, CASES, (where) => `a %s on ${where} loses nothing if any request fails`);
