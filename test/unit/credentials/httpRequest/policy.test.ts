/** Requests that the owner of a credential forbids whoever uses it in the HTTP Request node. */
import type { IHttpRequestOptions } from 'n8n-workflow';

import { signRequest } from '../../../../credentials/httpRequest/signRequest';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', region: 'eu-central-1' };

const sign = async (credential: object, request: object) =>
	await signRequest(
		'amazonS3AccessKeysApi',
		{ ...keys, ...credential },
		request as IHttpRequestOptions,
	);

const aws = { bucket: 'mine', bucketOnly: true };
const own = { ...aws, endpoint: 'https://gateway.example:9000/s3' };

it.each([
	[aws, 'https://mine.s3.eu-central-1.amazonaws.com/a/b'],
	[aws, 'https://mine.s3.amazonaws.com/'],
	[aws, 'https://mine.s3.dualstack.eu-central-1.amazonaws.com/a%20b'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/a'],
	[aws, 'https://s3-eu-west-1.amazonaws.com/mine?list-type=2'],
	[aws, 'https://s3.cn-north-1.amazonaws.com.cn/mine'],
	[aws, 'https://s3-fips.us-gov-west-1.amazonaws.com/mine/a'],
	[aws, 'https://mine.s3-fips.dualstack.us-gov-west-1.amazonaws.com/a'],
	[aws, 'https://s3.eusc-de-east-1.amazonaws.eu/mine'],
	[own, 'https://gateway.example:9000/s3/mine/a'],
	[own, 'https://mine.gateway.example:9000/a/../b'],
])('a credential for one bucket, %j, signs a request to %s', async (credential, url) => {
	const { headers } = await sign(credential, { url });
	expect(headers?.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
});

const refusedUrls: Array<[object, string]> = [
	[aws, 'https://other.s3.eu-central-1.amazonaws.com/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/other/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/'],
	[aws, 'https://s3.eu-central-1.amazonaws.com//other'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/../other/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/..%2Fother/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/%252e%252e/other/a'],
	[aws, 'https://mine-too.s3.eu-central-1.amazonaws.com/'],
	[aws, 'https://other.mine.s3.eu-central-1.amazonaws.com/'],
	[aws, 'https://s3-other.s3.amazonaws.com/mine/a'],
	[aws, 'https://s3.other.s3.amazonaws.com/mine/a'],
	[aws, 'https://sts.amazonaws.com/?Action=GetSessionToken'],
	[aws, 'https://iam.amazonaws.com/'],
	[aws, 'https://mine.example.com/a'],
	[aws, 'https://p-111122223333.s3-accesspoint.eu-central-1.amazonaws.com/a'],
	[own, 'https://gateway.example:9000/mine/a'],
	[own, 'https://gateway.example:9000/s3/other/a'],
	[own, 'https://gateway.example:9001/s3/mine/a'],
	[own, 'https://mine.s3.eu-central-1.amazonaws.com/a'],
];
it.each(refusedUrls)(
	'a credential for one bucket, %j, signs no request to %s',
	async (credential, url) => {
		await expect(sign(credential, { url })).rejects.toMatchObject({
			kind: 'refused',
			message: expect.stringContaining('This credential is only for bucket “mine”') as string,
		});
	},
);

it.each(['/other/secret', 'other/secret', '%2Fother%2Fsecret', 'mine/../other/secret'])(
	'a credential for one bucket signs no copy from %s',
	async (source) => {
		const url = 'https://mine.s3.eu-central-1.amazonaws.com/copy';
		const headers = { 'X-Amz-Copy-Source': source };
		const inQuery = `${url}?x-amz-copy-source=${encodeURIComponent(source)}`;
		const copies = [{ url, headers }, { url: inQuery }];
		for (const copy of copies) {
			await expect(sign(aws, { method: 'PUT', ...copy })).rejects.toMatchObject({
				kind: 'refused',
			});
		}
	},
);

it('a credential for one bucket signs a copy within that bucket', async () => {
	const headers = { 'x-amz-copy-source': '/mine/a' };
	const url = 'https://mine.s3.eu-central-1.amazonaws.com/copy';
	await expect(sign(aws, { method: 'PUT', url, headers })).resolves.toBeDefined();
});

it('a credential for one bucket leaves out the header Host, which could name another bucket', async () => {
	const url = 'https://gateway.example:9000/s3/mine/a';
	const { headers } = await sign(own, { url, headers: { Host: 'other.gateway.example' } });
	expect(headers).not.toHaveProperty('host');
});

const url = 'https://b.s3.eu-central-1.amazonaws.com/k';
const levels = ['private', 'organizational'];
const forEachLevel = (requests: object[]) =>
	levels.flatMap((level) => requests.map((request): [string, object] => [level, request]));

it.each(
	forEachLevel([
		{ headers: { 'X-Amz-Acl': 'Public-Read' } },
		{ url: `${url}?x-amz-acl=public-read` },
		{ qs: { 'X-Amz-Acl': 'authenticated-read' } },
		{ headers: { 'x-amz-acl': 'private' }, qs: { 'x-amz-acl': 'public-read' } },
		{ headers: { 'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' } },
		{ url: `${url}?acl`, body: '<AccessControlPolicy/>' },
		{ url: `${url}?policy`, body: '{}' },
		{ method: 'DELETE', url: `${url}?publicAccessBlock` },
	]),
)('a credential of Privacy Level %s does not sign %j', async (privacyLevel, request) => {
	await expect(sign({ privacyLevel }, { method: 'PUT', url, ...request })).rejects.toMatchObject({
		kind: 'refused',
		message: expect.stringContaining(
			`The Privacy Level of this credential is ${privacyLevel}, so`,
		) as string,
	});
});

it.each(
	forEachLevel([
		{ method: 'GET', url: `${url}?acl` },
		{ headers: { 'x-amz-acl': 'bucket-owner-full-control' } },
		{ headers: { 'x-amz-grant-read': 'id="7012"' } },
		{},
	]),
)('a credential of Privacy Level %s signs %j', async (privacyLevel, request) => {
	const signed = await sign({ privacyLevel }, { method: 'PUT', url, ...request });
	expect(signed.headers?.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
});

it.each([
	[{ method: 'PUT', url }],
	[{ method: 'DELETE', url }],
	[{ method: 'POST', url: `${url}?delete` }],
	[{ method: 'GET', url: 'https://iam.amazonaws.com/?Action=CreateUser' }],
])('a credential that is only for reading does not sign %j', async (request) => {
	await expect(sign({ readOnly: true }, request)).rejects.toMatchObject({
		kind: 'refused',
		message: expect.stringContaining('This credential is only for reading') as string,
	});
});

it.each([
	[{ method: 'GET', url }],
	[{ method: 'HEAD', url }],
	[{ url: 'https://s3.eu-central-1.amazonaws.com/b?list-type=2' }],
])('a credential that is only for reading signs %j', async (request) => {
	await expect(sign({ readOnly: true }, request)).resolves.toBeDefined();
});

it('a credential without limits signs for everything', async () => {
	const headers = { 'x-amz-acl': 'public-read' };
	for (const any of ['https://s3.amazonaws.com/any/k?acl', 'https://iam.amazonaws.com/']) {
		await expect(
			sign({ bucket: 'mine' }, { method: 'PUT', url: any, headers }),
		).resolves.toBeDefined();
	}
});
