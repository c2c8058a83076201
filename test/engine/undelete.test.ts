/** Undelete, List Versions, and what Get reads of a version, in a bucket that keeps versions. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { keyBytes } from '../servers/embedded/store';
import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

const run = async (operation: string, parameters: INodeParameters, json: IDataObject = {}) => {
	const { outputs, error, hints } = await runNode({
		items: [{ json }],
		parameters: { resource: 'object', operation, ...parameters },
		credential,
	});
	return { error, hints, rows: (outputs[0] ?? []).map((item) => item.json) };
};

const left = (...keys: string[]) =>
	keys.filter((key) => server.store.bucket(bucket).get(keyBytes(key)) !== undefined);

beforeEach(async () => {
	const enabled = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
	await send(credential, 'PUT', `/${bucket}?versioning`, { body: enabled });
	await putAll(credential, bucket, { 'a/1': 'one', 'a/2': 'two', b: 'three' });
	server.requests.length = 0;
});

it('Get gives the tags of the version that it has read, also if another one was put since', async () => {
	const headers = { 'x-amz-tagging': 'of=read' };
	await send(credential, 'PUT', `/${bucket}/tagged`, { body: 'x', headers });
	const when = ({ operation }: { operation?: string | undefined }) => {
		if (operation === 'GetObjectTagging') server.store.putMany(bucket, ['tagged']);
		return false;
	};
	server.faults.add({ effect: { kind: 'loseAnswer' }, when });
	const { rows } = await run('get', { key: 'tagged', options: { includeTags: true } });
	expect(rows).toMatchObject([{ tags: { of: 'read' } }]);
});

describe('Undelete', () => {
	it.each(['get', 'getMetadata'])(
		'Undelete is what the error of %s advises for an object that was deleted',
		async (operation) => {
			await run('delete', { key: 'b' });
			expect((await run(operation, { key: 'b' })).error?.description).toContain(
				'Undelete brings it back',
			);
			const { error } = await run(operation, { key: 'never there' });
			expect(error?.description).toContain('Keys are case sensitive');
		},
	);

	it('Undelete brings back what the receipt of the Delete by Prefix before it lists', async () => {
		const deleted = await run('deleteByPrefix', { prefix: 'a/', options: { receipt: true } });
		expect(left('a/1', 'a/2', 'b')).toEqual(['b']);
		const { rows, error } = await run('undelete', { undeleteBy: 'receipt' }, deleted.rows[0]);
		expect(error).toBeUndefined();
		expect(rows).toMatchObject([{ bucket, restored: 2, failed: [], dryRun: false }]);
		expect(left('a/1', 'a/2', 'b')).toEqual(['a/1', 'a/2', 'b']);
	});

	it('Undelete without a key says which key is missing', async () => {
		const { error } = await run('undelete', { undeleteBy: 'key', key: '' });
		expect(error).toMatchObject({
			message: 'The key is empty',
			description: 'Enter the Key of the object to bring back.',
		});
	});

	it('Undelete does not say of the receipt of a dry run that its objects are deleted', async () => {
		const options = { receipt: true, dryRun: true };
		const dry = await run('deleteByPrefix', { prefix: 'a/', options });
		const { rows, hints } = await run(
			'undelete',
			{ undeleteBy: 'receipt', receipt: '={{ $json.receipt }}' },
			dry.rows[0],
		);
		const failed = ['a/1', 'a/2'].map((key) => ({
			key,
			code: 'noDeleteMarker',
			message: `The receipt names no delete marker of “${key}” in bucket “${bucket}”: it comes from a dry run, or the object was deleted permanently`,
		}));
		expect(rows).toMatchObject([{ restored: 0, failed }]);
		expect(JSON.stringify(hints)).toContain(`2 objects of bucket “${bucket}” could not be brought`);
		expect(left('a/1', 'a/2')).toEqual(['a/1', 'a/2']);
	});

	it.each([{}, { versionId: '' }, { versionId: null }])(
		'Undelete deletes nothing for a receipt whose delete markers have no ID: %j',
		async (version) => {
			const marker = (key: string) => ({ key, deleteMarker: true, ...version });
			const receipt = JSON.stringify([marker('a/1'), marker('a/2')]);
			server.requests.length = 0;
			const { rows } = await run('undelete', { undeleteBy: 'receipt', receipt });
			const failed = [{ key: 'a/1', code: 'noDeleteMarker' }, { key: 'a/2' }];
			expect(rows).toMatchObject([{ restored: 0, objects: [], failed }]);
			expect(server.requests).toEqual([]);
			expect(left('a/1', 'a/2')).toEqual(['a/1', 'a/2']);
		},
	);

	it('Undelete parses a long receipt in pieces, so that n8n does its other work', async () => {
		const { parse } = JSON;
		const lengths: number[] = [];
		const spy = jest.spyOn(JSON, 'parse').mockImplementation((text) => {
			lengths.push(text.length);
			return parse(text) as unknown;
		});
		const receipt = `[${'{"key":""},'.repeat(50_000)}1]`;
		const { error } = await run('undelete', { undeleteBy: 'receipt', receipt });
		spy.mockRestore();
		expect(error?.message).toBe('The receipt is not a list of objects with a key');
		expect(lengths.filter((length) => length > receipt.length / 2)).toEqual([]);
	});

	it('Undelete says of the receipt of a deletion without versions that it is for good', async () => {
		const receipt = '[{"key":"a/9","deleteMarker":false}]';
		const { rows } = await run('undelete', { undeleteBy: 'receipt', receipt });
		expect(rows).toMatchObject([{ failed: [{ key: 'a/9', code: 'deletedForGood' }] }]);
	});

	it('Undelete does not say that objects are there again whose versions were all deleted', async () => {
		await run('delete', { key: 'a/1' });
		const options = { receipt: true, allVersions: true };
		const deleted = await run('deleteByPrefix', { prefix: 'a/1', options });
		server.requests.length = 0;
		const { rows } = await run(
			'undelete',
			{ undeleteBy: 'receipt', receipt: '={{ $json.receipt }}' },
			deleted.rows[0],
		);
		const gone = { key: 'a/1', code: 'deletedForGood' };
		expect(rows).toMatchObject([{ restored: 0, objects: [], failed: [gone, gone] }]);
		expect(server.requests).toEqual([]);
	});

	it('Undelete does not say that an object is there again of which there was only a delete marker', async () => {
		const { versionId } = (await run('listVersions', { versionsOf: 'a/1' })).rows[0]!;
		await run('delete', { key: 'a/1' });
		await run('delete', { key: 'a/1', options: { versionId: versionId as string } });
		const options = { receipt: true, allVersions: true };
		const deleted = await run('deleteByPrefix', { prefix: 'a/1', options });
		expect(deleted.rows).toMatchObject([{ matched: 1, receipt: [{ deleteMarker: true }] }]);
		const { rows } = await run(
			'undelete',
			{ undeleteBy: 'receipt', receipt: '={{ $json.receipt }}' },
			deleted.rows[0],
		);
		expect(rows).toMatchObject([{ restored: 0, failed: [{ code: 'deletedForGood' }] }]);
	});

	it('Undelete does not say that an object is there again whose delete marker is gone and which was deleted again', async () => {
		const byReceipt = { undeleteBy: 'receipt', receipt: '={{ $json.receipt }}' };
		const deleted = await run('deleteByPrefix', { prefix: 'a/', options: { receipt: true } });
		await run('undelete', byReceipt, deleted.rows[0]);
		await run('delete', { key: 'a/1' });
		const { rows } = await run('undelete', byReceipt, deleted.rows[0]);
		expect(rows).toMatchObject([
			{ restored: 1, objects: [{ key: 'a/2' }], failed: [{ key: 'a/1', code: 'noVersion' }] },
		]);
		expect(left('a/1', 'a/2')).toEqual(['a/2']);
	});

	it('Undelete fails with the receipt of another bucket', async () => {
		const receipt = JSON.stringify([{ key: 'c', versionId: 'x', deleteMarker: true }]);
		const { error } = await run('undelete', { undeleteBy: 'receipt', receipt });
		expect(error?.message).toBe(
			`Could not bring back “c” in bucket “${bucket}”: its delete marker x is not there, and neither is the object`,
		);
		expect(error?.description).toContain('The receipt is that of another bucket');
	});

	it('Undelete asks only for objects of which the server does not say that it has removed a marker', async () => {
		const deleted = await run('deleteByPrefix', { prefix: 'a/', options: { receipt: true } });
		server.requests.length = 0;
		await run('undelete', { undeleteBy: 'receipt' }, deleted.rows[0]);
		expect(server.requests.map(({ operation }) => operation)).toEqual(['DeleteObjects']);
	});

	it.each([
		['deleteByPrefix', { prefix: 'a/', options: { receipt: true } }, '={{ $json.receipt }}'],
		['delete', { key: 'a/1' }, '={{ [$json] }}'],
	])(
		'Undelete brings back what %s has deleted by a request that was repeated',
		async (name, given, receipt) => {
			const when = ({ operation }: { operation?: string | undefined }) =>
				operation?.startsWith('DeleteObject') === true;
			server.faults.add({ effect: { kind: 'loseAnswer' }, times: 1, when });
			const deleted = await run(name, given);
			expect(JSON.stringify(deleted.rows)).toContain('"repeated":true');
			expect(left('a/1')).toEqual([]);
			const { rows } = await run('undelete', { undeleteBy: 'receipt', receipt }, deleted.rows[0]);
			expect(rows).toMatchObject([{ failed: [] }]);
			expect(left('a/1')).toEqual(['a/1']);
		},
	);

	describe('while versions are suspended', () => {
		const suspended =
			'<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>';
		const options = { receipt: true };
		const bringBack = { undeleteBy: 'receipt', receipt: '={{ $json.receipt }}' };
		beforeEach(async () => {
			await send(credential, 'PUT', `/${bucket}?versioning`, { body: suspended });
		});

		it('Undelete removes the marker of the version null if there is a version below it', async () => {
			const deleted = await run('deleteByPrefix', { prefix: 'a/', options });
			const { rows } = await run('undelete', bringBack, deleted.rows[0]);
			expect(rows).toMatchObject([{ restored: 2, failed: [] }]);
			expect(left('a/1', 'a/2')).toEqual(['a/1', 'a/2']);
		});

		it('Undelete does not say that an object is there again which was replaced by its marker', async () => {
			await putAll(credential, bucket, { new: 'content' });
			const deleted = await run('deleteByPrefix', { prefix: 'new', options });
			const { rows } = await run('undelete', bringBack, deleted.rows[0]);
			expect(rows).toMatchObject([{ restored: 0, failed: [{ key: 'new', code: 'noVersion' }] }]);
		});

		it('Undelete does not delete the object that was put in the place of a marker', async () => {
			const deleted = await run('deleteByPrefix', { prefix: 'a/1', options });
			await putAll(credential, bucket, { 'a/1': 'put since' });
			const { rows } = await run('undelete', bringBack, deleted.rows[0]);
			expect(rows).toMatchObject([{ restored: 0, failed: [{ key: 'a/1', code: 'noVersion' }] }]);
			expect(server.store.bucket(bucket).get(keyBytes('a/1'))?.content?.size).toBe(9);
		});

		it('Undelete as of a moment does not replace the newer version null', async () => {
			const now = Date.now();
			await putAll(credential, bucket, { 'a/1': 'put since' });
			const [newest, first] = server.store.bucket(bucket).allOf(keyBytes('a/1'));
			first!.lastModified = new Date(now - 60_000);
			newest!.lastModified = new Date(now - 1000);
			const asOf = new Date(now - 30_000).toISOString();
			for (const dryRun of [true, false]) {
				const { rows, error } = await run('undelete', { key: 'a/1', asOf, options: { dryRun } });
				if (error === undefined) expect(rows).toMatchObject([{ restored: 0 }]);
				else expect(error.message).toContain('its newer version null would be lost');
			}
			expect(server.store.bucket(bucket).get(keyBytes('a/1'))?.content?.size).toBe(9);
			const enabled = suspended.replace('Suspended', 'Enabled');
			await send(credential, 'PUT', `/${bucket}?versioning`, { body: enabled });
			await run('undelete', { key: 'a/1', asOf });
			expect(server.store.bucket(bucket).get(keyBytes('a/1'))?.content?.size).toBe(3);
			expect(server.store.bucket(bucket).allOf(keyBytes('a/1'))).toHaveLength(3);
		});
	});

	it('Undelete as of a moment takes what was put in the second in which the object was deleted', async () => {
		await run('delete', { key: 'b' });
		await putAll(credential, bucket, { b: 'put after the deletion' });
		await putAll(credential, bucket, { b: 'put much later' });
		const [latest, ...older] = server.store.bucket(bucket).allOf(keyBytes('b'));
		latest!.lastModified = new Date(Date.now() + 60_000);
		const second = new Date('2026-01-01T00:00:00.000Z');
		for (const version of older) version.lastModified = second;
		const listed = await run('listVersions', { versionsOf: 'b' });
		expect(listed.rows.map(({ isDeleteMarker }) => isDeleteMarker)).toEqual([
			...[false, false, true, false],
		]);
		await run('undelete', { key: 'b', asOf: second.toISOString() });
		const { rows } = await run('get', { key: 'b', as: 'text' });
		expect(rows).toMatchObject([{ text: 'put after the deletion' }]);
	});

	it('Undelete brings back one object or all under a prefix', async () => {
		await run('deleteByPrefix', { prefix: 'a/' });
		const dry = await run('undelete', {
			undeleteBy: 'prefix',
			prefix: 'a/',
			options: { dryRun: true },
		});
		expect(dry.rows).toMatchObject([{ prefix: 'a/', restored: 2, dryRun: true }]);
		expect(left('a/1', 'a/2')).toEqual([]);
		const one = await run('undelete', { key: 'a/1' });
		expect(one.rows).toMatchObject([
			{ key: 'a/1', restored: 1, objects: [{ key: 'a/1', by: 'markersRemoved' }] },
		]);
		expect(left('a/1', 'a/2')).toEqual(['a/1']);
		await run('undelete', { undeleteBy: 'prefix', prefix: 'a/' });
		expect(left('a/1', 'a/2')).toEqual(['a/1', 'a/2']);
	});

	it('Undelete shows a hint when there is nothing to bring back', async () => {
		const { rows, hints } = await run('undelete', { key: 'b' });
		expect(rows).toEqual([
			{ bucket, key: 'b', restored: 0, objects: [], failed: [], dryRun: false },
		]);
		expect(JSON.stringify(hints)).toContain('hidden by a delete marker');
		// It was not there then.
		const before = await run('undelete', { key: 'b', asOf: '2000-01-01T00:00:00Z' });
		expect(JSON.stringify(before.hints)).toContain(
			'There was nothing to bring back: every object that matches is as it was at that moment, or has no version that old.',
		);
	});

	it.each([
		[{ undeleteBy: 'receipt', receipt: '[{"versionId":"x"}]' }, 'The receipt is not a list'],
		[{ undeleteBy: 'receipt', receipt: '{' }, 'The receipt is not a list'],
		[{ undeleteBy: 'prefix', prefix: '={{ $json.no }}' }, 'The expression of Prefix gave nothing'],
		[{ key: 'b', asOf: '={{ $json.no }}' }, 'The expression of As Of gave nothing'],
		[{ undeleteBy: 'key', key: '={{ $json.no }}' }, 'The expression of Key gave nothing'],
	] as [INodeParameters, string][])(
		'Undelete refuses %j without a request',
		async (given, message) => {
			const { error } = await run('undelete', given);
			expect(error?.message).toContain(message);
			expect(server.requests).toEqual([]);
		},
	);
});

describe('List Versions', () => {
	it('List Versions gives what the filter lets through', async () => {
		const options = { keyMatches: '*/2' };
		const { rows } = await run('listVersions', { prefix: 'a/', options });
		expect(rows.map(({ key }) => key)).toEqual(['a/2']);
	});

	it('List Versions gives an item for each version and delete marker', async () => {
		await run('delete', { key: 'b' });
		const { rows } = await run('listVersions', { versionsOf: 'b' });
		expect(rows).toMatchObject([
			{ bucket, key: 'b', isLatest: true, isDeleteMarker: true, size: 0 },
			{ bucket, key: 'b', isLatest: false, isDeleteMarker: false, size: 5 },
		]);
	});

	it('List Versions does not list all keys if the expression of one gives nothing', async () => {
		const { error } = await run('listVersions', { versionsOf: '={{ $json.nope }}' });
		expect(error?.message).toContain('The expression of Versions Of gave nothing for this item');
		expect(server.requests).toEqual([]);
	});

	it('List Versions stops at its limit', async () => {
		const { rows } = await run('listVersions', { prefix: 'a/', limit: 1 });
		expect(rows.map(({ key }) => key)).toEqual(['a/1']);
	});

	it('List Versions gives one item with a list, and says whether there are more', async () => {
		const listed = await run('listVersions', { prefix: 'a/', output: 'array', limit: 1 });
		expect(listed.error).toBeUndefined();
		expect(listed.rows).toMatchObject([
			{ bucket, prefix: 'a/', count: 1, truncated: true, versions: [{ key: 'a/1', size: 3 }] },
		]);
		const all = await run('listVersions', { versionsOf: 'b', output: 'array', limit: 1 });
		expect(all.rows).toMatchObject([{ versionsOf: 'b', count: 1, truncated: false }]);
	});

	it.each(['items', 'array', 'ndjson'])(
		'List Versions with Output set to %s says why it found nothing',
		async (output) => {
			const why = async (parameters: INodeParameters) => {
				const { hints, error } = await run('listVersions', { output, ...parameters });
				expect(error).toBeUndefined();
				return hints.map(({ message }) => message);
			};
			expect(await why({ prefix: '/a' })).toEqual([
				'No object of bucket “bucket” begins with “/a”. Keys seldom begin with a slash: try “a”.',
			]);
			expect(await why({ versionsOf: '/b' })).toEqual([
				'No version of “/b” was found in bucket “bucket”. This key begins with a slash, which S3 takes for part of the name: try “b”.',
			]);
			expect(await why({ versionsOf: 'B' })).toEqual([
				'No version of “B” was found in bucket “bucket”. Keys are case sensitive, and the options may leave versions out.',
			]);
			expect(await why({ versionsOf: 'b' })).toEqual([]);
		},
	);
});
