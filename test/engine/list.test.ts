import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { contentOf, runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const objects = {
	'a.txt': 'a',
	'logs/': '',
	'logs/2026/x.log': 'xx',
	'logs/2026/y, "z".log': 'yyy',
	'logs/b.log': 'bbbb',
	'year=2026/month=08/__proto__=x/z=.csv': 'c',
	'é+ %2F&\n.txt': 'odd',
};
/** The order of S3 is that of the bytes in UTF-8. */
const keys = Object.keys(objects).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

const bucket = 'bucket';
const formulasBucket = 'formulas';
const server = withServer({ buckets: [bucket, formulasBucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeAll(async () => {
	await putAll(credential, bucket, objects);
});

const list = (parameters: object) =>
	runNode({ parameters: { resource: 'object', operation: 'list', ...parameters }, credential });

const listedKeys = async (parameters: object) => {
	const { outputs, error } = await list(parameters);
	if (error !== undefined) throw error;
	return (outputs[0] ?? []).map(({ json }) => json.key ?? json.prefix);
};

describe('list as items', () => {
	it('List gives an item for each object, in S3’s order, with keys exactly as stored', async () => {
		const { outputs } = await list({ returnAll: true });
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(keys);
		expect(outputs[0]?.[0]).toEqual({
			json: {
				bucket,
				key: 'a.txt',
				size: 1,
				etag: '0cc175b9c0f1b6a831c399e269772661',
				lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
				storageClass: 'STANDARD',
			},
			pairedItem: { item: 0 },
		});
	});

	it.each(['items', 'array', 'csv'])(
		'List as %s says why it found nothing, and nothing if it found something',
		async (output) => {
			const { hints } = await list({ output, prefix: '/logs' });
			expect(hints.map(({ message }) => message)).toEqual([
				`No object of bucket “${bucket}” begins with “/logs”. Keys seldom begin with a slash: try “logs”.`,
			]);
			expect((await list({ output, prefix: 'logs' })).hints).toEqual([]);
		},
	);

	it.each([
		[{ limit: 2 }, keys.slice(0, 2)],
		[{ limit: '={{ "2" }}' }, keys.slice(0, 2)],
		[{ returnAll: '={{ "false" }}', limit: 1 }, keys.slice(0, 1)],
		[{ prefix: 'logs/' }, keys.filter((key) => key.startsWith('logs/'))],
		[{ prefix: 'logs/', options: { delimiter: '/' } }, ['logs/', 'logs/2026/', 'logs/b.log']],
		[
			{ prefix: 'logs/', options: { excludePrefixItself: true } },
			keys.filter((key) => key.startsWith('logs/') && key !== 'logs/'),
		],
		[{ options: { keyMatches: '**/*.log' } }, keys.filter((key) => key.endsWith('.log'))],
		[{ options: { minSize: 3 } }, ['logs/2026/y, "z".log', 'logs/b.log', 'é+ %2F&\n.txt']],
		[{ options: { minSize: '2', maxSize: 2 } }, ['logs/2026/x.log']],
		[{ options: { startAfter: 'logs/b.log' } }, keys.slice(keys.indexOf('logs/b.log') + 1)],
		[{ options: { modifiedBefore: '2020-01-01' } }, []],
		[{ options: { modifiedAfter: '2020-01-01' } }, keys],
		[{ options: { modifiedBefore: '={{ $now.minus({ days: 7 }) }}' } }, []],
		[{ options: { modifiedAfter: '={{ new Date(0) }}' } }, keys],
		[{ prefix: 'nothing/' }, []],
	])('List with %p gives %p', async (parameters, expected) => {
		expect(await listedKeys(parameters)).toEqual(expected);
	});

	it('List adds the parts of the key as partitions, whatever their names are', async () => {
		const options = { partitionColumns: true };
		const { outputs } = await list({ prefix: 'year=', options });
		expect(Object.entries(outputs[0]?.[0]?.json.partitions ?? {})).toEqual([
			['year', '2026'],
			['month', '08'],
			['__proto__', 'x'],
		]);
	});

	it('List adds the owner when asked', async () => {
		const { outputs } = await list({ limit: 1, options: { fetchOwner: true } });
		expect(outputs[0]?.[0]?.json.owner).toEqual(
			expect.objectContaining({ id: expect.any(String) as string }),
		);
	});
});

describe('list as an array', () => {
	it('List as an array gives one item with all objects', async () => {
		const { outputs } = await list({ output: 'array', returnAll: true });
		expect(outputs[0]).toHaveLength(1);
		expect(outputs[0]?.[0]?.json).toMatchObject({ bucket, count: keys.length, truncated: false });
		const listed = outputs[0]?.[0]?.json.objects as Array<{ key: string }>;
		expect(listed.map(({ key }) => key)).toEqual(keys);
	});

	it('List as an array says when it was cut, and where to go on', async () => {
		const { outputs } = await list({ output: 'array', limit: 2 });
		const { truncated, nextStartAfter } = outputs[0]?.[0]?.json ?? {};
		expect({ truncated, nextStartAfter }).toEqual({ truncated: true, nextStartAfter: keys[1] });
		const options = { startAfter: nextStartAfter };
		expect(await listedKeys({ options })).toEqual(keys.slice(2));
	});

	it('List as an array gives an empty one for a prefix without objects', async () => {
		const { outputs } = await list({ output: 'array', prefix: 'nothing/' });
		expect(outputs[0]?.[0]?.json).toMatchObject({ count: 0, truncated: false, objects: [] });
	});
});

describe('list as a file', () => {
	const fileOf = async (parameters: object) => {
		const { outputs, error } = await list({ returnAll: true, ...parameters });
		if (error !== undefined) throw error;
		const [item] = outputs[0] ?? [];
		return { item, text: String(await contentOf(item?.binary?.data)) };
	};

	it('List as a file writes a JSON object on each line', async () => {
		const { item, text } = await fileOf({ output: 'ndjson' });
		const lines = text.trimEnd().split('\n');
		expect(lines.map((line) => (JSON.parse(line) as { key: string }).key)).toEqual(keys);
		expect(item?.json).toEqual({ bucket, count: keys.length, truncated: false });
		expect(item?.binary?.data).toMatchObject({
			fileName: 'objects.ndjson',
			mimeType: 'application/x-ndjson',
		});
	});

	it('List as a file writes CSV that a reader of RFC 4180 takes apart again', async () => {
		const { item, text } = await fileOf({ output: 'csv', options: { fileName: 'my.csv' } });
		const rows = parseCsv(text);
		expect(rows[0]).toEqual(['bucket', 'key', 'size', 'etag', 'lastModified', 'storageClass']);
		expect(rows.slice(1).map(([, key]) => key)).toEqual(keys);
		expect(rows.every((row) => row.length === 6)).toBe(true);
		expect(item?.binary?.data).toMatchObject({ fileName: 'my.csv', mimeType: 'text/csv' });
	});

	it('List as a file has columns in CSV for what the options add', async () => {
		const options = {
			delimiter: '/',
			partitionColumns: true,
			fetchOwner: true,
			includeRestoreStatus: true,
		};
		const { text } = await fileOf({ output: 'csv', options });
		const rows = parseCsv(text);
		expect(rows[0]).toEqual(
			['bucket', 'prefix', 'key', 'size', 'etag', 'lastModified', 'storageClass'].concat([
				'ownerId',
				'ownerDisplayName',
				'restoreState',
				'restoreExpiresAt',
				'partitions',
			]),
		);
		expect(rows.map(([, prefix]) => prefix)).toContain('logs/');
		expect(rows.at(-2)?.at(-1)).toBe('{"year":"2026"}');
	});

	it('List as a file has an apostrophe before formulas if it is to be safe for spreadsheets', async () => {
		const formulas = ['=1+1', '+1', '-1', '@a', '\tb', '\rc'];
		const others = ['1=1', "'=1"];
		const contents = [...formulas, ...others].map((key): [string, string] => [key, 'x']);
		await putAll(credential, formulasBucket, Object.fromEntries(contents));
		const parameters = { bucket: formulasBucket, output: 'csv' };
		const keysIn = (text: string) => new Set(parseCsv(text).map(([, key]) => key));
		const plain = await fileOf(parameters);
		expect(keysIn(plain.text)).toEqual(new Set(['key', ...formulas, ...others]));
		const safe = await fileOf({ ...parameters, options: { spreadsheetSafe: true } });
		const quoted = formulas.map((key) => `'${key}`);
		expect(keysIn(safe.text)).toEqual(new Set(['key', ...quoted, ...others]));
	});

	it.each([
		['ndjson', ''],
		['csv', 'bucket,key,size,etag,lastModified,storageClass\r\n'],
	])('List as a file writes %s of nothing as %p', async (output, content) => {
		expect((await fileOf({ output, prefix: 'nothing/' })).text).toBe(content);
	});
});

/** RFC 4180. */
function parseCsv(text: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	for (const [, quoted, plain = '', end] of text.matchAll(
		/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g,
	)) {
		if (end === '' && quoted === undefined && plain === '' && row.length === 0) break;
		row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
		if (end !== ',') {
			rows.push(row);
			row = [];
		}
	}
	return rows;
}
