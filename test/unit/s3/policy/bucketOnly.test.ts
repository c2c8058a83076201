import type { Connection } from '../../../../s3/Connection';
import { checkBucketOnly } from '../../../../s3/policy/bucketOnly';
import { failureOf } from '../../failureOf';

const connectionOf = (settings: Partial<Connection>) => settings as Connection;
const onlyData = connectionOf({ bucket: 'data', bucketOnly: true });

const failureWith = (request: { bucket: string | undefined; key?: string }) =>
	failureOf(() => {
		checkBucketOnly(onlyData, request);
	});

it('a connection for one bucket refuses another one, and names both', () => {
	expect(failureWith({ bucket: 'other', key: 'a' })).toMatchObject({
		kind: 'refused',
		message: 'This credential is only for bucket “data”, not for “other”',
		bucket: 'other',
		key: 'a',
	});
});

it('a connection for one bucket refuses to list all buckets', () => {
	expect(failureWith({ bucket: undefined })).toMatchObject({
		kind: 'refused',
		message: 'This credential is only for bucket “data”',
	});
});

it.each(['..', '../other/a', 'a/../../other/b', './../other', 'a//../../b'])(
	'the key %s is refused, because it could lead out of the bucket',
	(key) => {
		expect(failureWith({ bucket: 'data', key })).toMatchObject({
			kind: 'refused',
			message: `This credential is only for bucket “data”, and the key “${key}” could lead out of it`,
			advice: 'Use a key without “..” at its beginning.',
			key,
		});
	},
);

it.each([undefined, 'a', 'a/../b', '..a/b', 'a/..b', 'a/b/../../c'])(
	'the key %s is allowed in the only bucket',
	(key) => {
		expect(() => {
			checkBucketOnly(onlyData, { bucket: 'data', key });
		}).not.toThrow();
	},
);

it.each([
	['that is not limited', { bucket: 'data', bucketOnly: false }],
	['without a bucket', { bucket: undefined, bucketOnly: true }],
])('a connection %s takes any bucket and key', (_, settings) => {
	expect(() => {
		checkBucketOnly(connectionOf(settings), { bucket: 'other', key: '../a' });
		checkBucketOnly(connectionOf(settings), { bucket: undefined });
	}).not.toThrow();
});
