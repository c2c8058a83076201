/** What other servers than S3 respond with, and servers that refuse: the sentences that people read. */
import { Readable } from 'node:stream';
import type { OpenS3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import type { S3Failure } from '../../../s3/S3Failure';
import { putObject } from '../../../s3/upload/putObject';
import type { Effect } from '../../servers/embedded/faults';
import { withServer } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';

const bucket = 'photos';
const call = { signal: undefined };
const server = withServer({ buckets: [bucket] });
let s3: OpenS3;

beforeEach(async () => {
	s3 = await server.connect();
});

const get = (key = 'hello.txt') => getObject(s3, { bucket, key }, call);
const put = () => {
	const bytes = Buffer.from('x');
	const source = { size: 1, bytes, open: () => Promise.resolve(Readable.from([bytes])) };
	return putObject(s3, { bucket, key: 'hello.txt', source }, call);
};
const list = async () => {
	for await (const { entries } of listObjects(s3, { bucket }, call)) entries.pop();
};

/** The failure of each operation if the server responds with this. */
async function failuresWith(
	response: Omit<Extract<Effect, { kind: 'answer' }>, 'kind'>,
): Promise<S3Failure[]> {
	server.faults.add({ effect: { kind: 'answer', ...response } });
	const failures = [];
	for (const work of [put, get, list]) failures.push(await rejectionOf(work()));
	return failures;
}

const reasonOf = ({ message }: S3Failure) => message.replace(/^.*? bucket “photos”: /, '');
const notOfS3 = () => `the response of ${server.endpoint} is not one of S3, but`;

it('a 404 without a body, as of an ingress without a route, is nothing at this address', async () => {
	for (const failure of await failuresWith({ status: 404, body: '' })) {
		expect(reasonOf(failure)).toBe('there is nothing at this address');
		expect(failure.advice).toBe(
			'Check the endpoint, bucket and key: a proxy or ingress without a route to the S3 server responds like this.',
		);
		expect(failure).toMatchObject({ kind: 'notFound', code: undefined });
	}
});

it.each<[string, number, string]>([
	['application/json', 400, '{"error": "unknown tenant"}'],
	['text/plain', 404, '404 page not found\n'],
	['text/plain', 403, `Blocked by policy ${'x'.repeat(1000)}`],
])('a refusal of a gateway in %s with the status %i is quoted', async (type, status, body) => {
	const headers = { 'content-type': type };
	for (const failure of await failuresWith({ status, headers, body })) {
		const quote = body.trim().slice(0, 200);
		expect(reasonOf(failure)).toBe(`${notOfS3()} “${quote}” with HTTP ${status}`);
		expect(failure.advice).toMatch(/^Check that the endpoint is that of an S3 server/);
	}
});

it('a page that is no XML is a web page, and is not quoted', async () => {
	const headers = { 'content-type': 'text/html' };
	const body = '<!doctype html><p>Not here<br>';
	for (const failure of await failuresWith({ status: 404, headers, body })) {
		expect(reasonOf(failure)).toBe(`${notOfS3()} a web page with HTTP 404`);
	}
});

it('what a gateway says of a password is quoted after what the status means', async () => {
	const body = 'expired on Monday';
	server.faults.add({ effect: { kind: 'answer', status: 401, body } });
	const failure = await rejectionOf(
		(
			await server.connect({ identity: { kind: 'httpBasic', username: 'me', password: 'no' } })
		).send('GetObject', { Bucket: bucket, Key: 'hello.txt' }, call),
	);
	expect(reasonOf(failure)).toBe(
		'the server does not accept these credentials, “expired on Monday”',
	);
});

it('a refusal without an error of S3 has advice about firewalls before that about permissions', async () => {
	const [, failure] = await failuresWith({ status: 403, body: '' });
	expect(failure?.advice).toBe(
		'The response names no error of S3: look for a proxy or firewall on the way. If a permission is missing, the identity of the credential needs s3:GetObject on arn:aws:s3:::photos/hello.txt.',
	);
});

it('a denial that names a KMS key is told in the words of the server', async () => {
	const message =
		'User: arn:aws:iam::111122223333:user/n8n is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:eu-central-1:111122223333:key/1 because no identity-based policy allows the kms:GenerateDataKey action';
	const [failure] = await failuresWith({ status: 403, code: 'AccessDenied', message });
	expect(failure && reasonOf(failure)).toBe(`access denied: ${message}`);
	expect(failure?.advice).toBe(
		'The identity of the credential needs kms:GenerateDataKey on arn:aws:kms:eu-central-1:111122223333:key/1.',
	);
});

it('a denial without a reason names the permissions in the partition of the region', async () => {
	const message = 'Access Denied';
	s3 = await server.connect({ region: 'cn-north-1' });
	const [failure] = await failuresWith({ status: 403, code: 'AccessDenied', message });
	expect(failure?.advice).toBe(
		'The identity of the credential needs s3:PutObject on arn:aws-cn:s3:::photos/hello.txt.',
	);
});

it('an unknown code with an empty message, as of radosgw, is shown itself', async () => {
	const refused = { status: 400, code: 'XRgwOddity', message: '' };
	for (const failure of await failuresWith(refused)) {
		expect(reasonOf(failure)).toBe('XRgwOddity');
	}
});

it('a refusal with the code of a failed server is not repeated', async () => {
	const refused = { status: 403, code: 'InternalError', message: 'Not today' };
	for (const failure of await failuresWith(refused)) {
		expect(failure).toMatchObject({ kind: 'denied', retryable: false });
		expect(reasonOf(failure)).toBe('Not today');
	}
	expect(server.requests).toHaveLength(3);
});

it('a redirect names the origin that it leads to', async () => {
	const headers = { location: 'https://s3.example.com/photos/hello.txt?token=planted' };
	for (const failure of await failuresWith({ status: 308, headers, body: '' })) {
		expect(reasonOf(failure)).toBe('the server redirects to https://s3.example.com');
		expect(failure.advice).toBe(
			'If that is your server, enter https://s3.example.com as Endpoint in the credential.',
		);
	}
});

it('the failure of a key with a slash before it says so', async () => {
	const failure = await rejectionOf(get('/hello.txt'));
	expect(failure.message).toBe(
		'Could not get “/hello.txt” in bucket “photos”: there is no object with this key',
	);
	expect(failure.advice).toBe(
		'This key begins with a slash, which S3 takes for part of the name: try “hello.txt”.',
	);
});

it('the failure of a wrong secret at a server of one’s own names a proxy as its other cause', async () => {
	const { accessKeyId } = server.users.main;
	const identity = { kind: 'accessKeys', accessKeyId, secretAccessKey: 'no' } as const;
	s3 = await server.connect({ identity: { ...identity, sessionToken: undefined } });
	expect((await rejectionOf(get())).advice).toContain('a proxy in front of the server may change');
});

it('an ACL that the server does not have is named by its header, as the server does', async () => {
	const source = { size: 0, open: () => Promise.resolve(Readable.from([])) };
	const request = { bucket, key: 'a.txt', source, acl: 'nonsense' };
	const failure = await rejectionOf(putObject(s3, request, call));
	expect(failure.message).toBe(
		'Could not put “a.txt” in bucket “photos”: InvalidArgument (x-amz-acl)',
	);
});

it('an ACL in a bucket without ACLs says that the option has to go', async () => {
	const source = { size: 0, open: () => Promise.resolve(Readable.from([])) };
	const request = { bucket, key: 'a.txt', source, acl: 'public-read' };
	const failure = await rejectionOf(putObject(s3, request, call));
	expect(failure.message).toBe(
		'Could not put “a.txt” in bucket “photos”: the bucket does not allow ACLs',
	);
	expect(failure.advice).toContain('Remove the option ACL');
});
