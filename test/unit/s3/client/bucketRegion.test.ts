import { elsewhere, regionNamedBy } from '../../../../s3/client/bucketRegion';
import { S3Failure } from '../../../../s3/S3Failure';

const responded = (statusCode: number, headers = {}, more = {}) => ({
	$response: { statusCode, headers },
	...more,
});
const inHeader = { 'x-amz-bucket-region': 'eu-west-1' };

it.each([301, 307, 400])(
	'a refusal with the status %i names the region in its header',
	(status) => {
		expect(regionNamedBy(responded(status, inHeader))).toBe('eu-west-1');
	},
);

it('a refusal without the header names the region in its body', () => {
	expect(regionNamedBy(responded(400, {}, { Region: 'eu-west-3' }))).toBe('eu-west-3');
	expect(regionNamedBy(responded(400, inHeader, { Region: 'eu-west-3' }))).toBe('eu-west-1');
});

it.each([
	['a response with another status', responded(403, inHeader)],
	['a refusal for another reason', responded(400)],
	['a Region that is no text', responded(400, {}, { Region: {} })],
	['a text that is no name of a region', responded(301, {}, { Region: 'evil.example/' })],
	['a name that is too long', responded(301, { 'x-amz-bucket-region': 'a'.repeat(64) })],
	['an error without a response', new Error('socket hang up')],
])('%s names no region', (_, error) => {
	expect(regionNamedBy(error)).toBeUndefined();
});

it('a wrong region in the credential is named with the right one', () => {
	const failure = new S3Failure({ kind: 'rejected', message: 'm', advice: 'a', status: 301 });
	expect(elsewhere(failure, 'us-east-1', 'eu-west-1')).toMatchObject({
		kind: 'rejected',
		status: 301,
		message: 'The server is in region eu-west-1, but the credential says us-east-1',
		advice: 'Choose eu-west-1 as Region in the credential, or enter it as Custom Region.',
	});
});
