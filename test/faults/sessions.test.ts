/** Sessions that end while an object is on its way or a bucket is being listed. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { S3 } from '../../s3/client';
import { getObject } from '../../s3/download';
import { listObjects } from '../../s3/listing';
import { putObject } from '../../s3/upload';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { startSts } from '../servers/sts/server';
import type { StsServer } from '../servers/sts/server';
import { connectionTo } from './connection';

const KiB = 1024;
const MiB = 1024 * KiB;
const bucket = 'sessions';
const ROLE = 'arn:aws:iam::111122223333:role/loader';
/** Seconds that a session lives: the least that can be asked for. */
const LIFE = 900;
/** Seconds by which the clock goes on with every request. */
let step: number;
const call = { signal: undefined };
const content = Buffer.from(Array.from({ length: 29 * MiB + 5 }, (_, i) => (i * 29) % 251));

let server: EmbeddedServer;
let sts: StsServer;
let s3: S3;
let roles = 0;

let openS3: typeof import('../../s3/client').openS3;

beforeAll(async () => {
	moveTheClock();
	// Now, for the sessions of the process take the clock as it is when they are loaded.
	({ openS3 } = await import('../../s3/client'));
	server = await startEmbedded({ minimumPartSize: 1 });
	server.store.makeBucket(bucket);
	const open = () => Promise.resolve(Readable.from([content], { objectMode: false }));
	const source = { size: content.length, open };
	const own = await openS3(connectionTo(server));
	await putObject(own, { bucket, key: 'large', source, checksum: 'CRC32' }, call);
});
afterAll(async () => {
	jest.useRealTimers();
	await server.stop();
});

beforeEach(async () => {
	const arn = `${ROLE}-${String(roles++)}`;
	sts = await startSts({
		region: server.region,
		users: [server.users.limited],
		roles: [{ arn, maxSessionDuration: LIFE }],
		onSession: (lent) => server.addUser({ name: lent.accessKeyId, ...lent }),
	});
	const identity = {
		kind: 'assumeRole' as const,
		source: { ...server.users.limited, kind: 'accessKeys' as const, sessionToken: undefined },
		roleArn: arn,
		externalId: undefined,
		roleSessionName: undefined,
		durationSeconds: LIFE,
		stsEndpoint: sts.endpoint,
	};
	s3 = await openS3(connectionTo(server, { identity }));
	server.faults.clear();
	server.requests.length = 0;
	step = 10;
	server.faults.add({
		when: () => {
			jest.setSystemTime(Date.now() + step * 1000);
			return false;
		},
		effect: { kind: 'stall' },
	});
});
afterEach(() => sts.stop());

/** Timers go by the real clock: only what the time is called is moved. */
function moveTheClock(): void {
	const others = Object.keys(globalThis).filter((name) => name !== 'Date');
	const doNotFake = [...others, 'hrtime', 'nextTick', 'performance', 'queueMicrotask'];
	jest.useFakeTimers({ now: Date.now(), doNotFake: doNotFake as never });
}

/** The sessions were used one after the other, more than one, and none behind its end. */
function expectRenewed(operation: string): void {
	const requests = server.requests.filter((one) => one.operation === operation);
	expect(requests.filter(({ status }) => status >= 400).map(({ status }) => status)).toEqual([]);
	const order = requests.map(({ user }) => sts.lent.findIndex((one) => one.accessKeyId === user));
	expect(new Set(order).size).toBeGreaterThan(1);
	expect(order).toEqual([...order].sort((a, b) => a - b));
	expect(Date.now()).toBeGreaterThan(sts.lent[0]!.expires.getTime());
}

it('an upload in parts goes on with the next session', async () => {
	const size = 200 * 16 * KiB;
	const bytes = content.subarray(0, size);
	const source = {
		size,
		open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
	};
	const request = { bucket, key: 'parts', source, multipartThreshold: 0, partSize: 16 * KiB };
	expect((await putObject(s3, request, call)).parts).toBe(200);
	const pieces = server.store.bucket(bucket).get('parts')?.content?.pieces ?? [];
	const stored = Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece)));
	expect(stored.equals(bytes)).toBe(true);
	expect(server.store.bucket(bucket).uploads.size).toBe(0);
	expectRenewed('UploadPart');
});

it('an upload that is given up is aborted with the next session', async () => {
	const size = 120 * 16 * KiB;
	const bytes = content.subarray(0, size);
	const source = {
		size,
		open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
	};
	const request = { bucket, key: 'given up', source, multipartThreshold: 0, partSize: 16 * KiB };
	server.faults.add({
		operation: 'UploadPart',
		skip: 60,
		when: () => true,
		effect: { kind: 'answer', status: 400, code: 'BadDigest' },
	});
	await expect(putObject(s3, request, call)).rejects.toMatchObject({ kind: 'corrupt' });
	expect(server.store.bucket(bucket).uploads.size).toBe(0);
});

it('a download in ranges that break again and again goes on with the next session', async () => {
	server.faults.add({
		operation: 'GetObject',
		effect: { kind: 'resetAnswer', afterBytes: 256 * KiB },
	});
	const { body, verified } = await getObject(s3, { bucket, key: 'large' }, call);
	expect((await buffer(body)).equals(content)).toBe(true);
	expect(verified()).toBe(true);
	expectRenewed('GetObject');
});

it('a listing goes on with the next session', async () => {
	const keys = Array.from({ length: 100_000 }, (_, i) => `many/${String(i).padStart(6, '0')}`);
	server.store.putMany(bucket, keys);
	await s3.send('ListObjectsV2', { Bucket: bucket, MaxKeys: 1 }, call);
	// Many pages are asked for together, so that the clock must not go far while they are on their way.
	jest.setSystemTime(Date.now() + 650_000);
	step = 3;
	const names: string[] = [];
	for await (const { entries } of listObjects(s3, { bucket, prefix: 'many/' }, call)) {
		names.push(...entries.map((entry) => ('key' in entry ? entry.key : entry.prefix)));
	}
	expect(names).toEqual(keys);
	expectRenewed('ListObjectsV2');
});
