/** What a workflow author tries to have the trigger show of another bucket than that of a limited credential. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { user, withSqs } from '../servers/sqs/withSqs';
import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { pollingWorkflow } from './n8n';

const server = withServer({ buckets: ['mine', 'other'] });
const sqs = withSqs({ queues: [{ name: 'events' }] });
const limits = { bucket: 'mine', bucketOnly: true, moreSettings: true };

beforeAll(async () => {
	await putAll(server.credential, 'mine', { a: '1' });
	await putAll(server.credential, 'other', { b: '1', secret: '2' });
});

const polling = (parameters: INodeParameters, stored: IDataObject = {}, id?: string) => {
	const credential = { ...server.credential, ...limits };
	return pollingWorkflow({ parameters: { watch: 'poll', ...parameters }, credential }, stored, id);
};

describe.each(['trigger', 'manual'] as const)('a poll of the mode %s', (mode) => {
	it.each([
		'other',
		' other ',
		'Mine',
		'arn:aws:s3:::other',
		's3://other/',
		'mine/../other',
		'..',
		'%6fther',
		'mine\\..\\other',
		'arn:aws:s3:us-east-1:123456789012:accesspoint/other',
		'point-abc123-s3alias',
		'other--use1-az4--x-s3',
		'mine\u0000',
		'other?x=mine',
		'mine@other',
		'={{ "oth" + "er" }}',
		'={{ ["other"] }}',
		'={{ { value: "other" } }}',
	])('a poll sends nothing for the bucket %j', async (value) => {
		for (const bucket of [{ __rl: true, mode: 'name', value }, value]) {
			server.requests.length = 0;
			await expect(polling({ bucket }).poll({ mode })).rejects.toThrow();
			expect(server.requests).toEqual([]);
		}
	});
});

it.each(['any', 'growing'])(
	'a poll of %s keys with what another bucket has left shows its own bucket',
	async (order) => {
		const stored: IDataObject = {};
		const options = { existing: true };
		const ofOther = pollingWorkflow(
			{
				parameters: { watch: 'poll', bucket: 'other', order, options },
				credential: server.credential,
			},
			stored,
		);
		expect(await ofOther.poll({ activation: 'activate' })).toHaveLength(2);
		server.requests.length = 0;
		const items = await polling({ order, options }, stored, `another ${order}`).poll();
		expect(items?.map(({ bucket, key }) => [bucket, key])).toEqual([['mine', 'a']]);
		expect(server.requests.map(({ bucket }) => bucket)).toEqual(['mine']);
	},
);

const record = (bucket: unknown, key = 'k') => ({
	eventSource: 'aws:s3',
	eventName: 'ObjectCreated:Put',
	s3: { bucket: { name: bucket }, object: { key, eTag: 'e' } },
});
const records = (...all: unknown[]) => ({ Records: all });

it.each<[string, unknown]>([
	['about it', records(record('other'))],
	['about both', records(record('mine'), record('other'))],
	['with its path', records(record('mine/../other'))],
	['with its ARN', records(record('arn:aws:s3:::other'))],
	['with a key that leads there', records(record('mine', '../other/secret'))],
	['with such a key, encoded', records(record('mine', '..%2Fother%2Fsecret'))],
	['by SNS', { Type: 'Notification', Message: JSON.stringify(records(record('other'))) }],
	[
		'by EventBridge',
		{
			source: 'aws.s3',
			'detail-type': 'Object Created',
			detail: { bucket: { name: 'other' }, object: { key: 'k' } },
		},
	],
	[
		'of two forms',
		{ source: 'aws.s3', detail: { bucket: { name: 'mine' } }, Records: [record('other')] },
	],
])('a test shows nothing of a message about another bucket %s', async (_, message) => {
	sqs.send('events', message);
	const { accessKeyId, secretAccessKey } = user;
	const { endpoint } = server.credential;
	const { poll } = pollingWorkflow({
		parameters: { watch: 'queue', queueUrl: sqs.urlOf('events') },
		credential: { endpoint, region: sqs.region, accessKeyId, secretAccessKey, ...limits },
	});
	await expect(poll({ mode: 'manual' })).rejects.toThrow(/cannot be worked on/);
});
