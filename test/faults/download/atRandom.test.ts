import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { S3Failure } from '../../../s3/S3Failure';
import type { Fault } from '../../servers/embedded';
import { oneOf, randomFrom } from '../random';
import type { Random } from '../random';
import { seeds } from '../../seeds';
import { Downloads, large, MiB, MORE_THAN_SOCKETS, RANGE } from './downloads';

const RUNS = seeds(120, 1200);
/** Downloads at the same time, each with faults of its own. */
const LANES = 3;
/** The one whose objects have a composite checksum. */
const COMPOSITE_LANE = 1;
const content = large.subarray(0, 26 * MiB);

const downloads = new Downloads('random');

/** Near where a response or the object ends, or anywhere. */
const position = (random: Random, size: number): number => {
	const near = oneOf(random, [0, 1, RANGE, size, size - 1, RANGE - 1, RANGE + 1]);
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
	// The first response says what the object is; a later one can be compared with it.
	const when: Fault['when'] = ({ headers }) =>
		run.going && (effect.kind !== 'answer' || effect.status !== 200 || headers.range !== undefined);
	const { key } = run;
	return { operation: 'GetObject', key, effect, when, skip: random(4), times: 1 + random(2) };
}

const sizes = [0, 1, 70_000, 3 * MiB, 2 * RANGE - 1, 2 * RANGE + 1, 26 * MiB];

async function store(lane: number, size: number): Promise<void> {
	const isComposite = lane === COMPOSITE_LANE;
	await downloads.store(
		`${lane}-${size}`,
		content.subarray(0, size),
		{ checksum: 'CRC32', ...(isComposite && { partSize: 6 * MiB, multipartThreshold: 0 }) },
		isComposite ? downloads.asking({ ChecksumType: undefined }) : downloads.s3,
	);
}

/** Reads at a random pace, and gives up after `enough` bytes, by a signal or by turning away. */
async function read(
	random: Random,
	key: string,
	controller: AbortController,
	enough: number,
): Promise<Buffer | 'left'> {
	const { body } = await downloads.open(key, { signal: controller.signal });
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
	for (let faults = random(4); faults > 0; faults--)
		downloads.server.faults.add(faultFor(run, random));
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

it('a download is whole or an error, and keeps nothing, however the server fails and whenever it is stopped', async () => {
	const outcomes: string[] = [];
	let seed = 1;
	const work = async (lane: number) => {
		for (const size of sizes) await store(lane, size);
		while (seed <= RUNS) outcomes.push(await outcomeOf(seed++, lane));
	};
	await Promise.all(Array.from({ length: LANES }, async (_, lane) => await work(lane)));
	expect(outcomes).toHaveLength(RUNS);
	// Otherwise the runs showed less than they seem to.
	const kinds = ['cancelled', 'corrupt', 'credentials', 'denied', 'left', 'whole'];
	expect([...new Set(outcomes)].sort()).toEqual(kinds);

	await downloads.memoryIsFree();
	const again = async () => {
		const { body } = await downloads.open('0-1');
		await once(body.resume(), 'end');
	};
	await Promise.all(Array.from({ length: MORE_THAN_SOCKETS }, again));
}, 120_000);
