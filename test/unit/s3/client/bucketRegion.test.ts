import { BucketRegions, wrongRegion, regionNamedBy } from '../../../../s3/client/bucketRegion';
import type { Connection } from '../../../../s3/Connection';
import { S3Failure } from '../../../../s3/S3Failure';

const responded = (statusCode: number, headers = {}, more = {}) => ({
	$response: { statusCode, headers },
	...more,
});
const inHeader = { 'x-amz-bucket-region': 'eu-west-1' };

it.each([301, 307, 400])(
	'a refusal with the status %i names the region in its header',
	(status) => {
		expect(regionNamedBy(responded(status, inHeader), 'GetObject')).toBe('eu-west-1');
	},
);

it('a refusal without the header names the region in its body', () => {
	expect(regionNamedBy(responded(400, {}, { Region: 'eu-west-3' }), 'GetObject')).toBe('eu-west-3');
	expect(regionNamedBy(responded(400, inHeader, { Region: 'eu-west-3' }), 'GetObject')).toBe(
		'eu-west-1',
	);
});

it.each([
	['a response with another status', responded(403, inHeader)],
	['a refusal for another reason', responded(400)],
	['a Region that is no text', responded(400, {}, { Region: {} })],
	['a text that is no name of a region', responded(301, {}, { Region: 'evil.example/' })],
	['a name that is too long', responded(301, { 'x-amz-bucket-region': 'a'.repeat(64) })],
	['an error without a response', new Error('socket hang up')],
])('%s names no region', (_, error) => {
	expect(regionNamedBy(error, 'GetObject')).toBeUndefined();
});

it('a denial names the region only if it was asked for', () => {
	expect(regionNamedBy(responded(403, inHeader), 'HeadBucket')).toBe('eu-west-1');
	expect(regionNamedBy(responded(404, inHeader), 'HeadBucket')).toBeUndefined();
});

describe('the regions of buckets', () => {
	const regionsOf = (endpoint?: string) =>
		new BucketRegions({ region: 'us-east-1', endpoint } as Connection);
	const failing = (kind: 'denied' | 'unreachable') => () =>
		Promise.reject(new S3Failure({ kind, message: 'm', advice: 'a' }));

	it('a bucket is in the region of the connection until another is learnt', () => {
		const regions = regionsOf();
		expect([regions.of('data'), regions.of(undefined)]).toEqual(['us-east-1', 'us-east-1']);
		regions.learn('data', 'eu-west-1');
		expect([regions.of('data'), regions.of('other')]).toEqual(['eu-west-1', 'us-east-1']);
	});

	it('the region of a bucket is asked for once, also by several at once', async () => {
		const regions = regionsOf();
		const ask = jest.fn(() => Promise.resolve());
		const certain = [1, 2, 3].map(() => regions.isCertain('data', ask));
		expect(await Promise.all(certain)).toEqual([true, true, true]);
		expect(await regions.isCertain('data', ask)).toBe(true);
		expect(ask).toHaveBeenCalledTimes(1);
	});

	it('the region is certain also for who may not look at the bucket', async () => {
		expect(await regionsOf().isCertain('data', failing('denied'))).toBe(true);
	});

	it('the region is not certain if nobody could be asked, and is asked for again', async () => {
		const regions = regionsOf();
		expect(await regions.isCertain('data', failing('unreachable'))).toBe(false);
		expect(await regions.isCertain('data', () => Promise.resolve())).toBe(true);
	});

	it('nobody is asked for the region of an ARN, or of a bucket at an endpoint', async () => {
		const ask = () => Promise.reject(new Error('asked'));
		const point = 'arn:aws:s3:us-west-2:111122223333:accesspoint/point';
		expect(await regionsOf().isCertain(point, ask)).toBe(true);
		expect(await regionsOf('https://minio.example.com').isCertain('data', ask)).toBe(true);
	});
});

it('a wrong region in the credential is named with the right one', () => {
	const failure = new S3Failure({ kind: 'rejected', message: 'm', advice: 'a', status: 301 });
	expect(wrongRegion(failure, 'us-east-1', 'eu-west-1')).toMatchObject({
		kind: 'rejected',
		status: 301,
		message: 'The server is in region eu-west-1, but the credential says us-east-1',
		advice:
			'Choose eu-west-1 as Region in the credential, or enter it as Custom Region (More Settings).',
	});
});
