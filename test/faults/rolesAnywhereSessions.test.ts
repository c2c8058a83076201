/** Transfers that take longer than the session lives that they began with. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { openS3 } from '../../s3/client';
import type { S3 } from '../../s3/client';
import { getObject } from '../../s3/download';
import { listObjects } from '../../s3/listing';
import { putObject } from '../../s3/upload';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { openLab } from '../unit/s3/identity/rolesAnywhere/lab';
import type { Lab } from '../unit/s3/identity/rolesAnywhere/lab';
import { connectionTo } from './connection';

const MiB = 1024 * 1024;
const SECOND = 1000;
const bucket = 'long';
const call = { signal: undefined };
/** Seconds; with less than a minute left a session is not used any more. */
const LIFETIME = 63;
/** Seconds after which the S3 server refuses a session: its clock is ahead by the rest. */
const ACCEPTED = 8;
/** Milliseconds that each transfer takes. */
const DURATION = (ACCEPTED + 2) * SECOND;

let server: EmbeddedServer;
let lab: Lab;
let s3: S3;

beforeAll(async () => {
	server = await startEmbedded({ minimumPartSize: 1, bucketRegions: { [bucket]: 'us-east-1' } });
	server.setClock(LIFETIME - ACCEPTED);
	lab = await openLab({
		onSession: (keys) => {
			server.addUser({ name: `session ${String(lab.service.lent.length)}`, ...keys });
		},
	});
	lab.service.account.lifetime = LIFETIME;
	s3 = await openS3(connectionTo(server, { identity: lab.identity() }));
});
afterAll(async () => {
	await lab.close();
	await server.stop();
});

/** Waits until so much of a transfer is due: none is to end before the duration is over. */
function pace(): (share: number) => Promise<void> {
	const start = performance.now();
	return async (share) => {
		const wait = start + DURATION * share - performance.now();
		if (wait > 0) await sleep(wait);
	};
}

async function* paced(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
	const due = pace();
	for (const [i, piece] of pieces.entries()) {
		await due((i + 1) / pieces.length);
		yield piece;
	}
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function upload(key: string, bytes: Buffer): Promise<void> {
	const pieces = Array.from({ length: 10 }, (_, i) =>
		bytes.subarray((i * bytes.length) / 10, ((i + 1) * bytes.length) / 10),
	);
	const open = () => Promise.resolve(Readable.from(paced(pieces), { objectMode: false }));
	const source = { size: bytes.length, open };
	await putObject(s3, { bucket, key, source, multipartThreshold: MiB, partSize: MiB }, call);
}

async function download(key: string, size: number): Promise<string> {
	const { body } = await getObject(s3, { bucket, key }, call);
	const hash = createHash('sha256');
	const due = pace();
	let length = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		hash.update(chunk);
		length += chunk.length;
		await due(length / size);
	}
	return hash.digest('hex');
}

async function list(prefix: string, keys: number): Promise<number> {
	const due = pace();
	let count = 0;
	for await (const { entries } of listObjects(s3, { bucket, prefix }, call)) {
		count += entries.length;
		await due(count / keys);
	}
	return count;
}

/** The sessions whose keys an operation was signed with, in the order of their first use. */
const usersOf = (operation: string): (string | undefined)[] => [
	...new Set(
		server.requests.filter((request) => request.operation === operation).map(({ user }) => user),
	),
];

it('an upload in parts, a download in ranges and a listing go on with the next session', async () => {
	const uploaded = Buffer.alloc(10 * MiB, 'upload');
	const stored = Buffer.alloc(64 * MiB, 'download');
	server.store.putMany(
		bucket,
		Array.from({ length: 40_000 }, (_, n) => `many/${String(n)}`),
	);
	await putObject(
		s3,
		{
			bucket,
			key: 'stored',
			source: { size: stored.length, open: () => Promise.resolve(Readable.from([stored])) },
		},
		call,
	);
	server.requests.length = 0;

	const [, hash, count] = await Promise.all([
		upload('uploaded', uploaded),
		download('stored', stored.length),
		list('many/', 40_000),
	]);

	expect(hash).toBe(sha256(stored));
	expect(count).toBe(40_000);
	expect(server.store.bucket(bucket).get('uploaded')?.content?.size).toBe(uploaded.length);
	expect(server.requests.filter(({ status }) => status >= 400)).toEqual([]);
	for (const operation of ['UploadPart', 'GetObject', 'ListObjectsV2']) {
		expect(usersOf(operation).length).toBeGreaterThan(1);
	}
	expect(lab.service).toMatchObject({ maxInflight: 1, requestCount: lab.service.lent.length });

	// Without renewal it would have ended long before: the first session is refused by now.
	const [first] = lab.service.lent;
	const { accessKeyId = '', secretAccessKey = '', sessionToken = '' } = first ?? {};
	const identity = { kind: 'accessKeys', accessKeyId, secretAccessKey, sessionToken } as const;
	const withFirst = await openS3(connectionTo(server, { identity }));
	await expect(listObjects(withFirst, { bucket }, call).next()).rejects.toMatchObject({
		code: 'ExpiredToken',
	});
}, 60_000);
