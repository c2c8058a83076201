import type { IDataObject } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

const del = (prefixes: unknown[], options: object = {}, settings: object = {}) =>
	runNode({
		items: prefixes.map((prefix) => ({ json: { prefix } as IDataObject })),
		parameters: {
			resource: 'object',
			operation: 'deleteByPrefix',
			prefix: '={{ $json.prefix }}',
			options: options as never,
		},
		credential,
		...settings,
	});

const operations = () => server.requests.map(({ operation }) => operation);
const isEmpty = () => server.store.bucket(bucket).isEmpty;

describe('Delete by Prefix', () => {
	it('Delete by Prefix deletes what each item asks for, and says how much', async () => {
		server.store.putMany(bucket, ['a/1', 'a/2', 'b/1', 'c']);
		const { outputs, error } = await del(['a/', 'b/', 'nothing/']);
		expect(error).toBeUndefined();
		const same = { bucket, failed: [], dryRun: false };
		expect(outputs[0]).toEqual([
			{ json: { ...same, prefix: 'a/', matched: 2, deleted: 2 }, pairedItem: { item: 0 } },
			{ json: { ...same, prefix: 'b/', matched: 1, deleted: 1 }, pairedItem: { item: 1 } },
			{ json: { ...same, prefix: 'nothing/', matched: 0, deleted: 0 }, pairedItem: { item: 2 } },
		]);
		expect(server.store.bucket(bucket).isEmpty).toBe(false);
	});

	it('a hint says of a prefix under which there is nothing what may be wrong with it', async () => {
		server.store.putMany(bucket, ['a/1']);
		const { hints } = await del(['/a/']);
		expect(hints.map(({ message }) => message)).toEqual([
			`No object of bucket “${bucket}” begins with “/a/”. So there is nothing to delete.`,
		]);
	});

	it('Delete by Prefix deletes 2,500 objects by three requests after the listing', async () => {
		const keys = Array.from({ length: 2500 }, (_, index) => `a/${index}`);
		server.store.putMany(bucket, keys);
		const { outputs, error } = await del(['a/'], { maxObjects: 2500, receipt: true });
		expect(error).toBeUndefined();
		expect(operations().filter((name) => name === 'DeleteObjects')).toHaveLength(3);
		const { receipt } = outputs[0]?.[0]?.json as { receipt: { key: string }[] };
		expect(receipt.map(({ key }) => key).sort()).toEqual(keys.sort());
		expect(isEmpty()).toBe(true);
	});

	it('Delete by Prefix deletes nothing if more than 1,000 objects match and nothing is set', async () => {
		server.store.putMany(
			bucket,
			Array.from({ length: 1001 }, (_, index) => `a/${index}`),
		);
		const { error } = await del(['a/']);
		expect(error?.message).toBe(
			`More than 1,000 objects under prefix “a/” of bucket “${bucket}” match, so nothing was deleted`,
		);
		expect(operations()).not.toContain('DeleteObjects');
	});

	it('Delete by Prefix only lists in a dry run', async () => {
		server.store.putMany(bucket, ['a/1', 'a/2']);
		const { outputs } = await del(['a/'], { dryRun: true, receipt: true });
		expect(outputs[0]?.[0]?.json).toMatchObject({
			matched: 2,
			deleted: 0,
			dryRun: true,
			receipt: [{ key: 'a/1' }, { key: 'a/2' }],
		});
		expect(operations()).toEqual(['ListObjectsV2']);
	});

	it('Delete by Prefix refuses an item whose prefix or filter is an expression that gives nothing', async () => {
		server.store.putMany(bucket, ['a/1', 'a/2']);
		const none = await del([undefined]);
		expect(none.error?.message).toContain('The prefix is empty');
		const filter = await del(['a/'], { modifiedBefore: '={{ $json.date }}' });
		expect(filter.error?.message).toBe(
			'The expression of Modified Before gave nothing for this item: "{{ $json.date }}"',
		);
		expect(server.requests).toEqual([]);
	});

	it.each([
		['modifiedBefore', 'Modified Before'],
		['modifiedAfter', 'Modified After'],
		['keyMatches', 'Key Matches'],
	])(
		'Delete by Prefix deletes nothing if the filter %s was added and left empty',
		async (name, label) => {
			server.store.putMany(bucket, ['a/1', 'a/2']);
			const { error } = await del(['a/'], { [name]: '' });
			expect(error?.message).toBe(`${label} is empty, so nothing was deleted`);
			expect(server.requests).toEqual([]);
		},
	);

	it('Delete by Prefix shows a hint when some objects could not be deleted', async () => {
		server.store.putMany(bucket, ['a/1', 'a/2']);
		server.faults.add({
			operation: 'DeleteObjects',
			effect: {
				kind: 'answer',
				status: 200,
				body: '<DeleteResult><Deleted><Key>a/1</Key></Deleted><Error><Key>a/2</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>',
			},
		});
		const { outputs, hints, error } = await del(['a/']);
		expect(error).toBeUndefined();
		expect(outputs[0]?.[0]?.json).toMatchObject({
			matched: 2,
			deleted: 1,
			failed: [
				{
					key: 'a/2',
					code: 'AccessDenied',
					message: `Could not delete “a/2” in bucket “${bucket}”: access denied`,
				},
			],
		});
		expect(JSON.stringify(hints)).toContain('1 of 2 objects');
	});

	it('Delete by Prefix fails if not one object could be deleted', async () => {
		server.store.putMany(bucket, ['a/1', 'a/2']);
		server.faults.add({
			operation: 'DeleteObjects',
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		});
		const { error } = await del(['a/']);
		expect(error?.message).toContain('access denied');
		expect(error?.description).toContain('s3:DeleteObject');
	});
});
