import type { INodeParameters } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { send } from './bucket';
import { runNode } from './n8n';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;

beforeEach(async () => {
	const headers = { 'content-type': 'text/a', 'x-amz-tagging': 'a=b', 'x-amz-meta-a': '1' };
	await send(credential, 'PUT', `/${bucket}/key`, { body: 'content', headers });
	server.requests.length = 0;
});

const change = async (parameters: INodeParameters = {}) =>
	await runNode({
		credential,
		parameters: {
			resource: 'object',
			operation: 'changeStorageClass',
			key: 'key',
			storageClass: 'GLACIER_IR',
			...parameters,
		},
	});

it('Change Storage Class gives what a copy gives, and the object has all it had', async () => {
	const { outputs, error } = await change();
	expect(error).toBeUndefined();
	const { etag, headers, tags } = server.store.bucket(bucket).get('key')!;
	expect(outputs[0]).toEqual([
		{
			json: {
				source: { bucket, key: 'key', etag },
				bucket,
				key: 'key',
				etag,
				size: 7,
				copiedBy: 'server',
				parts: 1,
				skipped: false,
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(tags).toEqual({ a: 'b' });
	expect(headers).toMatchObject({
		'content-type': 'text/a',
		'x-amz-meta-a': '1',
		'x-amz-storage-class': 'GLACIER_IR',
	});
	expect((await change()).outputs[0]?.[0]?.json).toMatchObject({
		skipped: true,
		reason: 'The object is in the class GLACIER_IR already',
	});
});

it('Change Storage Class takes any class, version and ACL by expressions', async () => {
	server.store.bucket(bucket).versioning = 'Enabled';
	const put = await send(credential, 'PUT', `/${bucket}/key`, { body: 'version' });
	await send(credential, 'PUT', `/${bucket}/key`, { body: 'newer' });
	const versionId = put.headers.get('x-amz-version-id') ?? '';
	const { outputs, error } = await change({
		storageClass: '={{ "REDUCED_" + "REDUNDANCY" }}',
		options: { versionId, acl: 'bucket-owner-full-control', requestPayer: true },
	});
	expect(error).toBeUndefined();
	expect(outputs[0]?.[0]?.json).toMatchObject({ source: { versionId }, size: 7 });
	expect(
		server.requests.find(({ operation }) => operation === 'CopyObject')?.headers,
	).toMatchObject({
		'x-amz-storage-class': 'REDUCED_REDUNDANCY',
		'x-amz-acl': 'bucket-owner-full-control',
		'x-amz-request-payer': 'requester',
	});
});

it('Change Storage Class of an archived object names Restore', async () => {
	await change({ storageClass: 'DEEP_ARCHIVE' });
	const { error } = await change({ storageClass: 'STANDARD' });
	expect(error?.message).toContain('the object is archived');
	expect(error?.description).toContain('Restore');
});

it.each([
	['an expression that gives no class', { storageClass: '={{ "" }}' }, 'No storage class is given'],
	['an expression that gives no key', { key: '={{ "" }}' }, 'expression of Key gave nothing'],
	['a part size that S3 does not take', { options: { partSizeMb: 6000 } }, 'part size'],
])('Change Storage Class with %s is refused before any request', async (_, parameters, message) => {
	const { error } = await change(parameters);
	expect(`${error?.message} ${error?.description}`).toMatch(new RegExp(message, 'i'));
	expect(server.requests).toEqual([]);
});

it('Change Storage Class leaves the class of the last item, however long the others take', async () => {
	server.faults.add({ operation: 'HeadObject', times: 1, effect: { kind: 'latency', ms: 300 } });
	const { error, hints } = await runNode({
		credential,
		items: ['GLACIER_IR', 'STANDARD_IA'].map((storageClass) => ({ json: { storageClass } })),
		parameters: {
			resource: 'object',
			operation: 'changeStorageClass',
			key: 'key',
			storageClass: '={{ $json.storageClass }}',
		},
	});
	expect(error).toBeUndefined();
	expect(server.store.bucket(bucket).get('key')?.headers['x-amz-storage-class']).toBe(
		'STANDARD_IA',
	);
	expect(hints).toHaveLength(1);
});
