/** What the HTTP Request node may not have signed with a credential that somebody else owns. */
import type { IHttpRequestOptions } from 'n8n-workflow';

import type { CredentialType } from '../../../../credentials/read/readConnection';
import { signRequest } from '../../../../credentials/httpRequest/signRequest';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', region: 'eu-central-1' };

const sign = async (
	credential: object,
	request: object,
	type: CredentialType = 'amazonS3AccessKeysApi',
) => await signRequest(type, { ...keys, ...credential }, request as IHttpRequestOptions);

describe('a credential for one bucket', () => {
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
	])('signs with %j a request to %s', async (credential, url) => {
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
	it.each(refusedUrls)('signs with %j none to %s', async (credential, url) => {
		await expect(sign(credential, { url })).rejects.toMatchObject({
			kind: 'refused',
			message: expect.stringContaining('This credential is only for bucket “mine”') as string,
		});
	});

	it.each(['/other/secret', 'other/secret', '%2Fother%2Fsecret', 'mine/../other/secret'])(
		'copies nothing from %s',
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

	it('copies within the bucket', async () => {
		const headers = { 'x-amz-copy-source': '/mine/a' };
		const url = 'https://mine.s3.eu-central-1.amazonaws.com/copy';
		await expect(sign(aws, { method: 'PUT', url, headers })).resolves.toBeDefined();
	});

	it('sends a password to no other bucket, and to no other host by its header', async () => {
		const basic = { ...own, username: 'u', password: 'p', scheme: 'http' };
		const request = async (url: string) =>
			await sign(
				basic,
				{ url, headers: { Host: 'other.gateway.example' } },
				'amazonS3BasicAuthApi',
			);
		await expect(request('https://gateway.example:9000/s3/other/a')).rejects.toMatchObject({
			kind: 'refused',
		});
		expect(await request('https://gateway.example:9000/x/../s3/mine/a')).toMatchObject({
			url: 'https://gateway.example:9000/s3/mine/a',
			headers: { authorization: 'Basic dTpw' },
		});
		expect((await request('https://gateway.example:9000/s3/mine/a')).headers).not.toHaveProperty(
			'host',
		);
	});
});

describe.each(['private', 'organizational'])('a credential that is %s', (privacyLevel) => {
	const url = 'https://b.s3.eu-central-1.amazonaws.com/k';
	const opening: object[] = [
		{ headers: { 'X-Amz-Acl': 'Public-Read' } },
		{ url: `${url}?x-amz-acl=public-read` },
		{ qs: { 'X-Amz-Acl': 'authenticated-read' } },
		{ headers: { 'x-amz-acl': 'private' }, qs: { 'x-amz-acl': 'public-read' } },
		{
			headers: { 'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' },
		},
		{ url: `${url}?acl`, body: '<AccessControlPolicy/>' },
		{ url: `${url}?policy`, body: '{}' },
		{ method: 'DELETE', url: `${url}?publicAccessBlock` },
	];
	it.each(opening)('does not sign %j', async (request) => {
		await expect(sign({ privacyLevel }, { method: 'PUT', url, ...request })).rejects.toMatchObject({
			kind: 'refused',
			message: expect.stringContaining(
				`The Privacy Level of this credential is ${privacyLevel}, so`,
			) as string,
		});
	});

	it.each<object>([
		{ method: 'GET', url: `${url}?acl` },
		{ headers: { 'x-amz-acl': 'bucket-owner-full-control' } },
		{ headers: { 'x-amz-grant-read': 'id="7012"' } },
		{},
	])('signs %j', async (request) => {
		const signed = await sign({ privacyLevel }, { method: 'PUT', url, ...request });
		expect(signed.headers?.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
	});
});

it('a credential without limits signs for everything', async () => {
	const headers = { 'x-amz-acl': 'public-read' };
	for (const url of ['https://s3.amazonaws.com/any/k?acl', 'https://iam.amazonaws.com/']) {
		await expect(sign({ bucket: 'mine' }, { method: 'PUT', url, headers })).resolves.toBeDefined();
	}
});
