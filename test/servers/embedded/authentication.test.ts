import { withServer } from '../withServer';
import { clientOf, texts } from './client';
import { startEmbedded } from './index';
import type { Reply, Sent } from './client';
import type { User } from './index';

const temporary: User = {
	name: 'temporary',
	accessKeyId: 'ASIATEMPORARY0000001',
	secretAccessKey: 'temporary/secret',
	sessionToken: 'token of the session',
	expires: new Date(Date.now() + 3_600_000),
};
const expired: User = {
	...temporary,
	name: 'expired',
	accessKeyId: 'ASIAEXPIRED00000001',
	expires: new Date(Date.now() - 1000),
};

const server = withServer({
	users: [temporary, expired],
	bucketRegions: { near: 'us-east-1', far: 'eu-west-1' },
	leavesUploads: true,
});

const get = (sent: Sent = {}, path = '/near/missing') => server.send('GET', path, sent);
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

function expectError({ status, code, text }: Reply, expected: [number, string]): void {
	expect([status, code]).toEqual(expected);
	expect(texts(text, 'RequestId')).toHaveLength(1);
	expect(texts(text, 'Message')[0]).not.toBe('');
}

describe('a signed request', () => {
	it('a signed request is carried out', async () => {
		expectError(await get(), [404, 'NoSuchKey']);
	});

	it('a signed request may have any query, whose names are sorted before their values', async () => {
		const query = { a: '1', 'a-b': '2', 'a b': 'c+d', é: '🙂', z: '' };
		expectError(await get({ query }), [404, 'NoSuchKey']);
	});

	it('a signed request with temporary keys needs their token', async () => {
		expectError(await get({ user: temporary }), [404, 'NoSuchKey']);
		const { sessionToken, ...bare } = temporary;
		expect(sessionToken).toBeDefined();
		expectError(await get({ user: bare }), [403, 'InvalidAccessKeyId']);
		const wrong = { ...temporary, sessionToken: 'other' };
		expectError(await get({ user: wrong }), [400, 'InvalidToken']);
		expectError(await get({ user: expired }), [400, 'ExpiredToken']);
	});

	it('a signed request with lasting keys may have no token', async () => {
		const user = { ...server.users.main, sessionToken: 'some' };
		expectError(await get({ user }), [400, 'InvalidToken']);
	});

	it('a signed request is refused for a secret or key that is not known', async () => {
		const wrong = { ...server.users.main, secretAccessKey: 'wrong' };
		const reply = await get({ user: wrong });
		expectError(reply, [403, 'SignatureDoesNotMatch']);
		expect(texts(reply.text, 'CanonicalRequest')[0]).toContain('GET\n/near/missing\n');
		expect(reply.text).not.toContain(server.users.main.secretAccessKey);
		const unknown = { ...server.users.main, accessKeyId: 'UNKNOWN' };
		expectError(await get({ user: unknown }), [403, 'InvalidAccessKeyId']);
	});

	it('a signed request is refused when it was signed more than a quarter of an hour away', async () => {
		expectError(await get({ at: ago(14) }), [404, 'NoSuchKey']);
		expectError(await get({ at: ago(16) }), [403, 'RequestTimeTooSkewed']);
		expectError(await get({ at: ago(-16) }), [403, 'RequestTimeTooSkewed']);
	});

	it('a signed request is refused when one of S3’s headers was not signed', async () => {
		const reply = await get({ unsigned: { 'x-amz-acl': 'private' } });
		expectError(reply, [403, 'AccessDenied']);
		expect(texts(reply.text, 'HeadersNotSigned')).toEqual(['x-amz-acl']);
	});

	it('a signed request may have other headers that were not signed', async () => {
		expectError(await get({ unsigned: { 'x-other': '1' } }), [404, 'NoSuchKey']);
	});

	it('a signed request is refused without a signature', async () => {
		expectError(await get({ anonymous: true }), [403, 'AccessDenied']);
	});

	it.each([
		['AWS key:signature', 'InvalidRequest'],
		['Basic dXNlcjpwYXNzd29yZA==', 'InvalidArgument'],
		['AWS4-HMAC-SHA256 nonsense', 'AuthorizationHeaderMalformed'],
	])('a signed request is refused with the authorization %s', async (authorization, code) => {
		const reply = await get({ anonymous: true, unsigned: { authorization } });
		expectError(reply, [400, code]);
	});

	it('a signed request is refused with two signatures', async () => {
		const query = { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256' };
		expectError(await get({ query }), [400, 'InvalidArgument']);
	});

	it('a signed request is refused without the hash of its body', async () => {
		const authorization = `AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
		const { endpoint } = server;
		const reply = await fetch(`${endpoint}/near/x`, { headers: { authorization } });
		expect(await reply.text()).toContain('Missing required header for this request');
	});

	it('a signed request must sign the path as it names the key, whatever it looks like', async () => {
		const raw = await get({}, "/near/it's!(1)*");
		expectError(raw, [403, 'SignatureDoesNotMatch']);
		expectError(await get({}, '/near/it%27s%21%281%29%2A'), [404, 'NoSuchKey']);
	});
});

describe('a request signed for a region', () => {
	it('a request signed for a region that is not the server’s is told the right one', async () => {
		const reply = await get({ region: 'ap-south-1' });
		expectError(reply, [400, 'AuthorizationHeaderMalformed']);
		expect(texts(reply.text, 'Region')).toEqual(['us-east-1']);
	});

	it('a request signed for the region of the server is sent on to that of the bucket', async () => {
		const reply = await get({}, '/far/x');
		expectError(reply, [301, 'PermanentRedirect']);
		expect(reply.headers['x-amz-bucket-region']).toBe('eu-west-1');
		const head = await server.send('HEAD', '/far');
		expect([head.status, head.text]).toEqual([301, '']);
		expect(head.headers['x-amz-bucket-region']).toBe('eu-west-1');
	});

	it('a request signed for the region of the bucket is carried out', async () => {
		expectError(await get({ region: 'eu-west-1' }, '/far/x'), [404, 'NoSuchKey']);
		const head = await server.send('HEAD', '/far', { region: 'eu-west-1' });
		expect(head.status).toBe(200);
	});

	it('a request signed for another region is told the bucket’s one at once if the server was started so', async () => {
		const other = await startEmbedded({
			regionErrors: 'malformed',
			bucketRegions: { far: 'eu-west-1' },
		});
		const elsewhere = clientOf(other);
		const reply = await elsewhere.send('GET', '/far/x');
		expectError(reply, [400, 'AuthorizationHeaderMalformed']);
		expect(texts(reply.text, 'Region')).toEqual(['eu-west-1']);
		expect(reply.headers['x-amz-bucket-region']).toBe('eu-west-1');
		elsewhere.close();
		await other.stop();
	});
});

describe('a presigned URL', () => {
	beforeAll(async () => {
		await server.send('PUT', '/near/presigned', { body: 'content' });
	});
	const of = (options = {}) => server.presign('GET', '/near/presigned', options);

	it('a presigned URL reads and writes', async () => {
		expect((await (await of()).use()).text).toBe('content');
		const put = await server.presign('PUT', '/near/put');
		expect((await put.use({ body: 'by URL' })).status).toBe(200);
		expect((await server.send('GET', '/near/put')).text).toBe('by URL');
	});

	it('a presigned URL works with temporary keys', async () => {
		expect((await (await of({ user: temporary })).use()).text).toBe('content');
	});

	it('a presigned URL overrides headers of the response', async () => {
		const query = { 'response-content-disposition': 'attachment; filename="a b.txt"' };
		const { headers } = await (await of({ query })).use();
		expect(headers['content-disposition']).toBe('attachment; filename="a b.txt"');
	});

	it('a presigned URL ends when it says so', async () => {
		const url = await of({ at: ago(1.1), expiresIn: 60 });
		const reply = await url.use();
		expectError(reply, [403, 'AccessDenied']);
		expect(texts(reply.text, 'Message')).toEqual(['Request has expired']);
		expect((await (await of({ at: ago(1.1), expiresIn: 90 })).use()).status).toBe(200);
	});

	it('a presigned URL does not begin before it was made', async () => {
		expectError(await (await of({ at: ago(-16) })).use(), [403, 'AccessDenied']);
	});

	it.each<[string, (path: string) => string, [number, string]]>([
		['another key', (path) => path.replace('presigned', 'other'), [403, 'SignatureDoesNotMatch']],
		['a longer life', (path) => path.replace('=60', '=90'), [403, 'SignatureDoesNotMatch']],
		[
			'a life of more than a week',
			(path) => path.replace('=60', '=604801'),
			[400, 'AuthorizationQueryParametersError'],
		],
		[
			'a part missing',
			(path) => path.replace('X-Amz-SignedHeaders', 'x'),
			[400, 'AuthorizationQueryParametersError'],
		],
	])('a presigned URL is refused with %s', async (_, tamper, error) => {
		expectError(await (await of()).use({ tamper }), error);
	});

	it('a presigned URL is refused for another method and with headers of S3 that it does not have', async () => {
		const url = await of();
		expectError(await url.use({ method: 'DELETE' }), [403, 'SignatureDoesNotMatch']);
		expectError(await url.use({ headers: { 'x-amz-acl': 'private' } }), [403, 'AccessDenied']);
	});
});

describe('a user with rules', () => {
	const limited = () => server.users.limited;
	const as = (method: string, path: string, sent: Sent = {}) =>
		server.send(method, path, { user: limited(), ...sent });

	beforeAll(async () => {
		await server.send('PUT', '/near/shared/there', { body: 'x' });
	});
	beforeEach(() => {
		limited().allow = [];
	});

	it.each<[string, string, string, Record<string, string>]>([
		['s3:ListAllMyBuckets', 'GET', '/', {}],
		['s3:ListBucket', 'GET', '/near', {}],
		['s3:ListBucket', 'GET', '/near', { 'list-type': '2' }],
		['s3:ListBucketVersions', 'GET', '/near', { versions: '' }],
		['s3:ListBucketMultipartUploads', 'GET', '/near', { uploads: '' }],
		['s3:GetBucketLocation', 'GET', '/near', { location: '' }],
		['s3:GetBucketVersioning', 'GET', '/near', { versioning: '' }],
		['s3:GetObject', 'GET', '/near/shared/there', {}],
		['s3:GetObjectVersion', 'GET', '/near/shared/there', { versionId: 'null' }],
		['s3:GetObjectTagging', 'GET', '/near/shared/there', { tagging: '' }],
		['s3:PutObject', 'PUT', '/near/shared/new', {}],
		['s3:PutObject', 'POST', '/near/shared/new', { uploads: '' }],
		['s3:AbortMultipartUpload', 'DELETE', '/near/shared/new', { uploadId: 'x' }],
		['s3:ListMultipartUploadParts', 'GET', '/near/shared/new', { uploadId: 'x' }],
		['s3:DeleteObject', 'DELETE', '/near/shared/none', {}],
	])('a user with rules needs %s for %s %s %j', async (action, method, path, query) => {
		const refused = await as(method, path, { query });
		expectError(refused, [403, 'AccessDenied']);
		expect(texts(refused.text, 'Message')[0]).toContain(action);
		limited().allow = [{ actions: [action], resources: ['*'] }];
		expect((await as(method, path, { query })).code).not.toBe('AccessDenied');
		limited().allow = [{ actions: ['s3:*'], resources: ['other', 'other/*'] }];
		expectError(await as(method, path, { query }), [403, 'AccessDenied']);
	});

	it('a user with rules may do what its prefix allows and nothing else', async () => {
		limited().allow = [{ actions: ['s3:*'], resources: ['near/shared/*'] }];
		expect((await as('GET', '/near/shared/there')).status).toBe(200);
		expectError(await as('GET', '/near/presigned'), [403, 'AccessDenied']);
		expectError(await as('GET', '/near/sharedx'), [403, 'AccessDenied']);
	});

	it('a user with rules is told that a key is missing only if it may list', async () => {
		limited().allow = [{ actions: ['s3:GetObject'], resources: ['near/*'] }];
		expectError(await as('GET', '/near/shared/none'), [403, 'AccessDenied']);
		expect((await as('HEAD', '/near/shared/none')).status).toBe(403);
		limited().allow?.push({ actions: ['s3:ListBucket'], resources: ['near'] });
		expectError(await as('GET', '/near/shared/none'), [404, 'NoSuchKey']);
		expect((await as('HEAD', '/near/shared/none')).status).toBe(404);
	});

	it('a user with rules needs to be allowed to read what it copies', async () => {
		limited().allow = [{ actions: ['s3:PutObject'], resources: ['near/*'] }];
		const headers = { 'x-amz-copy-source': 'near/presigned' };
		expectError(await as('PUT', '/near/shared/copy', { headers }), [403, 'AccessDenied']);
	});
});
