import type { Connection } from '../../../../s3/Connection';
import { checkBucketInEndpoint } from '../../../../s3/policy/bucketInEndpoint';
import { failureOf } from '../../failureOf';

const check = (endpoint: string | undefined, bucket: string | undefined, style = 'auto') => {
	checkBucketInEndpoint({ endpoint, addressingStyle: style } as Connection, bucket);
};

it.each([
	['https://photos.nyc3.example.com', 'https://nyc3.example.com'],
	['http://photos.s3.eu.example.com:9000/s3', 'http://s3.eu.example.com:9000/s3'],
	['https://account.r2.example.com/photos', 'https://account.r2.example.com'],
	['http://127.0.0.1:9000/s3/photos', 'http://127.0.0.1:9000/s3'],
])('the bucket photos is refused at the endpoint %s, for which %s is right', (endpoint, right) => {
	for (const style of ['auto', 'virtual']) {
		const failure = failureOf(() => check(endpoint, 'photos', style));
		expect(failure).toMatchObject({ kind: 'invalid', bucket: 'photos' });
		expect(failure.message).toContain('is in the Endpoint of the credential already');
		expect(failure.advice).toContain(`Enter ${right} in place of ${endpoint}.`);
	}
});

it('a bucket in capitals is found in the name of a host, which has none', () => {
	const failure = failureOf(() => check('https://photos.nyc3.example.com', 'Photos'));
	expect(failure.advice).toContain('Enter https://nyc3.example.com in place of');
});

it.each<[string | undefined, string | undefined, string]>([
	['https://nyc3.example.com', 'photos', 'auto'],
	['https://photos.nyc3.example.com', 'photo', 'auto'],
	['https://photos.nyc3.example.com', undefined, 'auto'],
	['https://photos.nyc3.example.com', 'photos', 'path'],
	['https://photos.example.com', 'photos', 'auto'],
	['http://photos:9000', 'photos', 'auto'],
	['https://example.com/photos', 'photos', 'path'],
	['https://example.com/my-photos', 'photos', 'auto'],
	['https://example.com/photos/s3', 'photos', 'auto'],
	[undefined, 'photos', 'auto'],
])(
	'at the endpoint %s the bucket %s is taken with the addressing style %s',
	(endpoint, bucket, style) => {
		expect(() => check(endpoint, bucket, style)).not.toThrow();
	},
);
