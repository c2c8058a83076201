import { Readable } from 'node:stream';
import type { S3 } from '../../../s3/client/S3';
import { putObject } from '../../../s3/upload/putObject';
import type { Fault } from '../../servers/embedded';
import { withServer } from '../../servers/withServer';

const bucket = 'throttled';
const SLOW_DOWN: Fault['effect'] = { kind: 'answer', status: 503, code: 'SlowDown' };

const server = withServer({ bucketsOfEachTest: [bucket] });

function put(s3: S3, key: string, signal?: AbortSignal, size = 36) {
	const bytes = Buffer.alloc(size, key);
	const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
	return putObject(s3, { bucket, key, source: { size, open } }, { signal, retryFor: 10_000 });
}

async function putMany(s3: S3, count: number, together: number): Promise<void> {
	let next = 0;
	const work = async () => {
		while (next < count) await put(s3, `key-${String(next++)}`);
	};
	await Promise.all(Array.from({ length: together }, work));
}

/** Refuses what goes beyond so many requests in each tenth of a second. */
function allowPerTenth(most: number): void {
	let window = { tenth: 0, count: 0 };
	server.faults.add({
		effect: SLOW_DOWN,
		when: () => {
			const tenth = Math.floor(performance.now() / 100);
			if (tenth !== window.tenth) window = { tenth, count: 0 };
			window.count += 1;
			return window.count > most;
		},
	});
}

const refused = () => server.requests.filter(({ status }) => status === 503).length;
const objects = () =>
	new Set(
		server.requests
			.filter(({ operation, status }) => operation === 'PutObject' && status === 200)
			.map(({ key }) => key),
	).size;

describe('a server that refuses more than some requests a second', () => {
	it('a server that refuses more than some requests a second gets all of 300 objects and refuses few', async () => {
		allowPerTenth(5);
		await putMany(await server.connect(), 300, 16);
		expect(objects()).toBe(300);
		expect(refused()).toBeGreaterThan(0);
		expect(refused()).toBeLessThan(100);
	}, 60_000);

	it('a server that refuses no more is sent requests as fast as ever', async () => {
		const s3 = await server.connect();
		allowPerTenth(2);
		await putMany(s3, 50, 16);
		server.faults.clear();
		const timeOver = async (connection: typeof s3) => {
			const begun = performance.now();
			await putMany(connection, 100, 16);
			return performance.now() - begun;
		};
		// How long it takes on this machine right now tells a connection that was never refused anything.
		const other = await server.connect();
		const first = await timeOver(s3);
		let [last, usual] = [first, await timeOver(other)];
		// It still keeps to the rate that was refused: 20 a second.
		expect(first).toBeGreaterThan(1500);
		for (const until = performance.now() + 30_000; last > 2 * usual && performance.now() < until;) {
			[last, usual] = [await timeOver(s3), await timeOver(other)];
		}
		expect(last).toBeLessThan(2 * usual);
	}, 60_000);
});

it('a server that takes only some requests at once gets all of 500 objects and refuses few', async () => {
	server.faults.add({ effect: { kind: 'latency', ms: 10 } });
	server.faults.add({
		effect: SLOW_DOWN,
		when: () => server.requests.filter(({ status }) => status === 0).length > 4,
	});
	await putMany(await server.connect(), 500, 16);
	expect(objects()).toBe(500);
	expect(refused()).toBeLessThan(150);
}, 60_000);

it('other operations of a throttled connection wait too, other connections do not', async () => {
	const s3 = await server.connect();
	const other = await server.connect();
	server.faults.add({
		operation: 'PutObject',
		times: 1,
		effect: { ...SLOW_DOWN, headers: { 'retry-after': '1' } },
	});
	const writing = put(s3, 'slow');
	while (refused() === 0) await new Promise(setImmediate);
	const begun = performance.now();
	await put(other, 'free');
	expect(performance.now() - begun).toBeLessThan(900);
	await s3.send('ListBuckets', {}, { signal: undefined, retryFor: 1000 });
	expect(performance.now() - begun).toBeGreaterThan(900);
	await writing;
});

it('a stream that is refused is sent again as often as anything else', async () => {
	server.faults.add({ operation: 'PutObject', times: 5, effect: SLOW_DOWN });
	await put(await server.connect(), 'stream', undefined, 9 * 1024 * 1024);
	expect(server.store.bucket(bucket).get('stream')?.content?.size).toBe(9 * 1024 * 1024);
}, 60_000);

it('a cancel ends waiting at once', async () => {
	const s3 = await server.connect();
	server.faults.add({ effect: { ...SLOW_DOWN, headers: { 'retry-after': '30' } } });
	const controller = new AbortController();
	const writing = put(s3, 'cancelled', controller.signal);
	while (refused() === 0) await new Promise(setImmediate);
	const waiting = put(s3, 'waiting', controller.signal);
	await new Promise(setImmediate);
	const begun = performance.now();
	controller.abort();
	await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
	await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
	// Not after the 30 s that the server asks for.
	expect(performance.now() - begun).toBeLessThan(5000);
});

it('many requests that break off together are all repeated', async () => {
	const s3 = await server.connect();
	server.faults.add({ times: 60, effect: { kind: 'resetRequest', afterBytes: 0 } });
	await Promise.all(Array.from({ length: 60 }, (_, index) => put(s3, `reset-${String(index)}`)));
	expect(objects()).toBe(60);
});
