import { resources } from '../../nodes/AmazonS3/resources';
import { openS3 } from '../../s3/client/openS3';
import type { CallName } from '../../s3/calls/calls';
import { connectionTo } from '../servers/connectionTo';
import { checkCalls, withCalls } from './checkCalls';
import { runNode } from './n8n';

const unreachable = {
	region: 'us-east-1',
	endpoint: 'http://127.0.0.1:9',
	users: { main: { accessKeyId: 'a', secretAccessKey: 's' } },
};
const check =
	(operation: string, ...calls: CallName[]) =>
	() => {
		checkCalls({ resource: 'object', operation }, new Set(calls));
	};

it('withCalls names the S3 calls that were tried, of each run by itself', async () => {
	const s3 = await openS3(connectionTo(unreachable));
	const call = { signal: AbortSignal.abort() };
	const [heads, lists] = await Promise.all([
		withCalls(() => s3.send('HeadObject', { Bucket: 'b', Key: 'k' }, call).catch(() => 'failed')),
		withCalls(() => s3.send('ListBuckets', {}, call).catch(() => 'failed')),
	]);
	expect(heads).toEqual({ result: 'failed', calls: new Set(['HeadObject']) });
	expect(lists).toEqual({ result: 'failed', calls: new Set(['ListBuckets']) });
});

it('checkCalls takes calls that the operation declares, and none', () => {
	expect(check('getMetadata', 'HeadObject', 'GetObjectTagging')).not.toThrow();
	expect(check('getMetadata')).not.toThrow();
	expect(check('unknown')).not.toThrow();
});

it('checkCalls refuses a call that the operation does not declare', () => {
	expect(check('getMetadata', 'HeadObject', 'ListObjectsV2', 'GetObject')).toThrow(
		'object getMetadata makes calls that it does not declare: ListObjectsV2, GetObject',
	);
});

it('runNode checks the calls of every execution, also of one that fails', async () => {
	const { accessKeyId, secretAccessKey } = unreachable.users.main;
	const credential = { endpoint: unreachable.endpoint, accessKeyId, secretAccessKey };
	const options = { retryFor: 0 };
	const parameters = { resource: 'object', operation: 'getTags', bucket: 'b', key: 'k', options };
	expect((await runNode({ parameters, credential })).error?.message).toContain('the tags of');
	const declared = jest.replaceProperty(resources.object.getTags, 'calls', {});
	try {
		await expect(runNode({ parameters, credential })).rejects.toThrow(
			'object getTags makes calls that it does not declare: GetObjectTagging',
		);
	} finally {
		declared.restore();
	}
});
