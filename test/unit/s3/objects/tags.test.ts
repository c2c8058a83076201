import { getTags, getTagsOfVersion, setTags } from '../../../../s3/objects/tags';
import type { Tags, TagsChange } from '../../../../s3/objects/tags';
import { rejectionOf } from '../../failureOf';
import { names, refusal, scriptedS3 } from './scriptedS3';
import type { SentCall } from './scriptedS3';

const object = { bucket: 'b', key: 'k' };
/** No time is left after a first failure, so that as few attempts are made as possible. */
const call = { signal: undefined, retryFor: 0.001 };
const conflict = refusal({ kind: 'precondition', status: 409, code: 'OperationAborted' });

const tagSet = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const written = ({ input }: SentCall) => (input.Tagging as { TagSet: unknown } | undefined)?.TagSet;

/** Changes the tags of an object that has these; each failure is thrown once by its call. */
async function change(
	before: Tags,
	asked: TagsChange,
	{
		failures = {},
		versions = {},
		versionId,
	}: {
		failures?: Record<string, Error[]>;
		versions?: Record<string, string>;
		versionId?: string | undefined;
	} = {},
) {
	const { s3, sent } = scriptedS3(({ name }) => {
		const failure = failures[name]?.shift();
		if (failure !== undefined) throw failure;
		const VersionId = versions[name];
		return name === 'GetObjectTagging' ? { TagSet: tagSet(before), VersionId } : { VersionId };
	});
	const result = await setTags(s3, { ...object, versionId }, asked, call);
	return { sent, result, names: names(sent) };
}

beforeEach(() => {
	// No waiting between attempts.
	jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
	jest.restoreAllMocks();
});

describe('getTags', () => {
	it('getTags reads them as an object, names of every kind', async () => {
		const tags = JSON.parse('{"a":"","__proto__":"p","constructor":"c","Ü 😀":"="}') as Tags;
		const { s3, sent } = scriptedS3(() => ({ TagSet: tagSet(tags), VersionId: 'v' }));
		const request = { ...object, requestPayer: true, expectedBucketOwner: '111122223333' };
		const result = await getTags(s3, request, call);
		expect(Object.entries(result.tags)).toEqual(Object.entries(tags));
		expect(result).toMatchObject({ ...object, versionId: 'v' });
		expect(sent[0]?.input).toEqual({
			Bucket: 'b',
			Key: 'k',
			VersionId: undefined,
			RequestPayer: 'requester',
			ExpectedBucketOwner: '111122223333',
		});
	});

	it('getTags names the version that was asked for if the server does not', async () => {
		const { s3 } = scriptedS3(() => ({ TagSet: [] }));
		expect(await getTags(s3, { ...object, versionId: 'v' }, call)).toEqual({
			...object,
			versionId: 'v',
			tags: {},
		});
	});
});

describe('setTags', () => {
	it.each<[string, Tags, TagsChange, Tags, string[]]>([
		[
			'merged',
			{ a: '1', b: '2' },
			{ mode: 'merge', tags: { b: '3', c: '4' } },
			{ a: '1', b: '3', c: '4' },
			['GetObjectTagging', 'PutObjectTagging'],
		],
		[
			'replaced',
			{ a: '1' },
			{ mode: 'replace', tags: { b: '2' } },
			{ b: '2' },
			['PutObjectTagging'],
		],
		[
			'removed',
			{ a: '1', b: '2' },
			{ mode: 'remove', names: ['a', 'x'] },
			{ b: '2' },
			['GetObjectTagging', 'PutObjectTagging'],
		],
		['replaced by none', { a: '1' }, { mode: 'replace', tags: {} }, {}, ['PutObjectTagging']],
		[
			'removed to the last',
			{ a: '1' },
			{ mode: 'remove', names: ['a'] },
			{},
			['GetObjectTagging', 'PutObjectTagging'],
		],
		[
			'merged without a change',
			{ a: '1' },
			{ mode: 'merge', tags: { a: '1' } },
			{ a: '1' },
			['GetObjectTagging'],
		],
		[
			'removed where there are none',
			{},
			{ mode: 'remove', names: ['a'] },
			{},
			['GetObjectTagging'],
		],
		[
			'merged with a name that every object has',
			{ a: '1' },
			{ mode: 'merge', tags: JSON.parse('{"__proto__":"p","toString":"t"}') as Tags },
			JSON.parse('{"a":"1","__proto__":"p","toString":"t"}') as Tags,
			['GetObjectTagging', 'PutObjectTagging'],
		],
	])(
		'setTags gives what the object has after tags were %s',
		async (_, before, asked, after, calls) => {
			const { sent, result, names: made } = await change(before, asked);
			expect(Object.entries(result.tags)).toEqual(Object.entries(after));
			expect(made).toEqual(calls);
			const put = sent.find(({ name }) => name === 'PutObjectTagging');
			if (put !== undefined) {
				expect(written(put)).toEqual(tagSet(after));
				expect(put.input.ChecksumAlgorithm).toBe('MD5');
			}
		},
	);

	it('setTags asks for one version throughout', async () => {
		const { sent } = await change({ a: '1' }, { mode: 'remove', names: ['a'] }, { versionId: 'v' });
		expect(sent.map(({ input }) => input.VersionId)).toEqual(['v', 'v']);
	});

	it.each([
		['that it has written', { GetObjectTagging: 'old', PutObjectTagging: 'new' }, undefined, 'new'],
		[
			'that it has read, if the server names no other',
			{ GetObjectTagging: 'old' },
			undefined,
			'old',
		],
		['that was asked for, if the server names none', {}, 'v', 'v'],
	])('setTags names the version %s', async (_, versions, versionId, expected) => {
		const asked = { mode: 'merge', tags: { b: '2' } } as const;
		const { result } = await change({ a: '1' }, asked, { versions, versionId });
		expect(result.versionId).toBe(expected);
	});

	it('setTags begins again when somebody else changes the tags at the same time', async () => {
		const asked = { mode: 'merge', tags: { b: '2' } } as const;
		const failures = { PutObjectTagging: [conflict, conflict] };
		const { names: made } = await change({ a: '1' }, asked, { failures });
		expect(made).toEqual([
			'GetObjectTagging',
			'PutObjectTagging',
			'GetObjectTagging',
			'PutObjectTagging',
			'GetObjectTagging',
			'PutObjectTagging',
		]);
	});

	it('setTags gives up after five conflicts, and at once after another failure', async () => {
		const asked = { mode: 'replace', tags: { b: '2' } } as const;
		const conflicts = { PutObjectTagging: Array.from({ length: 9 }, () => conflict) };
		expect(await rejectionOf(change({}, asked, { failures: conflicts }))).toBe(conflict);
		expect(conflicts.PutObjectTagging).toHaveLength(4);
		const denied = refusal({ kind: 'denied', status: 403 });
		const failures = { PutObjectTagging: [denied, denied] };
		expect(await rejectionOf(change({}, asked, { failures }))).toBe(denied);
		expect(failures.PutObjectTagging).toHaveLength(1);
	});

	it('setTags is cancelled while it waits after a conflict', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(1);
		const controller = new AbortController();
		const { s3, sent } = scriptedS3(() => {
			setImmediate(() => controller.abort());
			throw conflict;
		});
		const asked = { mode: 'replace', tags: { b: '2' } } as const;
		const failure = await rejectionOf(setTags(s3, object, asked, { signal: controller.signal }));
		expect(failure.kind).toBe('cancelled');
		expect(sent).toHaveLength(1);
	});
});

describe('several changes of tags at once', () => {
	/** Changes a tag of each object at the same time, on a server that takes a while for each request. */
	async function changeAll(...requests: object[]) {
		const stored: Record<string, { Key: string; Value: string }[]> = {};
		const { s3, sent } = scriptedS3(async ({ name, input }) => {
			const id = JSON.stringify([input.Key, input.VersionId]);
			await new Promise(setImmediate);
			if (name === 'PutObjectTagging') {
				stored[id] = (input.Tagging as { TagSet: (typeof stored)[string] }).TagSet;
			}
			return { TagSet: stored[id] ?? [] };
		});
		const changes = requests.map((request, index) =>
			setTags(s3, { ...object, ...request }, { mode: 'merge', tags: { [`t${index}`]: '' } }, call),
		);
		const results = await Promise.all(changes);
		return { sent: names(sent), results: results.map(({ tags }) => Object.keys(tags)) };
	}

	it('changes of one object at once wait for each other, so that none is lost', async () => {
		const { sent, results } = await changeAll({}, {}, {});
		expect(results).toEqual([['t0'], ['t0', 't1'], ['t0', 't1', 't2']]);
		expect(sent).toEqual([1, 2, 3].flatMap(() => ['GetObjectTagging', 'PutObjectTagging']));
	});

	it('changes of several objects or versions at once do not wait for each other', async () => {
		const { sent } = await changeAll({}, { key: 'other' }, { versionId: 'v' });
		expect(sent.slice(0, 3)).toEqual([1, 2, 3].map(() => 'GetObjectTagging'));
	});

	it('a change does not fail because the one before it has failed', async () => {
		const failure = refusal({ kind: 'denied' });
		const { s3 } = scriptedS3((_, { length }) => {
			if (length === 1) throw failure;
			return {};
		});
		const asked = { mode: 'replace', tags: { a: '1' } } as const;
		const first = setTags(s3, object, asked, call);
		const second = setTags(s3, object, asked, call);
		expect(await rejectionOf(first)).toBe(failure);
		expect((await second).tags).toEqual({ a: '1' });
	});
});

describe('tags that S3 cannot keep', () => {
	const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`t${index}`, '']));

	it.each<[string, Tags]>([
		['it would have 11 tags, and S3 keeps at most 10', eleven],
		['the tag name “” has 0 characters', { '': 'x' }],
		[`the tag name “${'x'.repeat(128)}” has 129 characters`, { ['x'.repeat(129)]: '' }],
		['the value of the tag “a” has 257 characters', { a: 'x'.repeat(257) }],
		['the value of the tag “a” has 258 characters', { a: '😀'.repeat(129) }],
		['the tag name “AWS:a” begins with “aws:”', { 'AWS:a': 'x' }],
	])('tags that S3 cannot keep are refused before any request: %s', async (why, tags) => {
		for (const mode of ['merge', 'replace'] as const) {
			if (mode === 'merge' && tags === eleven) continue;
			const { s3, sent } = scriptedS3(() => ({}));
			const failure = await rejectionOf(setTags(s3, object, { mode, tags }, call));
			expect(failure).toMatchObject({
				kind: 'invalid',
				message: `Could not set the tags of “k” in bucket “b”: ${why}`,
				...object,
			});
			expect(sent).toEqual([]);
		}
	});

	it.each<[string, Tags]>([
		['a name of 128 characters', { ['x'.repeat(128)]: '' }],
		['a value of 256 characters', { a: '😀'.repeat(128) }],
		['a name with aws: inside', { 'my-aws:a': '' }],
		['ten', Object.fromEntries(Object.entries(eleven).slice(1))],
	])('tags that S3 can keep are those with %s', async (_, tags) => {
		expect((await change({}, { mode: 'replace', tags })).result.tags).toEqual(tags);
	});

	it('tags stay as they are if those that are there make too many', async () => {
		const asked = { mode: 'merge', tags: { one: 'more' } } as const;
		const ten = Object.fromEntries(Object.entries(eleven).slice(1));
		const failure = await rejectionOf(change(ten, asked));
		expect(failure.message).toContain('it would have 11 tags');
	});
});

describe('the tags of a version that was read', () => {
	/** The tags of a version of an object whose newest version is another one. */
	async function tagsOf(versionId: string | undefined, newest: string | undefined) {
		const { s3, sent } = scriptedS3(({ input }) => {
			const VersionId = (input.VersionId as string | undefined) ?? newest;
			return { TagSet: tagSet({ of: VersionId ?? '' }), VersionId };
		});
		const tags = await getTagsOfVersion(s3, object, versionId, call);
		return { tags, asked: sent.map(({ input }) => input.VersionId) };
	}

	it.each([
		['v1', 'v1'],
		['v1', undefined],
		[undefined, undefined],
		[undefined, 'v2'],
	])('of the version %p they are asked for once if the newest is %p', async (read, newest) => {
		expect((await tagsOf(read, newest)).asked).toEqual([undefined]);
	});

	it('they are asked for by its ID if the object was replaced meanwhile', async () => {
		expect(await tagsOf('v1', 'v2')).toEqual({ tags: { of: 'v1' }, asked: [undefined, 'v1'] });
	});
});
