import { deletePrefix } from '../../../../../s3/objects/prefix/deletePrefix';
import type { DeletePrefixRequest } from '../../../../../s3/objects/prefix/deletePrefix';
import { withConnection } from '../../../../servers/withServer';
import { rejectionOf } from '../../../failureOf';

const bucket = 'bucket';
const server = withConnection({ bucketsOfEachTest: [bucket] });
const call = { signal: undefined };

const del = async (request: Partial<DeletePrefixRequest> = {}) =>
	await deletePrefix(
		server.s3,
		{ bucket, prefix: 'p/', maxObjects: 3, dryRun: false, allVersions: false, ...request },
		call,
	);

const operations = () => server.requests.map(({ operation }) => operation);

describe('deletePrefix', () => {
	it('deletePrefix refuses an empty prefix without a request', async () => {
		expect(await rejectionOf(del({ prefix: '' }))).toMatchObject({
			kind: 'invalid',
			message: `The prefix is empty, which would delete everything in bucket “${bucket}”`,
		});
		expect(server.requests).toEqual([]);
	});

	it('deletePrefix deletes nothing if more objects match than are allowed', async () => {
		server.store.putMany(bucket, ['p/1', 'p/2', 'p/3', 'p/4']);
		expect(await rejectionOf(del())).toMatchObject({
			kind: 'invalid',
			message: `More than 3 objects under prefix “p/” of bucket “${bucket}” match, so nothing was deleted`,
		});
		expect(operations()).toEqual(['ListObjectsV2']);
		expect((await del({ maxObjects: 4 })).matched).toBe(4);
	});

	it('deletePrefix lists only what it would delete in a dry run', async () => {
		server.store.putMany(bucket, ['p/1', 'p/2', 'q']);
		const { matched, deletions, failed } = await del({ dryRun: true });
		expect({ matched, failed }).toEqual({ matched: 2, failed: [] });
		expect(deletions.map(({ key }) => key)).toEqual(['p/1', 'p/2']);
		expect(operations()).toEqual(['ListObjectsV2']);
	});

	it('deletePrefix counts only what the filter lets through', async () => {
		server.store.putMany(bucket, ['p/1.tmp', 'p/2', 'p/3', 'p/4', 'p/5.tmp']);
		const { deletions } = await del({ keyMatches: '**/*.tmp' });
		expect(deletions.map(({ key }) => key)).toEqual(['p/1.tmp', 'p/5.tmp']);
	});

	it('deletePrefix sends no deletion if nothing matches', async () => {
		expect(await del()).toEqual({ matched: 0, deletions: [], failed: [] });
		expect(operations()).toEqual(['ListObjectsV2']);
	});

	it('deletePrefix tells of the objects that could not be deleted', async () => {
		server.store.putMany(bucket, ['p/1', 'p/2']);
		server.faults.add({
			operation: 'DeleteObjects',
			effect: {
				kind: 'answer',
				status: 200,
				body: '<DeleteResult><Deleted><Key>p/1</Key></Deleted><Error><Key>p/2</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>',
			},
		});
		const { deletions, failed } = await del();
		expect(deletions.map(({ key }) => key)).toEqual(['p/1']);
		expect(failed).toMatchObject([{ key: 'p/2', code: 'AccessDenied' }]);
	});

	it('deletePrefix says of all versions that they are gone for good, also in a dry run, and of objects not', async () => {
		server.store.bucket(bucket).versioning = 'Enabled';
		server.store.putMany(bucket, ['p/1']);
		for (const dryRun of [true, false]) {
			const { deletions } = await del({ allVersions: true, dryRun });
			expect(deletions).toMatchObject([{ key: 'p/1', deleteMarker: false, permanent: true }]);
		}
		server.store.putMany(bucket, ['p/1']);
		const { deletions } = await del();
		expect(deletions).toMatchObject([{ key: 'p/1', deleteMarker: true, permanent: undefined }]);
	});

	it('deletePrefix deletes nothing if more versions match than are allowed', async () => {
		server.store.bucket(bucket).versioning = 'Enabled';
		for (let version = 1; version <= 4; version++) server.store.putMany(bucket, ['p/1']);
		expect((await rejectionOf(del({ allVersions: true }))).message).toBe(
			`More than 3 versions under prefix “p/” of bucket “${bucket}” match, so nothing was deleted`,
		);
		expect(operations()).toEqual(['ListObjectVersions']);
	});
});
