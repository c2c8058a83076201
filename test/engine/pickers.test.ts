import { ExpressionError } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { runPicker } from './n8n';

const bucket = 'some-bucket';
const server = withServer({ buckets: [bucket, 'other'] });
const { credential } = server;

beforeAll(() => {
	const keys = Array.from({ length: 250 }, (_, n) => `n/${String(n).padStart(3, '0')}`);
	server.store.putMany(bucket, [...keys, 'a b.txt']);
});

const namesOf = ({ results }: { results: Array<{ name: string; value: unknown }> }) =>
	results.map(({ name, value }) => {
		expect(value).toBe(name);
		return name;
	});

describe('the list of buckets', () => {
	const search = async (fields: object, filter?: string) =>
		namesOf(
			await runPicker(
				'searchBuckets',
				{ parameters: {}, credential: { ...credential, ...fields } },
				filter,
			),
		);

	it('the list of buckets has every bucket, and those that contain the filter', async () => {
		expect(await search({})).toContain(bucket);
		expect(await search({}, bucket.slice(3).toUpperCase())).toEqual([bucket]);
		expect(await search({}, 'no such')).toEqual([]);
	});

	it('the list of buckets cuts a long name in the middle, and gives all of it as the value', async () => {
		const long = `company-data-${'x'.repeat(39)}-production`;
		server.store.makeBucket(long, server.region);
		const settings = { parameters: {}, credential };
		expect((await runPicker('searchBuckets', settings, 'company')).results).toEqual([
			{ name: `company-data-x…${'x'.repeat(20)}-production`, value: long },
		]);
		server.store.buckets.delete(long);
	});

	it('the list of buckets has only the bucket of a credential that is limited to it', async () => {
		expect(await search({ bucket, bucketOnly: true })).toEqual([bucket]);
	});

	it('the list of buckets has the bucket of a credential that may not list buckets, or fails if it names none', async () => {
		const limited = server.credentialOf(server.users.limited);
		expect(await search({ ...limited, bucket })).toEqual([bucket]);
		await expect(search(limited)).rejects.toMatchObject({
			name: 'NodeApiError',
			// The picker shows so few lines that a longer sentence would push the way out out of sight.
			message: 'These keys may not list buckets',
			description: expect.stringMatching(
				/Choose “By Name”.*\(AccessDenied · 403 · request /,
			) as string,
		});
	});

	it('the list of buckets fails with the error of the server instead of being empty', async () => {
		await expect(search({ secretAccessKey: 'wrong' })).rejects.toMatchObject({
			name: 'NodeApiError',
			description: expect.stringContaining('SignatureDoesNotMatch') as string,
		});
	});
});

describe('the list of keys', () => {
	const search = async (
		filter?: string,
		token?: string,
		parameters: object = { bucket },
		fields: object = {},
	) =>
		await runPicker(
			'searchKeys',
			{
				parameters: { operation: 'get', ...parameters },
				credential: { ...credential, ...fields },
			},
			filter,
			token,
		);

	it('the list of keys says in few words that the keys may not list objects, and what to do', async () => {
		const limited = server.credentialOf(server.users.limited);
		await expect(search('', undefined, { bucket }, limited)).rejects.toMatchObject({
			name: 'NodeApiError',
			message: `These keys may not list the objects of bucket “${bucket}”`,
			description: expect.stringMatching(
				/^Choose “By Key” at the left of the field and type the key\. \(AccessDenied · 403 · request /,
			) as string,
		});
	});

	it('the list of keys goes through the bucket a hundred keys at a time', async () => {
		const pages = [await search('n/')];
		for (let last = pages[0]; last?.paginationToken !== undefined; last = pages.at(-1)) {
			pages.push(await search('n/', last.paginationToken));
		}
		expect(pages.map(({ results }) => results.length)).toEqual([100, 100, 50]);
		expect(new Set(pages.flatMap(namesOf)).size).toBe(250);
	});

	it('the list of keys has the keys that begin with the filter', async () => {
		expect(namesOf(await search('a'))).toEqual(['a b.txt']);
		expect(namesOf(await search('n/24'))).toHaveLength(10);
	});

	it('the list of keys has those that contain the filter, in any case, if none begins with it', async () => {
		expect(namesOf(await search('B.TXT'))).toEqual(['a b.txt']);
		expect(namesOf(await search('/24'))).toHaveLength(10);
		expect(namesOf(await search('no such'))).toEqual([]);
	});

	it('the list of keys leaves out the empty objects that consoles make for folders', async () => {
		server.store.putMany(bucket, ['folder/'], 0);
		server.store.putMany(bucket, ['folder/file', 'folder/kept/'], 3);
		expect(namesOf(await search('folder/'))).toEqual(['folder/file', 'folder/kept/']);
	});

	it('the list of keys cuts a long key in the middle, and gives all of it as the value', async () => {
		const key = `z/${'x'.repeat(60)}/part-00001.snappy.parquet`;
		server.store.putMany(bucket, [key]);
		const { results } = await search('z/');
		expect(results).toEqual([
			{ name: 'z/xxxxxxxxxxxx…xxxxx/part-00001.snappy.parquet', value: key },
		]);
	});

	it('the list of keys is of the bucket of the credential if the node names none', async () => {
		expect(namesOf(await search('a', undefined, { bucket: ' ' }, { bucket }))).toEqual(['a b.txt']);
	});

	it.each([
		{ __rl: true, mode: 'name' },
		{ __rl: true, mode: 'name', value: null },
	])(
		'the list of keys is not of the bucket of the credential if an expression gives the editor none: %j',
		async (entered) => {
			await expect(search('', undefined, { bucket: entered }, { bucket })).rejects.toMatchObject({
				message: 'The expression of Bucket gives nothing in the editor',
				description: expect.stringContaining('Run the nodes before this one') as string,
			});
		},
	);

	it('the lists say what to do if the credential holds an expression on items', async () => {
		const withExpression = () => {
			throw new ExpressionError("Node '' hasn't been executed");
		};
		const settings = { parameters: { bucket }, credential: withExpression };
		await expect(runPicker('searchKeys', settings)).rejects.toMatchObject({
			message: expect.stringContaining('The credential holds an expression on items') as string,
			description: expect.stringContaining('Choose “By Name” or “By Key”') as string,
		});
	});

	it('the list of keys asks for a bucket when there is none', async () => {
		await expect(search('', undefined, {})).rejects.toThrow('No bucket is given');
	});
});
