/** The SDK's part in listings. A server would not tell, and directory buckets are in AWS alone: answers are made up. */
import { Readable } from 'node:stream';
import { PageSeries } from '../../../s3/PageSeries';
import { S3Client, sendCommand } from '../../../s3/sdk';
import type { S3ClientConfig } from '../../../s3/sdk';
import { leaveListingsUnread } from '../../../s3/unreadListings';

interface Sent {
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
}

const SESSION = `<CreateSessionResult><Credentials><AccessKeyId>LENT</AccessKeyId>
	<SecretAccessKey>lent/secret</SecretAccessKey><SessionToken>lent/token</SessionToken>
	<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>`;

let sent: Sent[];
/** Calls that went through the SDK's middleware. */
let throughSdk: number;
let series: PageSeries;

beforeEach(() => {
	sent = [];
	throughSdk = 0;
	series = new PageSeries();
});

const OWN = { accessKeyId: 'OWN', secretAccessKey: 'own/secret' };

function connect(credentials: NonNullable<S3ClientConfig['credentials']> = OWN): S3Client {
	const handle = (request: Sent) => {
		sent.push(request);
		const body = 'session' in request.query ? SESSION : '<ListBucketResult/>';
		const stream = Readable.from([Buffer.from(body)]);
		return Promise.resolve({ response: { statusCode: 200, headers: {}, body: stream } });
	};
	const client = new S3Client({
		region: 'us-east-1',
		credentials,
		requestHandler: { handle } as never,
	});
	leaveListingsUnread(client);
	client.middlewareStack.add(
		(next, { commandName }) =>
			async (args) => {
				if (commandName === 'ListObjectsV2Command') throughSdk += 1;
				return await next(args);
			},
		{ step: 'initialize' },
	);
	return client;
}

async function page(client: S3Client, bucket: string): Promise<void> {
	const input = { Bucket: bucket, MaxKeys: 1000 };
	const call = { signal: undefined, series };
	const { listing } = await sendCommand(client, 'ListObjectsV2', input, call);
	expect(listing.bytes().toString()).toBe('<ListBucketResult/>');
	listing.giveBack();
}

/** The access key that a request is signed with. */
const keyOf = ({ headers }: Sent) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1];

it('each request is signed with the keys of the session at that time', async () => {
	let lent = 0;
	const client = connect(() => {
		lent += 1;
		// So near its end that the SDK asks for another one.
		const expiration = new Date(Date.now() + 1000);
		return Promise.resolve({ ...OWN, accessKeyId: `LENT${lent}`, expiration });
	});
	for (let i = 0; i < 3; i++) await page(client, 'usual');
	expect(new Set(sent.map(keyOf)).size).toBe(3);
	expect(throughSdk).toBe(1);
});

it('the SDK makes the first request of each client and no other', async () => {
	const [first, second] = [connect(), connect()];
	for (let i = 0; i < 3; i++) await page(first, 'usual');
	expect(throughSdk).toBe(1);
	for (let i = 0; i < 3; i++) await page(second, 'usual');
	expect(throughSdk).toBe(2);
	expect(sent).toHaveLength(6);
});

it('all pages of a directory bucket are signed with the keys of its session', async () => {
	const client = connect();
	for (let i = 0; i < 3; i++) await page(client, 'fast--use1-az4--x-s3');
	const pages = sent.filter(({ query }) => !('session' in query));
	const keys = pages.map(
		({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1],
	);
	expect(keys).toEqual(['LENT', 'LENT', 'LENT']);
	expect(sent).toHaveLength(4);
});
