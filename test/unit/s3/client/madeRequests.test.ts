/** The SDK's part in requests. A server would not tell, and directory buckets are in AWS alone: answers are made up. */
import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import { DirectConnections } from '../../../../s3/http/range/RangeConnectionPool';
import { MadeRequests } from '../../../../s3/client/MadeRequests';
import { Pace } from '../../../../s3/retry/RequestRate';
import { NodeHttpHandler, PacedHttpHandler, S3Client, sendCommand } from '../../../../s3/sdk';
import type { Calls, S3ClientConfig } from '../../../../s3/sdk';
import { leaveListingsUnread } from '../../../../s3/client/rawListings';

interface Sent {
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
}

const SESSION = `<CreateSessionResult><Credentials><AccessKeyId>LENT</AccessKeyId>
	<SecretAccessKey>lent/secret</SecretAccessKey><SessionToken>lent/token</SessionToken>
	<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>`;

let sent: Sent[];
/** Operations whose requests the SDK's middleware has made. */
let throughSdk: string[];
let made: MadeRequests;
/** The next answer to a listing, if it is another one. */
let nextListing: string | undefined;

beforeEach(() => {
	sent = [];
	nextListing = undefined;
	throughSdk = [];
	made = new MadeRequests();
	jest.spyOn(NodeHttpHandler.prototype, 'handle').mockImplementation((request) => {
		sent.push(request as unknown as Sent);
		const body = Readable.from([Buffer.from(answerTo(request as unknown as Sent))]);
		return Promise.resolve({ response: new HttpResponse({ statusCode: 200, headers: {}, body }) });
	});
});
afterEach(() => {
	jest.restoreAllMocks();
});

const OWN = { accessKeyId: 'OWN', secretAccessKey: 'own/secret' };

function connect(settings: S3ClientConfig = {}): S3Client {
	const direct = new DirectConnections(() => undefined, { connect: 1, answer: 1, unused: 1 });
	const client = new S3Client({
		region: 'us-east-1',
		credentials: OWN,
		requestHandler: new PacedHttpHandler({}, new Pace(), () => undefined, direct),
		...settings,
	});
	leaveListingsUnread(client);
	client.middlewareStack.add(
		(next, { commandName }) =>
			async (args) => {
				if (commandName !== 'CreateSessionCommand') throughSdk.push(commandName ?? '');
				return await next(args);
			},
		{ step: 'initialize' },
	);
	return client;
}

function answerTo({ query }: Sent): string {
	if ('session' in query) return SESSION;
	const listing = nextListing ?? '<ListBucketResult/>';
	nextListing = undefined;
	return 'list-type' in query ? listing : '';
}

async function page(client: S3Client, bucket: string): Promise<void> {
	const { listing } = await send(client, 'ListObjectsV2', { Bucket: bucket, MaxKeys: 1000 });
	expect(listing.bytes().toString()).toBe('<ListBucketResult/>');
	listing.giveBack();
}

const send = async <Name extends keyof Calls>(
	client: S3Client,
	name: Name,
	input: Calls[Name]['input'],
) => await sendCommand(client, name, input, { signal: undefined, made });

const put = async (client: S3Client, bucket: string) =>
	await send(client, 'PutObject', { Bucket: bucket, Key: 'key', Body: Buffer.from('x') });

/** The access key that a request is signed with. */
const keyOf = ({ headers }: Sent) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1];

it('each request is signed with the keys of the session at that time', async () => {
	let lent = 0;
	const credentials = () => {
		lent += 1;
		// So near its end that the SDK asks for another one.
		const expiration = new Date(Date.now() + 1000);
		return Promise.resolve({ ...OWN, accessKeyId: `LENT${lent}`, expiration });
	};
	const client = connect({ credentials });
	for (let i = 0; i < 3; i++) await page(client, 'usual');
	expect(new Set(sent.map(keyOf)).size).toBe(3);
	expect(throughSdk).toHaveLength(1);
});

it('the SDK makes the first of each client, bucket and operation, and no other', async () => {
	const [first, second] = [connect(), connect()];
	for (let i = 0; i < 3; i++) {
		await page(first, 'usual');
		await put(first, 'usual');
	}
	expect(throughSdk).toEqual(['ListObjectsV2Command', 'PutObjectCommand']);
	for (let i = 0; i < 3; i++) await page(second, 'usual');
	expect(throughSdk).toHaveLength(3);
	for (let i = 0; i < 3; i++) await page(second, 'another');
	expect(throughSdk).toHaveLength(4);
	expect(sent).toHaveLength(12);
});

it('those of a hundred buckets are known, and then the one known for longest no more', async () => {
	const client = connect();
	for (let i = 0; i < 101; i++) await put(client, `bucket-${i}`);
	throughSdk = [];
	for (let i = 1; i < 101; i++) await put(client, `bucket-${i}`);
	expect(throughSdk).toEqual([]);
	await put(client, 'bucket-0');
	expect(throughSdk).toEqual(['PutObjectCommand']);
});

it('what is sent seldom is made by the SDK each time', async () => {
	const client = connect();
	for (let i = 0; i < 2; i++) await send(client, 'HeadObject', { Bucket: 'usual', Key: 'key' });
	expect(throughSdk).toHaveLength(2);
});

it('all for a directory bucket are signed with the keys of its session', async () => {
	const client = connect();
	const bucket = 'fast--use1-az4--x-s3';
	for (let i = 0; i < 3; i++) await page(client, bucket);
	for (let i = 0; i < 3; i++) await put(client, bucket);
	const keys = sent.filter(({ query }) => !('session' in query)).map(keyOf);
	expect(keys).toEqual(['LENT', 'LENT', 'LENT', 'LENT', 'LENT', 'LENT']);
	expect(sent).toHaveLength(7);
});

it.each<[string, (request: Sent) => void]>([
	['path', (request) => (request.path += '-changed')],
	['type', (request) => (request.headers['content-type'] = 'changed')],
])(
	'a request of which the middleware changes the %s is made by it each time',
	async (_, change) => {
		const client = connect();
		client.middlewareStack.add(
			(next) => async (args) => {
				change(args.request as Sent);
				return await next(args);
			},
			{ step: 'build' },
		);
		for (let i = 0; i < 2; i++) await put(client, 'usual');
		for (const { path, headers } of sent)
			expect(`${path} ${headers['content-type']}`).toMatch(/changed/);
	},
);

it('what is not in memory is sent by the SDK, which knows whether it can be sent again', async () => {
	const client = connect();
	const input = { Bucket: 'usual', Key: 'key' };
	await put(client, 'usual');
	for (const Body of ['text', Readable.from(['text'])]) {
		await send(client, 'PutObject', { ...input, Body, ContentLength: 4 });
	}
	expect(throughSdk).toHaveLength(3);
});

it('the same headers are signed as by the SDK', async () => {
	const client = connect();
	for (let i = 0; i < 2; i++) await put(client, 'usual');
	const signed = sent.map(
		({ headers }) => /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1],
	);
	expect(signed[0]).toMatch(/content-length/);
	expect(signed[1]).toBe(signed[0]);
});

it('an error instead of a listing, read as a stream, is the SDK’s to read again', async () => {
	const client = connect({ maxAttempts: 1 });
	await page(client, 'usual');
	nextListing = '<Error><Code>InternalError</Code></Error>';
	await expect(page(client, 'usual')).rejects.toMatchObject({ name: 'InternalError' });
	expect(sent).toHaveLength(2);
});
