import { withServer } from '../servers/withServer';
import { send } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeEach(async () => {
	const headers = { 'x-amz-tagging': 'project=n8n&state=new' };
	await send(credential, 'PUT', `/${bucket}/key`, { body: 'x', headers });
	server.requests.length = 0;
});

const operations = () => server.requests.map(({ operation }) => operation);

const getTags = (key = 'key') =>
	runNode({ parameters: { resource: 'object', operation: 'getTags', key }, credential });

const setTags = (mode: string, tags: Record<string, string>, key = 'key') =>
	runNode({
		parameters: {
			resource: 'object',
			operation: 'setTags',
			key,
			mode,
			tags: { tag: Object.entries(tags).map(([name, value]) => ({ name, value })) },
		},
		credential,
	});

const tagsNow = async () => (await getTags()).outputs[0]?.[0]?.json.tags;

describe('the tags of an object', () => {
	it('the tags of an object are read by one request', async () => {
		const { outputs, error } = await getTags();
		expect(error).toBeUndefined();
		expect(outputs[0]).toEqual([
			{
				json: { bucket, key: 'key', tags: { project: 'n8n', state: 'new' } },
				pairedItem: { item: 0 },
			},
		]);
		expect(operations()).toEqual(['GetObjectTagging']);
	});

	it('the tags of an object are empty for an object without any', async () => {
		await send(credential, 'PUT', `/${bucket}/plain`, { body: 'x' });
		expect((await getTags('plain')).outputs[0]?.[0]?.json.tags).toEqual({});
	});

	it.each([
		[
			'merge',
			{ state: 'done', 'Ü b': ' a+b=c/d@e ' },
			{ project: 'n8n', state: 'done', 'Ü b': ' a+b=c/d@e ' },
		],
		['replace', { only: 'this' }, { only: 'this' }],
		['replace', {}, {}],
		['remove', { state: '', other: '' }, { project: 'n8n' }],
		['remove', { state: '', project: '' }, {}],
	])('the tags of an object are changed by %s of %j to %j', async (mode, tags, expected) => {
		const { outputs, error } = await setTags(mode, tags);
		expect(error).toBeUndefined();
		expect(outputs[0]?.[0]?.json.tags).toEqual(expected);
		expect(await tagsNow()).toEqual(expected);
	});

	it('the tags of an object are those of the last item that sets them, however long the others take', async () => {
		server.faults.add({
			operation: 'PutObjectTagging',
			times: 1,
			effect: { kind: 'latency', ms: 300 },
		});
		const { error } = await runNode({
			items: ['one', 'two'].map((n) => ({ json: { n } })),
			parameters: {
				resource: 'object',
				operation: 'setTags',
				key: 'key',
				mode: 'replace',
				tags: { tag: [{ name: 'n', value: '={{ $json.n }}' }] },
			},
			credential,
		});
		expect(error).toBeUndefined();
		expect(await tagsNow()).toEqual({ n: 'two' });
	});

	it('the tags of an object are not written when there is nothing to change', async () => {
		await setTags('merge', { state: 'new' });
		await setTags('remove', { other: '' });
		expect(operations()).toEqual(['GetObjectTagging', 'GetObjectTagging']);
	});

	it('the tags of an object are not read when they are replaced', async () => {
		await setTags('replace', { a: 'b' });
		expect(operations()).toEqual(['PutObjectTagging']);
	});

	it('the tags of an object stay as they are when there would be more than 10', async () => {
		const nine = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`t${index}`, 'x']));
		const { error } = await setTags('merge', nine);
		expect(error?.message).toContain('it would have 11 tags, and S3 keeps at most 10');
		expect(await tagsNow()).toEqual({ project: 'n8n', state: 'new' });
	});

	it.each([
		['a name of 129 characters', { ['x'.repeat(129)]: '' }, 'has 129 characters'],
		['a value of 257 characters', { a: 'x'.repeat(257) }, 'has 257 characters'],
		['a name that begins with aws:', { 'aws:a': 'x' }, 'begins with “aws:”'],
	])('the tags of an object are refused before any request with %s', async (_, tags, message) => {
		const { error } = await setTags('merge', tags);
		expect(error?.message).toContain(message);
		expect(operations()).toEqual([]);
	});

	it('the tags of an object are changed again when S3 says that somebody else changes them', async () => {
		server.faults.add({
			operation: 'PutObjectTagging',
			times: 1,
			effect: { kind: 'answer', status: 409, code: 'OperationAborted' },
		});
		const { error } = await setTags('merge', { a: 'b' });
		expect(error).toBeUndefined();
		expect(operations()).toEqual([
			'GetObjectTagging',
			'PutObjectTagging',
			'GetObjectTagging',
			'PutObjectTagging',
		]);
	});

	it('Set Tags names what AWS takes when a tag is refused', async () => {
		const { error } = await setTags('merge', { a: 'b&c' });
		expect(error?.message).toContain('The TagValue you have provided is invalid');
		expect(error?.description).toContain('letters, digits, spaces and + - = . _ : / @');
	});

	it('Set Tags needs a tag to merge or remove', async () => {
		expect((await setTags('remove', {})).error?.message).toBe('No tag is given to remove');
	});

	it('Get Tags fails for an object that is not there', async () => {
		expect((await getTags('nothing')).error?.message).toBe(
			`Could not get the tags of “nothing” in bucket “${bucket}”: there is no object with this key`,
		);
	});

	it('the tags that several items add to one object are all there in the end', async () => {
		const { outputs, error } = await runNode({
			items: Array.from({ length: 6 }, (_, n) => ({ json: { n } })),
			parameters: {
				resource: 'object',
				operation: 'setTags',
				key: 'key',
				mode: 'merge',
				tags: { tag: [{ name: '={{ "t" + $json.n }}', value: 'x' }] },
			},
			credential,
		});
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(6);
		const names = Array.from({ length: 6 }, (_, n) => `t${n}`);
		expect(Object.keys((await tagsNow()) as object).sort()).toEqual(['project', 'state', ...names]);
	});

	it('the tags of a server that sends the object in their place are an error, and the object stays', async () => {
		const effect = { kind: 'answer', status: 200, body: '<a><b>1</b></a>' } as const;
		server.faults.add({ operation: 'GetObjectTagging', effect });
		const { error } = await setTags('merge', { a: 'b' });
		expect(error?.message).toContain('is not one of S3');
		expect(error?.description).toContain('This server may not have tags.');
		expect(operations()).toEqual(['GetObjectTagging']);
	});
});
