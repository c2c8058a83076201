import { regionOfHost } from '../../../../credentials/read/regionOfHost';

it.each([
	['https://s3.us-west-004.backblazeb2.com', 'us-west-004'],
	['https://s3.fr-par.scw.cloud', 'fr-par'],
	['https://s3.gra.io.cloud.ovh.net', 'gra'],
	['https://s3.us-east-va.io.cloud.ovh.us', 'us-east-va'],
	['https://s3.eu-central-1.wasabisys.com', 'eu-central-1'],
	['https://fsn1.your-objectstorage.com', 'fsn1'],
	['https://bucket.nbg1.your-objectstorage.com', 'nbg1'],
	['https://0123abcd.r2.cloudflarestorage.com', 'auto'],
	['https://0123abcd.eu.r2.cloudflarestorage.com', 'auto'],
	['https://s3.wasabisys.com', undefined],
	['https://s3.fr-par.scw.cloud.example.com', undefined],
	['https://minio.example.com:9000', undefined],
	[undefined, undefined],
])('the host name of the endpoint %p tells the region %p', (endpoint, region) => {
	expect(regionOfHost(endpoint)).toBe(region);
});
