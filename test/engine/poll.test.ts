import type { INodeParameters } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { pollingWorkflow } from './n8n';

const bucket = 'incoming';
const server = withServer({ bucketsOfEachTest: [bucket] });

const put = (...keys: string[]) => server.store.putMany(bucket, keys);
const workflow = (options: INodeParameters = {}, more: INodeParameters = {}) =>
	pollingWorkflow({
		parameters: { bucket: { __rl: true, mode: 'name', value: bucket }, options, ...more },
		credential: server.credential,
	});
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

it('a test in the editor gives the newest objects and remembers nothing', async () => {
	const trigger = workflow();
	put('a', 'b');
	expect(keysOf(await trigger.poll({ mode: 'manual', activation: 'manual' }))).toEqual(['a', 'b']);
	expect(trigger.workflow.staticData).toEqual({});
});

it('a test in the editor says so if there is no object to show', async () => {
	put('a.txt');
	const trigger = workflow({ keyMatches: '*.pdf' }, { prefix: 'a' });
	await expect(trigger.poll({ mode: 'manual' })).rejects.toMatchObject({
		message: 'There is no object to show in bucket “incoming” under “a”',
		description: expect.stringContaining('Key Matches') as string,
	});
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
