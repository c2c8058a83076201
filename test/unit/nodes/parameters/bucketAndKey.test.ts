import {
	bucketOf,
	existingKeyOf,
	newKeyOf,
	objectIdOf,
} from '../../../../nodes/parameters/bucketAndKey';
import type { Connection } from '../../../../s3/Connection';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

const connectionTo = (bucket?: string) => ({ bucket }) as Connection;

describe('the bucket', () => {
	it.each([
		[' node ', 'credential', 'node'],
		[' ', 'credential', 'credential'],
		['arn:aws:s3:::node', 'credential', 'node'],
		['', 'credential', 'credential'],
	])('the bucket of the node %p and the credential %p is %p', (node, credential, bucket) => {
		expect(bucketOf(sourceOf({ bucket: node }), connectionTo(credential))).toBe(bucket);
	});

	it.each([
		[
			'={{ $json.nope }}',
			'The expression of Bucket gave nothing for this item: "{{ $json.nope }}"',
		],
		[
			{ __rl: true, mode: 'name', value: '={{ $vars.bucket }}' },
			'The expression of Bucket gave nothing for this item: "{{ $vars.bucket }}"',
		],
	])('the bucket of the credential does not stand in for the expression %j', (bucket, message) => {
		const source = { ...sourceOf({}), entered: () => bucket };
		const failure = failureOf(() => bucketOf(source, connectionTo('credential')));
		expect([failure.kind, failure.message]).toEqual(['invalid', message]);
	});

	it('an expression that is empty leaves the bucket to the credential', () => {
		const source = { ...sourceOf({}), entered: () => '= ' };
		expect(bucketOf(source, connectionTo('credential'))).toBe('credential');
	});

	it('a bucket is asked for when neither node nor credential names one', () => {
		const failure = failureOf(() => bucketOf(sourceOf({}), connectionTo()));
		expect([failure.kind, failure.message]).toEqual(['invalid', 'No bucket is given']);
	});
});

describe('the id of an object', () => {
	const idOf = (settings: Partial<Connection>, bucket = '') =>
		objectIdOf(
			sourceOf({ bucket }),
			{ region: 'us-east-1', bucket: 'bucket', ...settings } as Connection,
			'key',
		);

	it.each<[what: string, settings: Partial<Connection>, named: string]>([
		['the bucket is named by the node', { bucket: 'another' }, 'bucket'],
		['the credential has another region', { region: 'eu-central-1' }, ''],
		['the endpoint is one of AWS', { endpoint: 'https://s3.eu-west-1.amazonaws.com' }, ''],
	])('an object has the same id if %s', (_, settings, named) => {
		expect(idOf(settings, named)).toBe(idOf({}));
	});

	it.each<[what: string, settings: Partial<Connection>, named: string]>([
		['bucket of the credential', { bucket: 'another' }, ''],
		['bucket of the node', {}, 'another'],
		['server', { endpoint: 'http://minio:9000' }, ''],
		['partition of AWS', { region: 'cn-north-1' }, ''],
	])('an object has another id with another %s', (_, settings, named) => {
		expect(idOf(settings, named)).not.toBe(idOf({}));
	});
});

describe.each([
	['of an existing object', existingKeyOf, 'Choose a Key from the list, or enter one.'],
	['of a new object', newKeyOf, 'Enter the Key under which to store the object.'],
])('the key %s', (_, keyOf, advice) => {
	it('a key keeps the spaces around it', () => {
		expect(keyOf(sourceOf({ key: ' a key ' }))).toBe(' a key ');
	});

	it('a key is asked for when it is empty', () => {
		const failure = failureOf(() => keyOf(sourceOf({ key: '' })));
		expect([failure.kind, failure.message, failure.advice]).toEqual([
			'invalid',
			'The key is empty',
			advice,
		]);
	});

	it('a key whose expression gives nothing is not called empty: the expression is shown', () => {
		const { message, advice } = failureOf(() =>
			keyOf(sourceOf({ key: '' }, 'UTC', { key: '={{ $json.Key }}' })),
		);
		expect(message).toBe('The expression of Key gave nothing for this item: "{{ $json.Key }}"');
		expect(advice).toMatch(/^Correct the expression: compare /);
	});
});
