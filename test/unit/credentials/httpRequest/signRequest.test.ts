import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';

import type { IHttpRequestOptions } from 'n8n-workflow';

import { signRequest } from '../../../../credentials/httpRequest/signRequest';
import { startSts } from '../../../servers/sts/server';

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const fields = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret, region: 'eu-central-1' };

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) =>
	createHmac('sha256', key).update(data).digest();

interface Sent {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: Buffer | undefined;
}

/** Signs a request of n8n's HTTP Request node with access keys. */
async function sign(request: object, credential: object = {}): Promise<Sent> {
	const signed = await signRequest('amazonS3AccessKeysApi', { ...fields, ...credential }, {
		method: 'GET',
		...request,
	} as unknown as IHttpRequestOptions);
	return signed as unknown as Sent;
}

/**
 * The Authorization header that the service computes from the request as it arrives.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function expectedAuthorization({ method, url, headers, body }: Sent): string {
	const { host, pathname, search } = new URL(url);
	const [, scope = '', names = ''] =
		/Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ?? [];
	const [date = '', region = '', service = ''] = scope.split('/');
	const encode = (text: string) =>
		encodeURIComponent(text).replace(
			/[!'()*]/g,
			(c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
		);
	// S3 takes the path as it is sent; other services encode the encoded path once more.
	const path = service === 's3' ? pathname : pathname.split('/').map(encode).join('/');
	const query = search
		.slice(1)
		.split('&')
		.filter((pair) => pair !== '')
		.map((pair) =>
			pair
				.split('=')
				.map((part) => encode(decodeURIComponent(part)))
				.join('='),
		)
		.sort()
		.join('&');
	const all: Record<string, string> = { ...headers, host };
	const canonicalHeaders = names
		.split(';')
		.map((name) => `${name}:${(all[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
		.join('');
	const payloadHash = headers['x-amz-content-sha256'] ?? sha256(body ?? '');
	const request = [method, path, query, canonicalHeaders, names, payloadHash].join('\n');
	const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
	const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
	const signature = createHmac('sha256', key).update(toSign).digest('hex');
	return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

const scopeOf = ({ headers }: Sent) =>
	/Credential=AKIDEXAMPLE\/\d{8}\/([^,]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];

const bucket = 'https://my-bucket.s3.eu-central-1.amazonaws.com';
const queue = 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs';

it.each<[string, object]>([
	['a listing with a query in the URL', { url: `${bucket}/?list-type=2&prefix=a%20b+c` }],
	['a listing with query parameters', { uri: bucket, qs: { prefix: 'é &=+*', delimiter: '/' } }],
	['a sub-resource', { url: `${bucket}/key?acl` }],
	['a parameter given twice', { url: bucket, qs: { x: ['b', 'a'] } }],
	['a key with odd characters', { url: `${bucket}/a b/(c)+&=:@,;!'*$[]|ü%2Fd%25%zz` }],
	['a base URL', { baseURL: bucket, url: '/key' }],
	['no body', { method: 'DELETE', url: `${bucket}/key`, headers: { Accept: '*/*' } }],
	['a JSON body', { method: 'POST', url: queue, body: { a: [1, 'ü'] }, json: true }],
	['an empty JSON body', { method: 'POST', url: queue, body: {}, json: true }],
	[
		'text',
		{
			method: 'PUT',
			url: `${bucket}/k`,
			body: ' "x" ',
			headers: { 'content-type': 'application/json' },
		},
	],
	['a form', { method: 'POST', url: queue, form: { Action: 'SendMessage', MessageBody: 'a b+ü' } }],
	[
		'a form as body',
		{
			method: 'POST',
			url: queue,
			body: { Action: 'SendMessage' },
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		},
	],
	['binary data', { method: 'PUT', url: `${bucket}/k`, body: Buffer.from([0, 255, 1]) }],
	[
		'a path of another service',
		{ url: 'https://x.execute-api.eu-west-1.amazonaws.com/v1/a%20b/(c)' },
	],
])('the signature of a request with %s is what the service computes', async (_what, request) => {
	const signed = await sign(request);
	expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
});

it('a signed request has the whole query in its URL and none beside it', async () => {
	const signed = await sign({ uri: `${bucket}/?a=1`, qs: { 'b c': "it's" } });
	expect(signed).toMatchObject({
		url: `${bucket}/?a=1&b%20c=it%27s`,
		uri: `${bucket}/?a=1&b%20c=it%27s`,
		qs: undefined,
	});
});

it('a signed request to S3 has the hash of its body, and that of nothing for an empty body', async () => {
	const put = await sign({ method: 'PUT', url: `${bucket}/k`, body: Buffer.from('abc') });
	expect(put.headers['x-amz-content-sha256']).toBe(sha256('abc'));
	const get = await sign({ url: `${bucket}/k` });
	expect(get.headers['x-amz-content-sha256']).toBe(sha256(''));
	expect(get.body).toBeUndefined();
});

it('length, hash, date, host and token are those of the signature, whatever headers were entered', async () => {
	const headers = {
		'Content-Length': 1,
		'X-Amz-Content-Sha256': sha256('another'),
		'X-Amz-Security-Token': 'of another session',
		'X-Amz-Date': '20200101T000000Z',
		Host: 'another.example.com',
	};
	const body = Buffer.from('abc');
	const signed = await sign({ method: 'PUT', url: `${bucket}/k`, headers, body });
	expect(signed.headers).not.toHaveProperty('content-length');
	expect(signed.headers).not.toHaveProperty('x-amz-security-token');
	expect(signed.headers).not.toHaveProperty('host');
	expect(signed.headers['x-amz-content-sha256']).toBe(sha256('abc'));
	expect(signed.headers['x-amz-date']).not.toBe('20200101T000000Z');
	expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
});

it('a file goes to S3 as a stream, and the signature says that it is not covered', async () => {
	const body = Readable.from(['x']);
	const headers = { 'content-length': 1, 'content-type': 'image/png' };
	const signed = await sign({ method: 'PUT', url: `${bucket}/k`, body, headers });
	expect(signed.body).toBe(body);
	expect(signed.headers).toMatchObject({
		'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
		'content-length': '1',
	});
	expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
});

it.each<[string, object, string]>([
	['a stream', { body: Readable.from(['x', 'y']) }, 'xy'],
	['search parameters', { body: new URLSearchParams({ a: 'b c' }) }, 'a=b+c'],
	['a form that is text already', { form: 'a=b%20c&a=d' }, 'a=b%20c&a=d'],
])('the body is the bytes that were signed when it was %s', async (_what, request, text) => {
	const signed = await sign({ method: 'POST', url: queue, ...request });
	expect(String(signed.body)).toBe(text);
	expect(signed).toMatchObject({ form: undefined });
	expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
});

it('a form with files goes to S3 as it is, and the signature says that it is not covered', async () => {
	const formData = { file: 'x' };
	const signed = await sign({ method: 'POST', url: bucket, formData });
	expect(signed).toMatchObject({ formData, body: undefined });
	expect(signed.headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
	expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
});

it('a request is signed for service and region of its host, else for S3 and the region of the credential', async () => {
	expect(scopeOf(await sign({ url: queue }))).toBe('eu-west-1/sqs');
	expect(scopeOf(await sign({ url: 'https://minio.example.com/b/k' }))).toBe('eu-central-1/s3');
});

it('a request signed with temporary keys has their session token', async () => {
	const token = { temporaryCredentials: true, sessionToken: 'token' };
	const signed = await sign({ url: bucket }, token);
	expect(signed.headers['x-amz-security-token']).toBe('token');
	expect(signed.headers.authorization).toContain('x-amz-security-token');
	expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
});

it('only Host, Content-Type and x-amz headers are signed, because n8n may add others', async () => {
	const headers = { 'X-Trace': '1', 'x-amz-acl': 'private', Authorization: 'Bearer old' };
	const signed = await sign({ method: 'PUT', url: `${bucket}/k`, headers });
	expect(signed.headers.authorization).toContain(
		'SignedHeaders=host;x-amz-acl;x-amz-content-sha256;x-amz-date,',
	);
	expect(signed.headers['x-trace']).toBe('1');
});

it('a credential with the Scheme HTTP Basic is refused in one sentence that names n8n’s own credential', async () => {
	const credential = {
		endpoint: 'https://s3.example.com',
		username: 'user',
		password: 'planted',
		scheme: 'http',
	};
	const request = { method: 'GET' as const, url: 'https://s3.example.com/b/k' };
	const signed = signRequest('amazonS3BasicAuthApi', credential, request);
	await expect(signed).rejects.toMatchObject({
		kind: 'refused',
		message:
			'The HTTP Request node does not take a credential with the Scheme HTTP Basic: use n8n’s own Basic Auth credential there',
	});
});

it('a session is not shared with a credential that reaches its service in another way', async () => {
	const sts = await startSts({
		region: 'eu-central-1',
		users: [{ accessKeyId: fields.accessKeyId, secretAccessKey: secret }],
		roles: [{ arn: 'arn:aws:iam::111122223333:role/ways', maxSessionDuration: 3600 }],
	});
	try {
		const role = {
			assumeRole: true,
			roleArn: 'arn:aws:iam::111122223333:role/ways',
			// That of the role, too.
			endpoint: sts.endpoint,
		};
		const request = { url: `${sts.endpoint}/b/k` };
		for (const way of [{}, {}, { ignoreSslIssues: true }]) await sign(request, { ...role, ...way });
		expect(sts.lent).toHaveLength(2);
	} finally {
		await sts.stop();
	}
});
