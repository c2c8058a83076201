import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3 } from '../../../s3/client/S3';
import type { Calls } from '../../../s3/sdk';
import { withServer } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';

const call = { signal: undefined, retryFor: 300 };
const object = { Bucket: 'data', Key: 'a' };
const page = '<!DOCTYPE html><html><body>Sign in</body></html>';
const ofS3 = { 'x-amz-request-id': '1' };
const html = { 'content-type': 'text/html; charset=utf-8' };

interface Reply {
	status?: number;
	headers?: Record<string, string>;
	body?: string;
}

const s3Server = withServer();
let reply: Reply;
let requests: number;
let server: Server;
let s3: S3;

beforeAll(async () => {
	server = createServer((request, response) => {
		requests += 1;
		request.resume();
		response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
	requests = 0;
	const { port } = server.address() as AddressInfo;
	s3 = await s3Server.connect({ endpoint: `http://127.0.0.1:${port}` });
});
afterAll(() => {
	server.close();
	server.closeAllConnections();
});

const upload = { ...object, UploadId: 'u' };
/** Calls whose responses are read elsewhere. */
type Others = 'GetObject' | 'HeadObject' | 'ListObjectsV2';

const INPUTS = {
	AbortMultipartUpload: upload,
	CompleteMultipartUpload: { ...upload, MultipartUpload: { Parts: [] } },
	CopyObject: { ...object, CopySource: 'data/b' },
	CreateBucket: { Bucket: 'data' },
	CreateMultipartUpload: object,
	DeleteBucket: { Bucket: 'data' },
	DeleteObject: object,
	DeleteObjects: { Bucket: 'data', Delete: { Objects: [{ Key: 'a' }] } },
	GetBucketEncryption: { Bucket: 'data' },
	GetBucketOwnershipControls: { Bucket: 'data' },
	GetBucketTagging: { Bucket: 'data' },
	GetBucketVersioning: { Bucket: 'data' },
	GetObjectAttributes: { ...object, ObjectAttributes: ['ETag'] },
	GetObjectLockConfiguration: { Bucket: 'data' },
	GetObjectTagging: object,
	HeadBucket: { Bucket: 'data' },
	ListBuckets: {},
	ListMultipartUploads: { Bucket: 'data' },
	ListObjectVersions: { Bucket: 'data' },
	PutBucketVersioning: { Bucket: 'data', VersioningConfiguration: { Status: 'Enabled' } },
	PutObject: { ...object, Body: 'content' },
	PutObjectTagging: { ...object, Tagging: { TagSet: [] } },
	RenameObject: { ...object, RenameSource: 'b', ClientToken: 't' },
	RestoreObject: { ...object, RestoreRequest: { Days: 1 } },
	UploadPart: { ...upload, PartNumber: 1, Body: 'content' },
	UploadPartCopy: { ...upload, PartNumber: 1, CopySource: 'data/b' },
} satisfies { [Name in Exclude<keyof Calls, Others>]: Calls[Name]['input'] };

type Write = keyof typeof INPUTS;
const WRITES = Object.keys(INPUTS) as Write[];
/** The response to a HEAD has no bytes. */
const WITH_BODY = WRITES.filter((name) => name !== 'HeadBucket');

const send = (name: Write) => s3.send(name, INPUTS[name], call);

describe('a response that no S3 server sends', () => {
	it.each(WRITES)('a web page with status 200 is no success of %s', async (name) => {
		reply = { headers: { ...html, etag: '"page"' }, body: page };
		const failure = await rejectionOf(send(name));
		expect(failure).toMatchObject({ kind: 'corrupt', status: 200, retryable: false });
		expect(failure.message).toContain('is not one of S3');
		expect(requests).toBe(1);
	});

	it.each(WRITES)('JSON with status 200 is no success of %s', async (name) => {
		reply = { headers: { 'content-type': 'application/json' }, body: '{"ok":true}' };
		expect((await rejectionOf(send(name))).message).toContain('is not one of S3');
	});

	it.each(WITH_BODY)('bytes without meaning are no success of %s', async (name) => {
		reply = { body: '\u0000\u0001 garbage' };
		expect((await rejectionOf(send(name))).message).toContain('is not one of S3');
	});

	it.each(WITH_BODY)('markup that is not read is no success of %s', async (name) => {
		for (const body of ['<a/>'.repeat(200_001), `<html>${'text '.repeat(1000)}</html>`]) {
			reply = { headers: { etag: '"page"' }, body };
			expect((await rejectionOf(send(name))).message).toContain('is not one of S3');
		}
	});

	it.each<[Write, number]>([
		['PutObject', 200],
		['PutObject', 204],
		['UploadPart', 200],
		['UploadPart', 204],
		['CompleteMultipartUpload', 200],
		['CompleteMultipartUpload', 204],
		['CopyObject', 200],
		['DeleteObjects', 200],
		['GetBucketVersioning', 200],
		['ListMultipartUploads', 204],
		['ListObjectVersions', 200],
	])(
		'%s is not done by an empty response with status %i and nothing of S3',
		async (name, status) => {
			reply = { status };
			expect((await rejectionOf(send(name))).message).toContain('is not one of S3');
		},
	);

	it.each<Write>(['DeleteObject', 'PutObjectTagging', 'AbortMultipartUpload'])(
		'%s is not done by an empty response that would be a web page',
		async (name) => {
			reply = { headers: html };
			expect((await rejectionOf(send(name))).message).toContain('is not one of S3');
		},
	);
});

describe('a response of an S3 server', () => {
	it.each<[Write, Reply]>([
		['PutObject', { headers: { etag: '"e"' } }],
		['PutObject', { headers: { ...ofS3, ...html } }],
		['UploadPart', { headers: { etag: '"e"' } }],
		['DeleteObject', { status: 204 }],
		['DeleteObject', { status: 204, headers: { ...ofS3, ...html } }],
		['DeleteObject', { status: 204, headers: { 'x-guploader-uploadid': 'a', ...html } }],
		['HeadBucket', { headers: { ...ofS3, ...html } }],
		['HeadBucket', {}],
		['PutObjectTagging', { headers: ofS3 }],
		[
			'CompleteMultipartUpload',
			{ body: '  \n<?xml version="1.0"?>\n<CompleteMultipartUploadResult/>' },
		],
		['CreateMultipartUpload', { body: '<InitiateMultipartUploadResult/>' }],
		['CreateMultipartUpload', { body: '<InitiateMultipartUpload/>' }],
		['GetObjectAttributes', { body: '<GetObjectAttributesOutput/>' }],
		['GetObjectTagging', { body: '<Tagging><TagSet/></Tagging>' }],
		['ListBuckets', { body: '<ns:ListAllMyBucketsResult/>' }],
		['ListMultipartUploads', { body: '<s3:ListMultipartUploadsResult/>' }],
		['PutBucketVersioning', {}],
		['UploadPartCopy', { body: '<CopyPartResult><ETag>"e"</ETag></CopyPartResult>' }],
		['ListObjectVersions', { body: '<?xml version="1.0"?><ListVersionsResult/>' }],
		['GetBucketVersioning', { body: '<?xml version="1.0"?><GetBucketVersioningResponse/>' }],
		['DeleteObjects', { body: '<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' }],
	])('%s is done by the response %j', async (name, good) => {
		reply = good;
		await expect(send(name)).resolves.toBeDefined();
	});

	it('a server that does not know tags is said to have overwritten the object', async () => {
		reply = { headers: { ...ofS3, etag: '"e"' } };
		const failure = await rejectionOf(send('PutObjectTagging'));
		expect(failure).toMatchObject({ kind: 'corrupt', code: 'TaggingIgnored' });
		expect(failure.message).toContain('has put the list of tags in the place of the object');
	});

	it('a Put that a server accepted and gave up for another one of the same moment, as Swift, fails in these words', async () => {
		reply = { headers: { ...ofS3, ...html }, body: '<html><h1>Accepted</h1></html>' };
		const failure = await rejectionOf(s3.send('PutObject', { ...object, Body: 'a' }, call));
		expect(failure).toMatchObject({ kind: 'precondition', code: 'OperationAborted' });
		expect(failure.message).toContain('somebody else is changing the same thing at this moment');
	});
});

describe('a customer’s own key', () => {
	const key = {
		SSECustomerAlgorithm: 'AES256',
		SSECustomerKey: Buffer.alloc(32, 1).toString('base64'),
	};
	const encrypted = { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' };

	it.each<'PutObject' | 'UploadPart'>(['PutObject', 'UploadPart'])(
		'%s fails if the server does not say that it has used the key',
		async (name) => {
			const put = () => s3.send(name, { ...INPUTS[name], ...key }, call);
			reply = { headers: { ...ofS3, etag: '"e"' } };
			const failure = await rejectionOf(put());
			expect(failure).toMatchObject({ kind: 'corrupt', code: 'EncryptionIgnored' });
			expect(failure.message).toContain('does not say that it has encrypted it');
			expect(requests).toBe(1);
			reply = { headers: { ...ofS3, ...encrypted, etag: '"e"' } };
			await put();
		},
	);

	it('the beginning of an upload may leave it out, as on MinIO', async () => {
		reply = { headers: ofS3, body: '<InitiateMultipartUploadResult/>' };
		await s3.send('CreateMultipartUpload', { ...INPUTS.CreateMultipartUpload, ...key }, call);
	});
});

describe('an error in a response with status 200', () => {
	const errorOf = (code: string) =>
		`<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>Said so</Message></Error>`;

	it.each([...WITH_BODY, 'ListObjectsV2'] as const)(
		'an error in a response to %s is the error, repeated with back-off',
		async (name) => {
			reply = { headers: ofS3, body: errorOf('InternalError') };
			const random = jest.spyOn(Math, 'random').mockReturnValue(0.1);
			const begun = performance.now();
			const listing = () => s3.send('ListObjectsV2', { Bucket: 'data' }, call);
			const failure = await rejectionOf(name === 'ListObjectsV2' ? listing() : send(name));
			random.mockRestore();
			expect(failure).toMatchObject({ kind: 'unavailable', code: 'InternalError', status: 200 });
			expect(failure.attempts).toBe(requests);
			expect(requests).toBeGreaterThan(3);
			// The waits of a tenth of 200, 400 and 800 ms.
			expect(performance.now() - begun).toBeGreaterThan(138);
		},
	);

	it('an error that will not pass is not repeated', async () => {
		reply = { headers: ofS3, body: errorOf('AccessDenied') };
		expect(await rejectionOf(send('CopyObject'))).toMatchObject({ kind: 'denied', status: 200 });
		expect(requests).toBe(1);
	});

	it('a completion that ends after its blanks is repeated', async () => {
		reply = { headers: ofS3, body: '  \n ' };
		const failure = await rejectionOf(send('CompleteMultipartUpload'));
		expect(failure).toMatchObject({ kind: 'unavailable', code: 'InternalError' });
		expect(requests).toBeGreaterThan(3);
	});
});
