import { text } from 'node:stream/consumers';
import { identityFor } from '../../../s3/identity/identityFor';
import { SessionCache } from '../../../s3/identity/sessionCache';
import type { Session } from '../../../s3/identity/Session';
import { commands, S3Client } from '../../../s3/sdk';
import { withServer } from '../../servers/withServer';
import { agents, openLab } from '../../unit/s3/identity/rolesAnywhere/lab';
import type { Lab } from '../../unit/s3/identity/rolesAnywhere/lab';

/** Milliseconds that the clocks of client, service and server were put forward. */
let skipped: number;
let lab: Lab;
const server = withServer({ region: 'eu-central-1', buckets: ['data'] });

const clock = () => Date.now() + skipped;

beforeEach(async () => {
	skipped = 0;
	lab = await openLab({
		clock,
		onSession: ({ roleArn, ...keys }) => server.addUser({ name: roleArn, ...keys }),
	});
});
afterEach(() => lab.close());

function skip(seconds: number): void {
	skipped += seconds * 1000;
	server.setClock(skipped / 1000);
}

function clientWith(credentials: Session | (() => Promise<Session>)): S3Client {
	return new S3Client({
		endpoint: server.endpoint,
		region: 'eu-central-1',
		forcePathStyle: true,
		maxAttempts: 1,
		credentials,
	});
}

it('pasted PEM gives sessions for put, get and list, which are renewed and which expire', async () => {
	lab.service.account.lifetime = 70;
	const client = clientWith(
		identityFor(lab.identity(), {
			region: 'eu-central-1',
			agents,
			clock,
			sessions: new SessionCache<Session>(clock),
		}),
	);
	const place = { Bucket: 'data', Key: 'a.txt' };
	await client.send(new commands.PutObject({ ...place, Body: 'hello' }));
	skip(20);
	const { Body: body } = await client.send(new commands.GetObject(place));
	expect(await text(body as NodeJS.ReadableStream)).toBe('hello');
	const { Buckets: buckets } = await client.send(new commands.ListBuckets({}));
	expect(buckets).toMatchObject([{ Name: 'data' }]);
	expect(lab.service.requestCount).toBe(2);

	const [first, second] = lab.service.lent;
	skip(55);
	const withFirst = clientWith({ ...first!, expiration: new Date(Date.now() + 3_600_000) });
	await expect(withFirst.send(new commands.GetObject(place))).rejects.toMatchObject({
		name: 'ExpiredToken',
	});
	const withSecond = clientWith({ ...second!, expiration: second!.expires });
	const again = await withSecond.send(new commands.GetObject(place));
	expect(again.ContentLength).toBe(5);
});
