import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { WatchState } from '../../s3/watch/pollPrefix';
import { withServer } from '../servers/withServer';
import { pollingWorkflow } from './n8n';

const bucket = 'incoming';
const server = withServer({ bucketsOfEachTest: [bucket] });

const put = (...keys: string[]) => server.store.putMany(bucket, keys);
const workflow = (options: INodeParameters = {}, more: INodeParameters = {}, stored = {}) =>
	pollingWorkflow(
		{
			parameters: { bucket: { __rl: true, mode: 'name', value: bucket }, options, ...more },
			credential: server.credential,
		},
		stored,
	);
/** No bucket is chosen. */
const byList = { __rl: true, mode: 'list', value: '' };
const keysOf = (items: object[] | null) => items?.map((item) => (item as { key: string }).key);

it('a poll gives the objects that have appeared since the last one, as a listing has them', async () => {
	const trigger = workflow();
	put('a');
	expect(await trigger.poll()).toBeNull();
	put('b', 'c');
	expect(await trigger.poll()).toEqual(
		['b', 'c'].map((key) => ({
			bucket,
			key,
			size: 1,
			etag: expect.any(String) as string,
			lastModified: expect.stringMatching(/^\d{4}-.*Z$/) as string,
			storageClass: 'STANDARD',
		})),
	);
	expect(await trigger.poll()).toBeNull();
});

it('a poll that S3 refuses fails with a sentence that names the bucket', async () => {
	const trigger = pollingWorkflow({
		parameters: { bucket: { __rl: true, mode: 'name', value: 'nowhere' } },
		credential: server.credential,
	});
	await expect(trigger.poll({ activation: 'activate' })).rejects.toMatchObject({
		name: 'NodeApiError',
		message: expect.stringContaining('bucket “nowhere”') as string,
	});
});

it('a poll finds created objects only, objects that match, or grown keys if the node is set so', async () => {
	const created = workflow({}, { event: 'created' });
	const growing = workflow({}, { order: 'growing' });
	const matching = workflow({ keyMatches: '*.pdf' });
	put('b');
	for (const trigger of [created, growing, matching]) expect(await trigger.poll()).toBeNull();
	server.store.putMany(bucket, ['b', 'a.pdf', 'c'], 2);
	expect(keysOf(await created.poll())).toEqual(['a.pdf', 'c']);
	expect(keysOf(await growing.poll())).toEqual(['c']);
	expect(keysOf(await matching.poll())).toEqual(['a.pdf']);
});

it('a poll emits what is there already if the option says so, and no more than is set', async () => {
	const trigger = workflow({ existing: true, maxObjects: 2 });
	put('a', 'b', 'c');
	expect(keysOf(await trigger.poll())).toEqual(['a', 'b']);
	expect(keysOf(await trigger.poll())).toEqual(['c']);
});

it('a poll emits an object that is younger than the option says when it is old enough', async () => {
	const trigger = workflow({ minAge: 30 });
	await trigger.poll();
	put('a');
	expect(await trigger.poll()).toBeNull();
	server.setClock(60);
	expect(keysOf(await trigger.poll())).toEqual(['a']);
	server.setClock(0);
});

it('a poll assigns its state as a whole, and nothing if it is the same', async () => {
	const trigger = workflow();
	put('a');
	await trigger.poll();
	await trigger.poll();
	const { staticData } = trigger.workflow;
	const data = staticData['node:Amazon S3 Trigger'] as { state: WatchState };
	expect(Object.keys(data)).toEqual(['state']);
	expect(data.state).toEqual(JSON.parse(JSON.stringify(data.state)));
	const { state } = data;
	await trigger.poll();
	expect(data.state).toBe(state);
});

it('the first poll of n8n’s durable engine makes an execution without items, which saves what is known', async () => {
	const trigger = workflow();
	put('a');
	const staticData = {};
	expect(await trigger.poll({ staticData, activation: 'activate' })).toEqual([]);
	expect(staticData).toHaveProperty('state');
	expect(await trigger.poll({ staticData })).toBeNull();
	put('b');
	expect(keysOf(await trigger.poll({ staticData }))).toEqual(['b']);
	expect(staticData).not.toHaveProperty('state.last');
});

it.each<[string, INodeParameters, INodeParameters, string[]]>([
	['prefix', { prefix: 'in/' }, {}, ['in/b']],
	['pattern', { prefix: 'in/' }, { keyMatches: '**' }, ['in/b']],
])(
	'the first poll with another %s makes n8n’s durable engine save what is known',
	async (_, more, options, found) => {
		const staticData: IDataObject = {};
		const activation = 'activate' as const;
		put('in/a');
		await workflow({ keyMatches: '**z' }, { prefix: 'in' }).poll({ staticData, activation });
		const changed = workflow(options, more);
		expect(await changed.poll({ staticData, activation })).toEqual([]);
		put('in/b');
		server.store.bucket(bucket).get('in/b')!.lastModified = new Date(Date.now() + 2000);
		expect(keysOf(await changed.poll({ staticData }))).toEqual(found);
	},
);

it('a poll emits the last batch again when n8n was started a short time after it was killed', async () => {
	put('a');
	const before = workflow();
	await before.poll();
	put('b');
	expect(keysOf(await before.poll())).toEqual(['b']);
	const stored = JSON.parse(JSON.stringify(before.workflow.staticData)) as IDataObject;
	const data = stored['node:Amazon S3 Trigger'] as { state: WatchState };
	const same = workflow({}, {}, JSON.parse(JSON.stringify(stored)) as IDataObject);
	expect(await same.poll({ activation: 'init' })).toBeNull();
	data.state.last!.by = 'another run of n8n';
	const restarted = workflow({}, {}, stored);
	expect(keysOf(await restarted.poll({ activation: 'init' }))).toEqual(['b']);
});

it('a poll that takes too long fails with a sentence that names the time', async () => {
	server.faults.add({ operation: 'ListObjectsV2', effect: { kind: 'latency', ms: 4000 } });
	await expect(workflow().poll({ budgetMs: 2500 })).rejects.toMatchObject({
		message: 'Bucket “incoming” could not be listed within 2 seconds, the time of a poll',
	});
});

it('two polls that the durable engine begins with the same knowledge emit an object once', async () => {
	const trigger = workflow({}, { prefix: 'twice/' });
	const staticData: IDataObject = {};
	await trigger.poll({ staticData, activation: 'activate' });
	put('twice/a');
	const same = JSON.parse(JSON.stringify(staticData)) as IDataObject;
	const together = [trigger.poll({ staticData }), trigger.poll({ staticData: same })];
	expect((await Promise.all(together)).map(keysOf)).toEqual([['twice/a'], undefined]);
	const late = JSON.parse(JSON.stringify(same)) as IDataObject;
	expect(await trigger.poll({ staticData: late })).toBeNull();
});

it('a poll does not watch the whole bucket if the expression of its prefix gives nothing', async () => {
	put('a');
	const trigger = workflow({ existing: true }, { prefix: '={{ [].at(0) }}' });
	await expect(trigger.poll()).rejects.toThrow('The expression of Prefix gave nothing');
	expect(server.requests).toEqual([]);
});

it.each<[string, INodeParameters, string]>([
	['the bucket', { prefix: '' }, 'incoming'],
	['the bucket and the prefix', { prefix: 'a/b' }, 'incoming/a/b'],
	['a prefix in the bucket of the credential', { bucket: byList, prefix: 'a/' }, 'a/'],
	['that it is the bucket of the credential', { bucket: byList }, 'bucket of the credential'],
	['the name of a queue', { watch: 'queue', queueUrl: 'https://sqs.test/1234/uploads' }, 'uploads'],
	['a queue by its ARN', { watch: 'queue', queueUrl: 'arn:aws:sqs:us-east-1:1234:new' }, 'new'],
	[
		'the name of a queue and a prefix',
		{ watch: 'both', prefix: 'a/b', queueUrl: 'https://sqs.test/1234/uploads' },
		'uploads + incoming/a/b',
	],
	[
		'a queue and the bucket of the credential',
		{ watch: 'both', bucket: byList, queueUrl: 'arn:aws:sqs:us-east-1:1234:new' },
		'new + bucket of the credential',
	],
	['a bucket beside a queue that is not chosen yet', { watch: 'both' }, 'incoming'],
	['nothing of a queue that is not chosen yet', { watch: 'queue' }, ''],
])('the canvas shows under the trigger %s', (_, parameters, subtitle) => {
	expect(workflow({}, parameters).subtitle()).toBe(subtitle);
});

it('a poll bears an open upload to which a server in Go gives the year 1', async () => {
	await server.send('POST', `/${bucket}/undated`, { query: { uploads: '' } });
	const { uploads } = server.store.bucket(bucket);
	const initiated = new Date('0001-01-01T00:00:00Z');
	for (const upload of uploads.values()) Object.assign(upload, { initiated });
	const trigger = workflow();
	put('a');
	expect(await trigger.poll()).toBeNull();
	put('b');
	expect(keysOf(await trigger.poll())).toEqual(['b']);
	uploads.clear();
});
