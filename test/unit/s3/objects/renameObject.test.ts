import type { CopyRequest } from '../../../../s3/objects/CopyRequest';
import { moveObject } from '../../../../s3/objects/moveObject';
import { mayRename } from '../../../../s3/objects/renameObject';
import { rejectionOf } from '../../failureOf';
import { AWS, names, refusal, scriptedS3 } from './scriptedS3';

const call = { signal: undefined };
const bucket = 'logs--use1-az4--x-s3';
const request: CopyRequest = {
	source: { bucket, key: 'from/a+b ü' },
	bucket,
	key: 'to',
	metadataDirective: 'keep',
	tagsDirective: 'keep',
};

const serverWith = (renamed: () => unknown = () => ({})) =>
	scriptedS3(
		({ name }) =>
			name === 'HeadObject' ? { $metadata: {}, ETag: '"e"', ContentLength: 3 } : renamed(),
		AWS,
	);

describe('a move within a directory bucket', () => {
	it('a move within a directory bucket is a rename of the object that was looked at', async () => {
		const { s3, sent } = serverWith();
		const moved = await moveObject({ source: s3, target: s3 }, request, call);
		expect(moved).toMatchObject({
			source: { bucket, key: 'from/a+b ü', etag: 'e' },
			key: 'to',
			etag: 'e',
			size: 3,
			copiedBy: 'server',
			sourceDeleted: true,
		});
		expect(names(sent)).toEqual(['HeadObject', 'RenameObject']);
		expect(sent[1]?.input).toMatchObject({
			Bucket: bucket,
			Key: 'to',
			RenameSource: 'from/a%2Bb%20%C3%BC',
			SourceIfMatch: 'e',
			ClientToken: expect.stringMatching(/^[\w-]{36}$/) as string,
		});
	});

	it('a rename has the conditions of the move', async () => {
		const { s3, sent } = serverWith();
		const source = { ...request.source, ifMatch: '"f"' };
		const never = { ...request, source, overwrite: 'never' as const };
		await moveObject({ source: s3, target: s3 }, never, call);
		expect(sent[1]?.input).toMatchObject({ SourceIfMatch: 'f', DestinationIfNoneMatch: '*' });
		const ifMatch = { ...request, overwrite: 'ifMatch' as const, etag: 'g' };
		await moveObject({ source: s3, target: s3 }, ifMatch, call);
		expect(sent[3]?.input).toMatchObject({ DestinationIfMatch: 'g' });
	});

	it.each<[string, Partial<CopyRequest>]>([
		['the owner of the target', { expectedBucketOwner: '1' }],
		['the owner of the source', { source: { ...request.source, expectedBucketOwner: '1' } }],
	])('a rename makes sure of %s of its bucket', async (_, owner) => {
		const { s3, sent } = serverWith();
		await moveObject({ source: s3, target: s3 }, { ...request, ...owner }, call);
		expect(names(sent)).toEqual(['HeadObject', 'RenameObject']);
		expect(sent[0]?.input).toMatchObject({ ExpectedBucketOwner: '1' });
	});

	it.each<[string, Partial<CopyRequest>]>([
		['content headers', { contentType: 'text/csv' }],
		['tags', { tags: { a: 'b' } }],
	])('a rename refuses new %s, which it would ignore, before any request', async (_, change) => {
		const { s3, sent } = serverWith();
		const connections = { source: s3, target: s3 };
		const failure = await rejectionOf(moveObject(connections, { ...request, ...change }, call));
		expect(failure.kind).toBe('invalid');
		expect(sent).toEqual([]);
	});

	it('a rename of what is not there says whether the target is, as an earlier run may have moved it', async () => {
		const { s3, sent } = scriptedS3(({ input: { Key: key } }) => {
			if (key === 'to') return { $metadata: {}, ETag: '"e"', ContentLength: 3 };
			throw refusal({ kind: 'notFound', operation: 'HeadObject', bucket, key: key as string });
		}, AWS);
		const failure = await rejectionOf(moveObject({ source: s3, target: s3 }, request, call));
		expect(failure.message).toContain('it is not there, but the target “to”');
		expect(failure.advice).toContain('An earlier run may have moved it');
		expect(names(sent)).toEqual(['HeadObject', 'HeadObject']);
	});

	it('a rename that is refused for its conditions says that nothing was changed', async () => {
		const { s3 } = serverWith(() => {
			throw refusal({ kind: 'precondition', status: 412 });
		});
		const failure = await rejectionOf(moveObject({ source: s3, target: s3 }, request, call));
		expect(failure.message).toContain(
			`Could not rename “from/a+b ü” in bucket “${bucket}” to “to”`,
		);
		expect(failure.advice).toContain('Nothing was changed');
	});
});

describe('what is renamed', () => {
	const { s3 } = serverWith();
	const other = serverWith();
	it.each<[string, Partial<CopyRequest>]>([
		['a move to another bucket', { bucket: 'other--use1-az4--x-s3' }],
		['a move in a general purpose bucket', { bucket: 'b', source: { bucket: 'b', key: 'k' } }],
		['a move with new metadata', { metadataDirective: 'replace' }],
		['a move to another class', { storageClass: 'STANDARD' }],
		['a move with an encryption', { encryption: { kind: 's3' } }],
		['a move with new tags', { tagsDirective: 'replace', tags: { a: 'b' } }],
		['a move of what is different', { overwrite: 'ifDifferent' }],
		['a move to a folder', { key: 'a/' }],
		['a move of a folder', { source: { bucket, key: 'a/' } }],
		[
			'a move that expects two owners',
			{ expectedBucketOwner: '1', source: { ...request.source, expectedBucketOwner: '2' } },
		],
	])('%s is no rename', (_, change) => {
		expect(mayRename({ source: s3, target: s3 }, { ...request, ...change })).toBe(false);
	});

	it('a move to another connection is no rename', () => {
		expect(mayRename({ source: s3, target: other.s3 }, request)).toBe(false);
	});
});
