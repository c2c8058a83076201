/** Links of the node, used by plain `fetch` and by curl. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startGateway, type Gateway } from '../servers/sts/gateway';
import { startSts, type StsServer } from '../servers/sts/server';
import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { runNode, type Credential } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/links';
const HOUR = 3_600_000;

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
withBinaryStore();

const getLink = async (parameters: object, fields: object = {}) =>
	await runNode({
		parameters: { resource: 'object', operation: 'getPresignedUrl', ...parameters },
		credential: { ...server.credential, ...fields },
	});

interface LinkItem {
	url: string;
	method: string;
	headers: Record<string, string>;
	expiresAt: string;
	cappedBy?: string;
}

const linkOf = async (...run: Parameters<typeof getLink>): Promise<LinkItem> => {
	const { outputs, error } = await getLink(...run);
	if (error !== undefined) throw error;
	return outputs[0]?.[0]?.json as unknown as LinkItem;
};

const curl = async (...parameters: string[]) =>
	(await promisify(execFile)('curl', ['--silent', '--show-error', ...parameters])).stdout;

describe('a link of the node', () => {
	it('a link to download is made without a request, and gives the object', async () => {
		await putAll(server.credential, bucket, { 'a b.txt': 'hello' });
		server.requests.length = 0;
		const before = Date.now();
		const link = await linkOf({ key: 'a b.txt' });
		expect(server.requests).toEqual([]);
		expect(Object.keys(link)).toEqual(['url', 'method', 'headers', 'bucket', 'key', 'expiresAt']);
		expect(link).toMatchObject({ method: 'GET', headers: {}, bucket, key: 'a b.txt' });
		const life = Date.parse(link.expiresAt) - before;
		expect(Math.abs(life - HOUR)).toBeLessThan(5000);
		expect(await curl(link.url)).toBe('hello');
	});

	it('a link to download has the browser save it under the name that was entered', async () => {
		await putAll(server.credential, bucket, { key: 'hello' });
		const { url } = await linkOf({ key: 'key', options: { fileName: 'März.txt' } });
		const headers = await curl('--include', url);
		expect(headers).toContain(`filename="M_rz.txt"; filename*=UTF-8''M%C3%A4rz.txt`);
	});

	it('a link to read has what the options say of the response and the version, and headers for the rest', async () => {
		const encryptionCustomerKey = Buffer.alloc(32, 1).toString('base64');
		const options = {
			encryptionCustomerKey,
			requestPayer: true,
			responseContentDisposition: 'inline',
			responseContentType: 'text/csv',
			versionId: 'v1',
		};
		const link = await linkOf({ key: 'key', method: 'HEAD', options });
		expect(Object.fromEntries(new URL(link.url).searchParams)).toMatchObject({
			'response-content-disposition': 'inline',
			'response-content-type': 'text/csv',
			versionId: 'v1',
			'x-amz-request-payer': 'requester',
		});
		expect(link.headers).toMatchObject({
			'x-amz-server-side-encryption-customer-key': encryptionCustomerKey,
		});
	});

	it('a name for the download does not count for another method, which an expression may give', async () => {
		const options = { fileName: 'a.txt' };
		const { url } = await linkOf({ key: 'key', method: '={{ "HEAD" }}', options });
		expect(url).not.toContain('response-content-disposition');
	});

	it('a link to upload takes a file of its content type only', async () => {
		const link = await linkOf({
			key: 'new',
			method: 'PUT',
			options: { contentType: 'text/csv' },
		});
		expect(link.headers).toEqual({ 'content-type': 'text/csv' });
		expect(await curl('-T', __filename, '-H', 'content-type: text/plain', link.url)).toContain(
			'SignatureDoesNotMatch',
		);
		const headers = Object.entries(link.headers).flatMap(([name, value]) => [
			'-H',
			`${name}: ${value}`,
		]);
		expect(await curl('-T', __filename, ...headers, link.url)).toBe('');
		const stored = await send(server.credential, 'HEAD', `/${bucket}/new`);
		expect(stored.headers.get('content-type')).toBe('text/csv');
	});

	it('a link to upload can demand metadata and a size', async () => {
		const link = await linkOf({
			key: 'new',
			method: 'PUT',
			options: { contentLength: 3, metadata: { entry: [{ name: 'from', value: 'n8n' }] } },
		});
		expect(link.headers).toEqual({ 'content-length': '3', 'x-amz-meta-from': 'n8n' });
	});

	it('a link to delete deletes the object', async () => {
		await putAll(server.credential, bucket, { key: 'hello' });
		const { url, method } = await linkOf({ key: 'key', method: 'DELETE' });
		expect(await curl('-X', method, url)).toBe('');
		expect(server.store.bucket(bucket).get('key')).toBeUndefined();
	});

	it('what was saved for another method is not read', async () => {
		const options = {
			fileName: 'a.txt',
			responseContentType: 'text/html',
			versionId: 'v',
			contentType: 'text/csv',
			contentLength: 5,
			encryptionCustomerKey: Buffer.alloc(32).toString('base64'),
		};
		const remove = await linkOf({ key: 'key', method: 'DELETE', options });
		expect(remove.headers).toEqual({});
		expect(remove.url).toContain('versionId=v');
		expect(remove.url).not.toContain('response-');
		const upload = await linkOf({ key: 'key', method: 'PUT', options });
		expect(upload.headers['content-type']).toBe('text/csv');
		expect(upload.url).not.toMatch(/versionId|response-/);
		const head = await linkOf({ key: 'key', method: 'HEAD', options });
		expect(head.url).not.toContain('disposition');
		expect(Object.keys(head.headers)).not.toContain('content-length');
	});

	it('a link with a file name and a content disposition, which the form does not offer together, is refused in words', async () => {
		const both = { fileName: 'a.txt', responseContentDisposition: 'inline' };
		const { error } = await getLink({ key: 'key', options: both });
		expect(error?.message).toContain('A file name and a content disposition are given');
		const nothing = { ...both, fileName: '={{ "" }}' };
		expect((await linkOf({ key: 'key', options: nothing })).url).toContain('inline');
	});

	it('a link to nothing fails if the object is looked for first', async () => {
		const { error } = await getLink({ key: 'nothing', options: { checkFirst: true } });
		expect(error?.message).toContain('there is no object with this key');
		expect((await linkOf({ key: 'nothing' })).method).toBe('GET');
	});

	it('a life that S3 does not have is refused with the limits', async () => {
		for (const expiresIn of [0, 604_801]) {
			const { error } = await getLink({ key: 'key', expiresIn });
			expect(error?.message).toContain('from 1 to 604,800');
		}
	});

	it('a link whose key is odd comes with a hint', async () => {
		const { hints } = await getLink({ key: '../key' });
		expect(hints).toMatchObject([
			{ message: expect.stringContaining('--path-as-is') as string, location: 'outputPane' },
		]);
	});
});

describe('the credential of a link', () => {
	it('links are signed for the public endpoint of the credential, or of the node', async () => {
		const { port } = new URL(server.endpoint);
		const publicEndpoint = `http://localhost:${port}`;
		await putAll(server.credential, bucket, { key: 'hello' });
		const { url } = await linkOf({ key: 'key' }, { publicEndpoint });
		expect(url.startsWith(`${publicEndpoint}/${bucket}/key?`)).toBe(true);
		expect(await curl(url)).toBe('hello');
		const options = { publicEndpoint: 'https://files.example.com' };
		const other = await linkOf({ key: 'key', options }, { publicEndpoint });
		expect(other.url.startsWith(`https://files.example.com/${bucket}/key?`)).toBe(true);
	});

	it('a public endpoint that is no URL is refused', async () => {
		const { error } = await getLink({ key: 'key' }, { publicEndpoint: 'files' });
		expect(error?.message).toContain('The Public Endpoint of the credential');
	});

	it('a private credential makes no link', async () => {
		const { error } = await getLink({ key: 'key' }, { privacyLevel: 'private' });
		expect(error?.message).toContain('The Privacy Level of this credential is private');
		expect(server.requests).toEqual([]);
	});

	it('a credential for data of the organization makes links for an hour', async () => {
		const fields = { privacyLevel: 'organizational' };
		const { expiresAt, cappedBy } = await linkOf({ key: 'key', expiresIn: 86_400 }, fields);
		expect(cappedBy).toBe('privacyLevel');
		expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(HOUR);
	});

	it('a credential for one bucket makes no link to another', async () => {
		const { error } = await getLink({ bucket: 'other', key: 'key' }, { bucketOnly: true });
		expect(error?.message).toContain('only for bucket “bucket”');
	});

	it('a password makes no link', async () => {
		const { error } = await runNode({
			parameters: {
				authentication: 'basicAuth',
				resource: 'object',
				operation: 'getPresignedUrl',
				key: 'key',
			},
			credential: {
				...server.credential,
				username: 'me',
				password: 'planted-secret',
				scheme: 'http',
			},
		});
		expect(error?.message).toContain('the Scheme HTTP Basic');
	});

	it('temporary keys make links with a hint', async () => {
		const keys = { temporaryCredentials: true, sessionToken: 'token' };
		const { hints } = await getLink({ key: 'key' }, keys);
		expect(hints).toMatchObject([{ message: expect.stringContaining('temporary') as string }]);
	});
});

describe('the role of a credential', () => {
	let sts: StsServer;
	let gateway: Gateway;
	let credential: Credential;

	beforeAll(async () => {
		sts = await startSts({
			region: server.region,
			users: [server.users.limited],
			roles: [{ arn: ROLE_ARN, maxSessionDuration: 3600 }],
			onSession: (lent) => server.addUser({ name: 'links', ...lent }),
		});
		gateway = await startGateway(server.endpoint, sts.endpoint);
		credential = {
			...server.credentialOf(server.users.limited),
			endpoint: gateway.endpoint,
			region: server.region,
			bucket,
			assumeRole: true,
			roleArn: ROLE_ARN,
			roleDurationSeconds: 900,
		};
	});
	afterAll(async () => {
		await gateway.stop();
		await sts.stop();
	});

	it('a link ends with the session, says so, and works with its token', async () => {
		await putAll(server.credential, bucket, { key: 'hello' });
		const { url, expiresAt, cappedBy } = await linkOf({ key: 'key' }, credential);
		expect(cappedBy).toBe('session');
		expect(Date.parse(expiresAt)).toBeLessThanOrEqual(sts.lent.at(-1)?.expires.getTime() ?? 0);
		expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(890_000);
		expect(await curl(url)).toBe('hello');
		const shorter = await linkOf({ key: 'key', expiresIn: 600 }, credential);
		expect(shorter.cappedBy).toBeUndefined();
		expect(sts.lent).toHaveLength(1);
	});
});
