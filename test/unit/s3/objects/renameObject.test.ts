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
		['a move of what is different', { overwrite: 'ifDifferent' }],
		['a move to a folder', { key: 'a/' }],
		['a move of a folder', { source: { bucket, key: 'a/' } }],
	])('%s is no rename', (_, change) => {
		expect(mayRename({ source: s3, target: s3 }, { ...request, ...change })).toBe(false);
	});

	it('a move to another connection is no rename', () => {
		expect(mayRename({ source: s3, target: other.s3 }, request)).toBe(false);
	});
});
