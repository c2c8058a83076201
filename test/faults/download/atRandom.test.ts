import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openS3 } from '../../../s3/client/openS3';
import type { S3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import { S3Failure } from '../../../s3/S3Failure';
import { putObject } from '../../../s3/upload/putObject';
import { startEmbedded } from '../../servers/embedded';
import type { EmbeddedServer, Fault } from '../../servers/embedded';
import { connectionTo } from '../connection';
import { oneOf, randomFrom } from '../random';
import type { Random } from '../random';
import { seeds } from '../../seeds';

const MiB = 1024 * 1024;
const SEGMENT = 8 * MiB;
const bucket = 'random';
const RUNS = seeds(120, 1200);
/** Downloads at the same time, each with faults of its own. */
const LANES = 3;
/** All that an S3 may hold in memory for parts and segments. */
const PART_MEMORY = 96 * MiB;
/** More than the connections that one S3 may have at once. */
const MANY = 80;
const content = Buffer.from(Array.from({ length: 26 * MiB }, (_, i) => (i * 31 + (i >> 13)) % 251));

let server: EmbeddedServer;
let s3: S3;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
});
afterAll(() => server.stop());

/** Near what an answer or the object ends at, or anywhere. */
const position = (random: Random, size: number): number => {
	const near = oneOf(random, [0, 1, SEGMENT, size, size - 1, SEGMENT - 1, SEGMENT + 1]);
	return Math.max(0, random(2) === 0 ? near : random(size + 1));
};

interface Run {
	key: string;
	size: number;
	going: boolean;
}

function faultFor(run: Run, random: Random): Fault {
	const { size } = run;
	const afterBytes = position(random, size);
	const effect = oneOf<Fault['effect']>(random, [
		{ kind: 'resetAnswer', afterBytes },
		{ kind: 'truncate', afterBytes },
		{ kind: 'corrupt', offset: afterBytes },
		{ kind: 'latency', ms: random(20) },
		// Not SlowDown: the connection would be held back for all that follow.
		{ kind: 'answer', status: 500 },
		{ kind: 'answer', status: 403, code: 'AccessDenied' },
		{ kind: 'answer', status: 400, code: 'ExpiredToken' },
		{ kind: 'answer', status: 200, body: 'not the object' },
		{ kind: 'resetRequest', afterBytes: 0 },
		{ kind: 'slow', bytesPerSecond: 200 * MiB },
	]);
	// The first answer is what the object is; to a later one it can be compared.
	const when: Fault['when'] = ({ headers }) =>
		run.going && (effect.kind !== 'answer' || effect.status !== 200 || headers.range !== undefined);
	const { key } = run;
	return { operation: 'GetObject', key, effect, when, skip: random(4), times: 1 + random(2) };
}

const sizes = [0, 1, 70_000, 3 * MiB, 2 * SEGMENT - 1, 2 * SEGMENT + 1, 26 * MiB];

async function store(key: string, size: number): Promise<void> {
	const bytes = content.subarray(0, size);
	const open = async () => await Promise.resolve(Readable.from([bytes], { objectMode: false }));
	await putObject(
		s3,
		{ bucket, key, source: { size, open }, checksum: 'CRC32' },
		{ signal: undefined },
	);
}

/** Reads at a random pace, and gives up after `enough` bytes, by a signal or by turning away. */
async function read(
	random: Random,
	key: string,
	controller: AbortController,
	enough: number,
): Promise<Buffer | 'left'> {
	const { body } = await getObject(s3, { bucket, key }, { signal: controller.signal });
	const chunks: Buffer[] = [];
	let bytes = 0;
	const leave = random(2) === 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes > enough && leave) return 'left';
		if (bytes > enough) controller.abort();
		if (random(8) === 0) await nextTurn();
	}
	return Buffer.concat(chunks);
}

/** What became of one download: `whole`, `left`, or the kind of its failure. */
async function outcomeOf(seed: number, lane: number): Promise<string> {
	const random = randomFrom(seed);
	const size = oneOf(random, sizes);
	const run = { key: `${lane}-${size}`, size, going: true };
	for (let faults = random(4); faults > 0; faults--) server.faults.add(faultFor(run, random));
	const controller = new AbortController();
	const enough = random(3) === 0 ? position(random, size) : Infinity;
	const timer = random(4) === 0 ? setTimeout(() => controller.abort(), random(60)) : undefined;
	try {
		const bytes = await read(random, run.key, controller, enough);
		if (bytes === 'left' || bytes.equals(content.subarray(0, size)))
			return bytes === 'left' ? bytes : 'whole';
		throw new Error(`${bytes.length} of ${size} bytes, or other ones`);
	} catch (error) {
		if (error instanceof S3Failure) return error.kind;
		throw new Error(`Seed ${seed}: neither whole nor an S3Failure`, { cause: error });
	} finally {
		clearTimeout(timer);
		run.going = false;
	}
}

it(
	'is whole or an error, and keeps nothing, however the server fails and whenever it is stopped',
	async () => {
		const outcomes: string[] = [];
		let seed = 1;
		const work = async (lane: number) => {
			for (const size of sizes) await store(`${lane}-${size}`, size);
			while (seed <= RUNS) outcomes.push(await outcomeOf(seed++, lane));
		};
		await Promise.all(Array.from({ length: LANES }, async (_, lane) => await work(lane)));
		expect(outcomes).toHaveLength(RUNS);
		// Otherwise the runs showed less than they seem to.
		const kinds = ['cancelled', 'corrupt', 'credentials', 'denied', 'left', 'whole'];
		expect([...new Set(outcomes)].sort()).toEqual(kinds);

		(await s3.readMemory.reserve(PART_MEMORY))();
		const again = async () => {
			const { body } = await getObject(s3, { bucket, key: '0-1' }, { signal: undefined });
			await once(body.resume(), 'end');
		};
		await Promise.all(Array.from({ length: MANY }, again));
	},
	seeds(120_000, 3_600_000),
);
