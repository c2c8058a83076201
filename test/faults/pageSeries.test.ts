/** The pages of a listing behind the first, which are asked for without the SDK's middleware. */
import { openS3 } from '../../s3/client';
import type { Call, OpenS3, S3 } from '../../s3/client';
import { listObjects } from '../../s3/listing';
import { listPage } from '../../s3/listPage';
import type { Page, PageRequest } from '../../s3/listPage';
import { PageSeries } from '../../s3/PageSeries';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { ACCOUNT } from '../servers/embedded/S3Error';
import { connectionTo } from './connection';

const bucket = 'series';
const MINUTE = 60;
const LISTING = {
	bucket,
	prefix: 'a+ b/',
	delimiter: '//',
	fetchOwner: true,
	requestPayer: true,
	expectedBucketOwner: ACCOUNT,
};
const names = Array.from({ length: 30 }, (_, i) => `a+ b/é&${String(i).padStart(2, '0')}`);

let server: EmbeddedServer;
let s3: OpenS3;
let series: PageSeries;
let opened = 0;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(bucket);
	server.store.putMany(bucket, names);
});
afterAll(() => server.stop());
beforeEach(async () => {
	server.faults.clear();
	server.setClock(0);
	s3 = await openS3(connectionTo(server, { bucket: `connection-${String(opened++)}` }));
	series = new PageSeries();
	await page({ startAfter: names[1] });
	server.requests.length = 0;
});

async function page(
	place: Partial<PageRequest>,
	{ over = s3, signal = undefined as AbortSignal | undefined } = {},
): Promise<Page> {
	const anywhere = { startAfter: undefined, continuationToken: undefined, maxKeys: 5 };
	return await listPage(over, { ...LISTING, ...anywhere, ...place }, { signal, series });
}

const keysOf = ({ entries }: Page) => entries.map((entry) => ('key' in entry ? entry.key : ''));

function always(effect: Fault['effect'], times = Infinity): void {
	server.faults.add({ operation: 'ListObjectsV2', times, effect });
}

it('is asked for as the SDK would, but for the place', async () => {
	const alone = { signal: undefined };
	const places = [
		{ startAfter: undefined, continuationToken: undefined, maxKeys: 1000 },
		{ startAfter: names[7], continuationToken: undefined, maxKeys: 5 },
	];
	const { nextToken } = await page({});
	server.requests.length = 0;
	for (const place of [...places, { ...places[0]!, continuationToken: nextToken, maxKeys: 2 }]) {
		const ofTheSdk = await listPage(s3, { ...LISTING, ...place }, alone);
		expect(await page(place)).toEqual(ofTheSdk);
		const [theirs, ours] = server.requests.splice(0);
		expect(ours?.query).toEqual(theirs?.query);
		const { headers: own } = ours!;
		const { headers: same } = theirs!;
		const [invocation, time] = ['amz-sdk-invocation-id', 'x-amz-date'];
		expect(own).toEqual({ ...same, [invocation]: own[invocation], [time]: own[time] });
		expect(own[invocation]).not.toBe(same[invocation]);
	}
});

it('begins where it should, and tells each request from the others', async () => {
	expect(keysOf(await page({ startAfter: names[9] }))).toEqual(names.slice(10, 15));
	const { nextToken } = await page({ maxKeys: 3 });
	expect(keysOf(await page({ continuationToken: nextToken, maxKeys: 2 }))).toEqual(
		names.slice(3, 5),
	);
	const ids = server.requests.map(({ headers }) => headers['amz-sdk-invocation-id']);
	expect(new Set(ids).size).toBe(3);
});

it.each<[string, Fault['effect'], number, object]>([
	['a refusal', { kind: 'answer', status: 403, code: 'AccessDenied' }, 1, { code: 'AccessDenied' }],
	[
		'a missing bucket',
		{ kind: 'answer', status: 404, code: 'NoSuchBucket' },
		1,
		{ code: 'NoSuchBucket' },
	],
	['an error of the server', { kind: 'answer', status: 500, code: 'InternalError' }, 5, {}],
	['an error with status 200', { kind: 'errorIn200', code: 'InternalError' }, 10, {}],
	['a lost connection', { kind: 'resetRequest', afterBytes: 0 }, 5, { kind: 'unreachable' }],
	['an answer that ends short', { kind: 'truncate', afterBytes: 100 }, 5, { kind: 'unreachable' }],
])(
	'is asked for as often as any other after %s',
	async (_, effect, attempts, failure) => {
		always(effect);
		await expect(page({})).rejects.toMatchObject({ operation: 'ListObjectsV2', ...failure });
		expect(server.requests).toHaveLength(attempts);
	},
	30_000,
);

it.each<[string, Fault['effect']]>([
	['connection was lost', { kind: 'resetRequest', afterBytes: 0 }],
	['server asked for less', { kind: 'answer', status: 503, code: 'SlowDown' }],
])('comes at the second attempt, which is told, when the %s', async (_, effect) => {
	always(effect, 1);
	const { retried, entries } = await page({});
	expect([retried, entries.length]).toEqual([true, 5]);
	expect(server.requests).toHaveLength(2);
	expect((await page({})).retried).toBe(false);
});

it('is a first attempt, even where the page before took two', async () => {
	series = new PageSeries();
	always({ kind: 'resetRequest', afterBytes: 0 }, 1);
	await page({});
	await page({});
	const attempts = server.requests.map(({ headers }) => headers['amz-sdk-request']);
	expect(attempts).toEqual(['attempt=1; max=5', 'attempt=2; max=5', 'attempt=1; max=5']);
});

it('is asked for like that by a listing', async () => {
	const calls: Call[] = [];
	const over: S3 = {
		connection: s3.connection,
		partMemory: s3.partMemory,
		send: (name, input, call) => {
			calls.push(call);
			return s3.send(name, input, call);
		},
	};
	server.store.putMany(
		bucket,
		Array.from({ length: 2500 }, (_, i) => `long/${i}`),
	);
	const all = listObjects(over, { bucket, prefix: 'long/' }, { signal: undefined });
	for await (const { entries } of all) expect(entries.length).toBeGreaterThan(0);
	expect(calls.length).toBeGreaterThan(2);
	expect(new Set(calls.map((call) => call.series))).toEqual(new Set([calls[0]?.series]));
	expect(calls[0]?.series).toBeInstanceOf(PageSeries);
});

it('is signed with the time of a server whose clock is set amid the listing', async () => {
	server.setClock(60 * MINUTE);
	expect((await page({})).entries).toHaveLength(5);
	expect(server.requests).toHaveLength(2);
	await page({});
	expect(server.requests).toHaveLength(3);
});

it('tells of a clock that is off', async () => {
	expect(s3.clockWarning()).toBeUndefined();
	server.setClock(10 * MINUTE);
	await page({});
	expect(s3.clockWarning()).toMatch(/10 min behind/);
});

it('is asked for with the settings of the connection that asks', async () => {
	const keys = { accessKeyId: 'SECONDACCESSKEY00001', secretAccessKey: 'second/secret' };
	server.addUser({ name: 'second', ...keys });
	const identity = { kind: 'accessKeys' as const, ...keys, sessionToken: undefined };
	const over = await openS3(connectionTo(server, { identity }));
	await page({}, { over });
	await page({}, { over });
	await page({});
	expect(server.requests.map(({ user }) => user)).toEqual(['second', 'second', 'main']);
});

it('ends when it is cancelled', async () => {
	always({ kind: 'stall' });
	const controller = new AbortController();
	const listing = page({}, { signal: controller.signal });
	const refused = expect(listing).rejects.toMatchObject({ kind: 'cancelled' });
	while (server.requests.length === 0) await new Promise(setImmediate);
	controller.abort();
	await refused;
	expect(server.requests).toHaveLength(1);
});
