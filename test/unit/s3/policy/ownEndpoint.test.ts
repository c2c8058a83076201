import { checkOwnEndpoint } from '../../../../s3/policy/ownEndpoint';
import { failureOf } from '../../failureOf';

const endpoint = 'https://minio.example.com';

it.each([
	'logs--use1-az4--x-s3',
	'logs--use1-az4--X-S3',
	'ap--use1-az4--xa-s3',
	'ap-o01234567890123456--op-s3',
	'arn:aws:s3:eu-central-1:111122223333:accesspoint/mine',
	'arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap',
	'ARN:aws:s3:::photos',
])('the bucket %s is refused with an endpoint of one’s own', (bucket) => {
	const failure = failureOf(() => {
		checkOwnEndpoint({ endpoint }, { bucket });
	});
	expect(failure).toMatchObject({ kind: 'invalid', bucket });
	expect(failure.message).toContain(endpoint);
});

it('other names are not refused, and none is without an endpoint', () => {
	expect(() => {
		for (const bucket of ['photos', 'x-s3', 'tenant:photos', 'barn:a', undefined]) {
			checkOwnEndpoint({ endpoint }, { bucket });
		}
		checkOwnEndpoint({ endpoint: undefined }, { bucket: 'logs--use1-az4--x-s3' });
	}).not.toThrow();
});
