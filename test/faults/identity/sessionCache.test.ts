/** Sessions that end while an object is on its way or a bucket is being listed. */
import { pass } from './movedClock';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openS3 } from '../../../s3/client/openS3';
import type { S3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import { putObject } from '../../../s3/upload/putObject';
import { connectionTo } from '../../servers/connectionTo';
import { startSts } from '../../servers/sts/server';
import type { StsServer } from '../../servers/sts/server';
import { rejectionOf } from '../../unit/failureOf';
import { withConnection } from '../../servers/withServer';
import { bytesFrom } from '../../bytes';

const KiB = 1024;
const MiB = 1024 * KiB;
const bucket = 'sessions';
const ROLE = 'arn:aws:iam::111122223333:role/loader';
/** Seconds that a session lives: the least that can be asked for. */
const LIFE = 900;
/** Seconds by which the clock goes on with every request. */
let step: number;
const call = { signal: undefined, retryFor: 1000 };
const content = bytesFrom(29 * MiB + 5, (i) => (i * 29) % 251);

const server = withConnection({ minimumPartSize: 1, buckets: [bucket] });
let sts: StsServer;
/** A connection with sessions. */
let s3: S3;
let roles = 0;

beforeAll(async () => {
	const open = () => Promise.resolve(Readable.from([content], { objectMode: false }));
	const source = { size: content.length, open };
	await putObject(server.s3, { bucket, key: 'large', source, checksum: 'CRC32' }, call);
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
	step = 10;
	server.faults.add({
		when: () => {
			pass(step);
			return false;
		},
		effect: { kind: 'stall' },
	});
});
afterEach(() => sts.stop());

/** The sessions were used one after the other, more than one, and none after its end. */
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
	pass(650);
	step = 3;
	const names: string[] = [];
	for await (const { entries } of listObjects(s3, { bucket, prefix: 'many/' }, call)) {
		names.push(...entries.map((entry) => ('key' in entry ? entry.key : entry.prefix)));
	}
	expect(names).toEqual(keys);
	expectRenewed('ListObjectsV2');
});

it.each([
	['goes on after an outage of STS with five requests', 20_000, 0],
	['fails at once if nothing is to be repeated', 0, 3],
])('a call that needs a session %s', async (_, retryFor, left) => {
	sts.faults.push(...Array.from({ length: 4 }, () => ({ status: 503 })));
	const listed = s3.send('HeadBucket', { Bucket: bucket }, { ...call, retryFor });
	if (retryFor === 0) expect(await rejectionOf(listed)).toMatchObject({ kind: 'unavailable' });
	else expect((await listed).$metadata.httpStatusCode).toBe(200);
	expect(sts.faults).toHaveLength(left);
});

it('a call fails after one request to STS when the keys behind the role have expired', async () => {
	step = 0;
	await s3.send('ListObjectsV2', { Bucket: bucket, MaxKeys: 1 }, call);
	pass(LIFE + 1);
	await sts.stop();
	let asked = 0;
	const refusal =
		'<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error><RequestId>r</RequestId></ErrorResponse>';
	const service = createServer((_, response) => {
		asked += 1;
		response.writeHead(403, { 'content-type': 'text/xml', date: new Date().toUTCString() });
		response.end(refusal);
	});
	await once(service.listen(Number(new URL(sts.endpoint).port), '127.0.0.1'), 'listening');
	try {
		const failure = await rejectionOf(s3.send('ListObjectsV2', { Bucket: bucket }, call));
		expect(failure.message).toContain('Could not assume role');
		expect(failure.message).not.toContain('clock');
		expect(asked).toBe(1);
	} finally {
		service.closeAllConnections();
		await once(service.close(), 'close');
		sts = await startSts({ region: server.region, users: [], roles: [] });
	}
});

describe('a session that the server refuses before its end', () => {
	const small = content.subarray(0, 1000);
	const refusals = [
		[400, 'ExpiredToken'],
		[400, 'InvalidToken'],
		[403, 'InvalidAccessKeyId'],
	] as const;
	const put = async (key: string, body: Buffer, settings: object = {}) => {
		const open = jest.fn(() => Promise.resolve(Readable.from([body], { objectMode: false })));
		await putObject(s3, { bucket, key, source: { size: body.length, open }, ...settings }, call);
		return open;
	};
	const stored = (key: string) => {
		const pieces = server.store.bucket(bucket).get(key)?.content?.pieces ?? [];
		return Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece)));
	};
	const statuses = (operation: string) =>
		server.requests.filter((one) => one.operation === operation).map(({ status }) => status);
	/** From now on the server takes no session that there is now. */
	const refuse = (status: number, code: string, operation?: string, skip = 0): void => {
		server.faults.add({
			...(operation === undefined ? {} : { operation }),
			skip,
			when: ({ headers }) => headers['x-amz-security-token'] === sts.lent[0]!.sessionToken,
			effect: { kind: 'answer', status, code },
		});
	};

	beforeEach(async () => {
		step = 0;
		await s3.send('HeadObject', { Bucket: bucket, Key: 'large' }, call);
		pass(61);
	});

	it.each(refusals)(
		'a session that the server refuses is replaced, however it is refused: %i %s',
		async (status, code) => {
			refuse(status, code);
			await put('small', small);
			expect(stored('small').equals(small)).toBe(true);
			expect(statuses('PutObject')).toEqual([status, 200]);
			expect(sts.lent).toHaveLength(2);
		},
	);

	it('a session that the server refuses is replaced once for all who use it', async () => {
		refuse(400, 'ExpiredToken');
		await Promise.all(Array.from({ length: 20 }, (_, i) => put(`one of ${String(i)}`, small)));
		expect(statuses('PutObject').filter((status) => status === 200)).toHaveLength(20);
		expect(sts.lent).toHaveLength(2);
	});

	it('a session is replaced amid an upload in parts', async () => {
		refuse(400, 'ExpiredToken', undefined, 20);
		const body = content.subarray(0, 100 * 16 * KiB);
		await put('amid', body, { multipartThreshold: 0, partSize: 16 * KiB });
		expect(stored('amid').equals(body)).toBe(true);
		expect(server.store.bucket(bucket).uploads.size).toBe(0);
		expect(sts.lent).toHaveLength(2);
	});

	it('a stream is opened anew when its session is replaced', async () => {
		refuse(400, 'ExpiredToken');
		const body = content.subarray(0, 20 * MiB);
		const open = await put('streamed', body, { multipartThreshold: 100 * MiB });
		expect(stored('streamed').equals(body)).toBe(true);
		expect(open).toHaveBeenCalledTimes(2);
		expect(sts.lent).toHaveLength(2);
	});

	it('a session is replaced amid a download', async () => {
		refuse(400, 'ExpiredToken', 'GetObject', 2);
		const { body, verified } = await getObject(s3, { bucket, key: 'large' }, call);
		expect((await buffer(body)).equals(content)).toBe(true);
		expect(verified()).toBe(true);
		expect(sts.lent).toHaveLength(2);
	});

	it('a request fails, and says what is wrong, when the next session is refused as well', async () => {
		server.faults.add({ effect: { kind: 'answer', status: 400, code: 'ExpiredToken' } });
		await expect(put('twice', small)).rejects.toMatchObject({
			kind: 'credentials',
			code: 'ExpiredToken',
			message: expect.stringContaining('not so by the clock here') as unknown,
		});
		expect(statuses('PutObject')).toEqual([400, 400]);
		// One this new is not replaced again.
		await expect(put('again', small)).rejects.toMatchObject({ code: 'ExpiredToken' });
		expect(statuses('PutObject')).toEqual([400, 400, 400]);
		expect(sts.lent).toHaveLength(2);
	});

	it('a session is not replaced for a refusal of another kind', async () => {
		server.faults.add({ effect: { kind: 'answer', status: 403, code: 'AccessDenied' } });
		await expect(put('denied', small)).rejects.toMatchObject({ kind: 'denied' });
		expect(sts.lent).toHaveLength(1);
	});
});
