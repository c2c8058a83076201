import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';

import type { IHttpRequestOptions } from 'n8n-workflow';

import { signRequest } from '../../../../credentials/httpRequest/signRequest';
import { signingTarget } from '../../../../credentials/httpRequest/signingTarget';

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

/** Signs with access keys what n8n's HTTP Request node hands over. */
async function sign(request: object, credential: object = {}): Promise<Sent> {
	const signed = await signRequest('amazonS3AccessKeysApi', { ...fields, ...credential }, {
		method: 'GET',
		...request,
	} as unknown as IHttpRequestOptions);
	return signed as unknown as Sent;
}

/**
 * What the service computes from the request as it arrives.
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
	// S3 takes the path as it is sent; the others encode what was encoded once more
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

describe('signingTarget', () => {
	it.each([
		['s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
		['bucket.s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
		['my.dotted.bucket.s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
		['bucket.s3.dualstack.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
		['bucket.s3-eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
		['s3-fips.us-gov-west-1.amazonaws.com', 's3', 'us-gov-west-1'],
		['bucket.s3.amazonaws.com', 's3', 'eu-central-1'],
		['us-west-2.s3.amazonaws.com', 's3', 'eu-central-1'],
		['bucket.s3-accelerate.amazonaws.com', 's3', 'eu-central-1'],
		['ap-1111.s3-accesspoint.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
		['111122223333.s3-control.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
		['bucket.vpce-0a1b.s3.us-east-1.vpce.amazonaws.com', 's3', 'us-east-1'],
		['s3.cn-north-1.amazonaws.com.cn', 's3', 'cn-north-1'],
		['s3.eusc-de-east-1.amazonaws.eu', 's3', 'eusc-de-east-1'],
		['sts.amazonaws.com', 'sts', 'us-east-1'],
		['sts.eu-west-1.amazonaws.com', 'sts', 'eu-west-1'],
		['iam.amazonaws.com', 'iam', 'us-east-1'],
		['sqs.eu-west-1.amazonaws.com', 'sqs', 'eu-west-1'],
		['eu-west-1.queue.amazonaws.com', 'sqs', 'eu-west-1'],
		['email.eu-west-1.amazonaws.com', 'ses', 'eu-west-1'],
		['abc123.execute-api.eu-west-1.amazonaws.com', 'execute-api', 'eu-west-1'],
		['abc123.lambda-url.eu-west-1.on.aws', 'lambda', 'eu-west-1'],
		['search-logs-abc.eu-west-1.es.amazonaws.com', 'es', 'eu-west-1'],
		['runtime.sagemaker.eu-west-1.amazonaws.com', 'sagemaker', 'eu-west-1'],
		['bedrock-runtime.us-east-1.amazonaws.com', 'bedrock', 'us-east-1'],
		['dynamodb-fips.us-east-1.amazonaws.com', 'dynamodb', 'us-east-1'],
		['minio.example.com', 's3', 'eu-central-1'],
		['127.0.0.1', 's3', 'eu-central-1'],
	])('signs for %s as %s in %s', (host, service, region) => {
		expect(signingTarget(host, { region: 'eu-central-1' })).toEqual({ service, region });
	});
});

describe('a signed request', () => {
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
		[
			'a form',
			{ method: 'POST', url: queue, form: { Action: 'SendMessage', MessageBody: 'a b+ü' } },
		],
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
	])('with %s is what the service verifies', async (_what, request) => {
		const signed = await sign(request);
		expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
	});

	it('sends a key of S3 encoded as S3 verifies it', async () => {
		const signed = await sign({ url: `${bucket}/a b/(c)+&=:@,;!'*$[]|ü%2Fd%25%zz` });
		expect(signed.url).toBe(
			`${bucket}/a%20b/%28c%29%2B%26%3D%3A%40%2C%3B%21%27%2A%24%5B%5D%7C%C3%BC/d%25%25zz`,
		);
	});

	it('has the whole query in its URL, where nothing can encode it again', async () => {
		const signed = await sign({ uri: `${bucket}/?a=1`, qs: { 'b c': "it's" } });
		expect(signed).toMatchObject({
			url: `${bucket}/?a=1&b%20c=it%27s`,
			uri: `${bucket}/?a=1&b%20c=it%27s`,
			qs: undefined,
		});
	});

	it('has the hash of its body for S3, and of nothing for an empty one', async () => {
		const put = await sign({ method: 'PUT', url: `${bucket}/k`, body: Buffer.from('abc') });
		expect(put.headers['x-amz-content-sha256']).toBe(sha256('abc'));
		const get = await sign({ url: `${bucket}/k` });
		expect(get.headers['x-amz-content-sha256']).toBe(sha256(''));
		expect(get.body).toBeUndefined();
	});

	it('has its body as bytes, which n8n sends unchanged, and the type of it', async () => {
		const json = await sign({ method: 'POST', url: queue, body: { a: 1 } });
		expect(String(json.body)).toBe('{"a":1}');
		expect(json.headers['content-type']).toBe('application/json');
		const form = await sign({ method: 'POST', url: queue, form: { a: 'b c', d: ["e'", 'f'] } });
		expect(String(form.body)).toBe('a=b%20c&d=e%27&d=f');
		expect(form.headers['content-type']).toBe('application/x-www-form-urlencoded; charset=utf-8');
		expect(form).toMatchObject({ form: undefined });
	});

	it.each<[string, object]>([
		['a form as text', { form: 'a=b%20c&a=d' }],
		[
			'a form as text in the body',
			{ body: 'a=b%20c&a=d', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
		],
		[
			'a form as bytes in the body',
			{
				body: Buffer.from('a=b%20c&a=d'),
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
			},
		],
		['parameters of a search', { body: new URLSearchParams({ a: 'b c', d: 'b c' }) }],
	])('sends %s as it is', async (what, request) => {
		const signed = await sign({ method: 'POST', url: queue, ...request });
		expect(String(signed.body)).toBe(what.includes('search') ? 'a=b+c&d=b+c' : 'a=b%20c&a=d');
		expect(signed.headers['content-type']).toBe('application/x-www-form-urlencoded; charset=utf-8');
		expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
	});

	it('leaves out parameters without a value, and what stands behind a #', async () => {
		const qs = { a: undefined, b: null, c: 0, d: [null, 'x'] };
		const signed = await sign({ url: `${bucket}/k#part`, qs });
		expect(signed.url).toBe(`${bucket}/k?c=0&d=x`);
	});

	it('has its own length, hash and token, whatever headers say that were entered', async () => {
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

	it('streams a file to S3 and signs that the body is not covered', async () => {
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

	it('reads a file for any other service, because they all want the hash', async () => {
		const signed = await sign({ method: 'POST', url: queue, body: Readable.from(['x', 'y']) });
		expect(String(signed.body)).toBe('xy');
		expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
	});

	it.each([
		{ formData: { file: 'x' } },
		{ body: { getHeaders: () => ({}), pipe: () => undefined } },
	])(
		'with a multipart form (%j) to another service is refused with a word on what works',
		async (form) => {
			const request = { method: 'POST', url: queue, ...form };
			await expect(sign(request)).rejects.toThrow('cannot be signed with a form with files');
		},
	);

	it('leaves a multipart form to S3 as it is, and signs that the body is not covered', async () => {
		const formData = { file: 'x' };
		const signed = await sign({ method: 'POST', url: bucket, formData });
		expect(signed).toMatchObject({ formData, body: undefined });
		expect(signed.headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
		expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
	});

	it('signs for the host’s service and region, and for the credential’s elsewhere', async () => {
		expect(scopeOf(await sign({ url: queue }))).toBe('eu-west-1/sqs');
		expect(scopeOf(await sign({ url: 'https://minio.example.com/b/k' }))).toBe('eu-central-1/s3');
	});

	it('carries the session token of temporary keys', async () => {
		const token = { temporaryCredentials: true, sessionToken: 'token' };
		const signed = await sign({ url: bucket }, token);
		expect(signed.headers['x-amz-security-token']).toBe('token');
		expect(signed.headers.authorization).toContain('x-amz-security-token');
		expect(signed.headers.authorization).toBe(expectedAuthorization(signed));
	});

	it('signs few headers, because others may be added on the way', async () => {
		const headers = { 'X-Trace': '1', 'x-amz-acl': 'private', Authorization: 'Bearer old' };
		const signed = await sign({ method: 'PUT', url: `${bucket}/k`, headers });
		expect(signed.headers.authorization).toContain(
			'SignedHeaders=host;x-amz-acl;x-amz-content-sha256;x-amz-date,',
		);
		expect(signed.headers['x-trace']).toBe('1');
	});

	it('needs a whole URL', async () => {
		await expect(sign({ url: 'my-bucket/key' })).rejects.toThrow('is not a whole URL');
	});
});

describe('a credential with the scheme HTTP Basic', () => {
	const credential = {
		endpoint: 'https://s3.example.com',
		username: 'user',
		password: 'pässword',
		scheme: 'http',
	};
	const request = (url: string) => ({ method: 'GET' as const, url });

	it('sends user name and password to its own server', async () => {
		const signed = await signRequest(
			'amazonS3BasicAuthApi',
			credential,
			request('https://s3.example.com/b/k'),
		);
		const token = Buffer.from('user:pässword').toString('base64');
		expect(signed.headers).toEqual({ authorization: `Basic ${token}` });
	});

	it('sends them to no other', async () => {
		const elsewhere = request('https://s3.example.com.evil.test/');
		await expect(signRequest('amazonS3BasicAuthApi', credential, elsewhere)).rejects.toThrow(
			'are not sent to https://s3.example.com.evil.test',
		);
	});
});
