import type { Connection } from '../../../../s3/Connection';
import { checkTarget } from '../../../../s3/policy/target';
import { failureOf } from '../../failureOf';

const connection = { bucket: 'data', bucketOnly: true } as Connection;

it.each([
	['a bucket that is not given', { bucket: undefined }, 'invalid', 'No bucket is given'],
	['an empty key', { bucket: 'data', key: '' }, 'invalid', 'The key is empty'],
	['another bucket', { bucket: 'other' }, 'refused', 'only for bucket “data”'],
	['a key that leads out', { bucket: 'data', key: '../a' }, 'refused', 'could lead out of it'],
])('a target with %s is refused', (_, target, kind, words) => {
	const failure = failureOf(() => {
		checkTarget(connection, target);
	});
	expect(failure.kind).toBe(kind);
	expect(failure.message).toContain(words);
});

it('a bucket without a key is a target', () => {
	expect(() => {
		checkTarget(connection, { bucket: 'data' });
	}).not.toThrow();
});

it('a bucket that the endpoint has in its host name is refused', () => {
	const endpoint = 'https://data.nyc3.example.com';
	const failure = failureOf(() => {
		checkTarget({ ...connection, endpoint, addressingStyle: 'auto' }, { bucket: 'data', key: 'a' });
	});
	expect(failure.message).toContain(
		'The bucket “data” is in the Endpoint of the credential already',
	);
});
