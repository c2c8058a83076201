import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { PART_LIMITS } from '../../s3/upload/partSizes';
import type { PartLimits } from '../../s3/upload/partSizes';
import { S3Failure } from '../../s3/S3Failure';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { asAws, connectionTo } from './connection';
import { oneOf, randomFrom } from './random';
import type { Random } from './random';

const KiB = 1024;
const MiB = 1024 * KiB;
const bucket = 'random';
const RUNS = 250;
/** Uploads at the same time, each with faults of its own. */
const LANES = 8;
/** All that an S3 may hold in memory for parts. */
const PART_MEMORY = 96 * MiB;
const content = Buffer.from(Array.from({ length: 13 * MiB }, (_, i) => (i * 47 + (i >> 12)) % 253));
const OLDER = Buffer.from('the object that was there before');

/** S3's limits, some 500 times smaller. */
const SMALL: PartLimits = {
	maxParts: 20,
	maxPartSize: MiB,
	usualPartSize: 16 * KiB,
	largestInMemory: 64 * KiB,
	growEvery: 4,
	step: KiB,
};

/** The ways an object can go. */
const WAYS: Record<string, { size: number; settings?: Partial<PutRequest>; limits?: PartLimits }> =
	{
		'from memory': { size: 70_000 },
		empty: { size: 0 },
		'as a stream': { size: 9 * MiB + 3 },
		'in parts': {
			size: 2 * MiB + 5,
			settings: { multipartThreshold: 1 },
			limits: { ...PART_LIMITS, usualPartSize: 256 * KiB },
		},
		'in parts of 8 MiB': { size: 13 * MiB, settings: { multipartThreshold: 1 } },
		'in streamed parts': { size: 3 * MiB, settings: { multipartThreshold: 1 }, limits: SMALL },
		'in growing parts': { size: 2 * MiB, limits: SMALL },
	};

let server: EmbeddedServer;
let folder: string;

beforeAll(async () => {
	server = await startEmbedded({ minimumPartSize: 1 });
	server.store.makeBucket(bucket);
	folder = await mkdtemp(join(tmpdir(), 'upload-'));
});
afterAll(async () => {
	await server.stop();
	await rm(folder, { recursive: true });
});

/** What one run does, and what it has opened. */
interface Run {
	seed: number;
	random: Random;
	key: string;
	way: string;
	size: number;
	cancel: AbortController;
	opened: Readable[];
	files: FileHandle[];
}

/** Near what a request or the object ends at, or anywhere. */
function position({ random, size }: Run): number {
	const near = oneOf(random, [0, 1, 16 * KiB, 256 * KiB - 1, 256 * KiB, size - 1, size]);
	return Math.max(0, random(2) === 0 ? near : random(size + 1));
}

const OPERATIONS = [
	'PutObject',
	'CreateMultipartUpload',
	'UploadPart',
	'CompleteMultipartUpload',
	'AbortMultipartUpload',
	'HeadObject',
	'PutObject',
	'UploadPart',
];

const LOST: Fault['effect'] = { kind: 'loseAnswer' };
const ERROR_IN_200: Fault['effect'] = { kind: 'errorIn200', code: 'InternalError' };
const SLOW_DOWN: Fault['effect'] = { kind: 'answer', status: 503, code: 'SlowDown' };

/** Whether an operation may fail so every time: without an ID and without an abort nothing can be cleaned up. */
const mayLast = (operation: string, effect: Fault['effect']): boolean =>
	operation !== 'AbortMultipartUpload' &&
	effect !== SLOW_DOWN &&
	!(operation === 'CreateMultipartUpload' && (effect === LOST || effect === ERROR_IN_200));

/** A fault that some requests of the run meet, some of which are where it is cancelled. */
function faultFor(run: Run): Fault {
	const { random, key, cancel } = run;
	const operation = oneOf(random, OPERATIONS);
	const refusals: Fault['effect'][] = [
		{ kind: 'answer', status: 403, code: 'AccessDenied' },
		{ kind: 'answer', status: 400, code: 'BadDigest' },
		{ kind: 'answer', status: 400, code: 'ExpiredToken' },
		ERROR_IN_200,
	];
	const effects: Fault['effect'][] = [
		{ kind: 'resetRequest', afterBytes: position(run) },
		LOST,
		SLOW_DOWN,
		{ kind: 'answer', status: 500, code: 'InternalError' },
		{ kind: 'latency', ms: random(30) },
		...(operation === 'AbortMultipartUpload' ? [] : refusals),
	];
	const effect = oneOf(random, effects);
	const cancels = random(8) === 0;
	// A server that says nothing any more is given up by whoever waits for it.
	const stalls = operation !== 'AbortMultipartUpload' && random(20) === 0;
	const when = () => {
		if (stalls) setTimeout(() => cancel.abort(), random(30));
		else if (cancels) cancel.abort();
		return true;
	};
	const times = random(2) === 0 && mayLast(operation, effect) ? Infinity : 1 + random(2);
	const skip = operation === 'UploadPart' ? random(8) : 0;
	return { operation, key, effect: stalls ? { kind: 'stall' } : effect, when, skip, times };
}

/** The source of a run: it may break, end early, go on for too long, or be where the run is cancelled. */
function sourceOf(run: Run, announced: boolean): () => Promise<Readable> {
	const { random, size, cancel, opened } = run;
	const chunk = oneOf(random, [1000, 16 * KiB, 65_536, MiB]);
	const troubles = ['none', 'none', 'none', 'none', 'none', 'none', 'breaks', 'cancels'];
	// What a source of unknown size gives is what it is.
	const trouble = oneOf(random, announced ? [...troubles, 'short', 'long'] : troubles);
	const at = position(run);
	const pauses = random(3) === 0;
	async function* chunks(): AsyncGenerator<Buffer> {
		const end = trouble === 'short' ? at : trouble === 'long' ? size + 1 + random(70_000) : size;
		for (let offset = 0; offset < end;) {
			if (trouble === 'breaks' && offset >= at) throw new Error('disk gone');
			if (trouble === 'cancels' && offset >= at) cancel.abort();
			if (pauses && random(20) === 0) await sleep(1);
			const next = Math.min(end, offset + chunk);
			yield next <= content.length
				? content.subarray(offset, next)
				: Buffer.alloc(next - offset, 1);
			offset = next;
		}
	}
	return () => {
		const stream = Readable.from(chunks(), { objectMode: false });
		opened.push(stream);
		return Promise.resolve(stream);
	};
}

/** The source of a run as a file: it may be missing, or shorter or longer than announced. */
function fileOf(run: Run): () => Promise<FileHandle> {
	const { random, size, files } = run;
	const trouble = oneOf(random, ['none', 'none', 'none', 'none', 'missing', 'short', 'long']);
	const at = position(run);
	const path = join(folder, trouble === 'missing' ? 'none' : run.key);
	const length = { short: at, long: size + 1 + random(70_000) }[trouble] ?? size;
	const bytes = Buffer.concat([
		content.subarray(0, length),
		Buffer.alloc(Math.max(0, length - size)),
	]);
	writeFileSync(join(folder, run.key), bytes.subarray(0, length));
	return async () => {
		const file = await open(path);
		files.push(file);
		return file;
	};
}

function requestOf(run: Run): PutRequest {
	const { random, key, way, size } = run;
	const { settings } = WAYS[way]!;
	const checksum = oneOf(random, [undefined, undefined, 'CRC32', 'SHA256', 'CRC64NVME'] as const);
	const known = way !== 'in growing parts';
	const openStream = sourceOf(run, known);
	const openFile = known && random(3) === 0 ? fileOf(run) : undefined;
	const source = { size: known ? size : undefined, open: openStream, openFile };
	return { bucket, key, source, checksum, ...settings };
}

function storedBytes(key: string): Buffer | undefined {
	const pieces = server.store.bucket(bucket).get(key)?.content?.pieces;
	return pieces && Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece)));
}

const digest = (bytes: Buffer | undefined): string | undefined =>
	bytes && createHash('sha256').update(bytes).digest('hex');

const uploadsOf = (key: string): string[] =>
	[...server.store.bucket(bucket).uploads.values()]
		.filter((upload) => upload.key === key)
		.map(({ uploadId }) => uploadId);

/** What became of one upload: `whole`, or the kind of its failure. */
async function outcomeOf(run: Run, s3: S3): Promise<string> {
	const { random, cancel } = run;
	for (let faults = random(4); faults > 0; faults--) server.faults.add(faultFor(run));
	const timer = random(8) === 0 ? setTimeout(() => cancel.abort(), random(80)) : undefined;
	try {
		await putObject(s3, requestOf(run), { signal: cancel.signal }, WAYS[run.way]?.limits);
		return 'whole';
	} catch (error) {
		if (error instanceof S3Failure) return error.kind;
		throw new Error(`Seed ${run.seed}: neither whole nor an S3Failure`, { cause: error });
	} finally {
		clearTimeout(timer);
	}
}

/** Failures after which the object may be there all the same: nobody knows, or the answer came too late. */
const DOUBTFUL = ['cancelled', 'unreachable', 'unavailable', 'notFound'];

/** What is wrong with what a run left; nothing if all is well. */
function wrongs(run: Run, outcome: string, older: Buffer | undefined): string[] {
	const wrong = [];
	const found = digest(storedBytes(run.key));
	const isNew = found === digest(content.subarray(0, run.size));
	const isOld = found === digest(older);
	if (outcome === 'whole' ? !isNew : !isOld && !isNew) wrong.push('is neither whole nor as before');
	if (!isOld && outcome !== 'whole' && !DOUBTFUL.includes(outcome)) wrong.push('is there');
	if (uploadsOf(run.key).length > 0) wrong.push('left an upload');
	if (!run.opened.every(({ destroyed }) => destroyed)) wrong.push('left a source open');
	if (!run.files.every(({ fd }) => fd === -1)) wrong.push('left a file open');
	return wrong.map((words) => `seed ${run.seed}, ${run.way}, ${outcome}: ${words}`);
}

async function oneRun(seed: number): Promise<{ outcome: string; wrong: string[] }> {
	const random = randomFrom(seed);
	const key = `run-${seed}`;
	const way = oneOf(random, Object.keys(WAYS));
	const older = random(2) === 0 ? OLDER : undefined;
	// A connection of its own, so that one run that is throttled does not hold back the others.
	const real = await openS3(connectionTo(server, { bucket: key }));
	const s3 = random(2) === 0 ? asAws(real) : real;
	if (older !== undefined) {
		const open = () => Promise.resolve(Readable.from([older], { objectMode: false }));
		const before = { bucket, key, source: { size: older.length, open } };
		await putObject(real, before, { signal: undefined });
	}
	const { size } = WAYS[way]!;
	const run: Run = {
		seed,
		random,
		key,
		way,
		size,
		cancel: new AbortController(),
		opened: [],
		files: [],
	};
	const outcome = await outcomeOf(run, s3);
	const wrong = wrongs(run, outcome, older);
	const all = real.writeMemory.reserve(PART_MEMORY);
	const free = await Promise.race([all.then(() => true), sleep(1000, false)]);
	if (!free) wrong.push(`seed ${seed}, ${way}, ${outcome}: left memory in use`);
	return { outcome, wrong };
}

it('is whole or absent, and leaves nothing, however the server fails and whenever it is stopped', async () => {
	const outcomes: string[] = [];
	const wrong: string[] = [];
	let seed = 1;
	const work = async () => {
		while (seed <= RUNS) {
			const mine = seed++;
			const result = await oneRun(mine);
			outcomes.push(result.outcome);
			wrong.push(...result.wrong);
		}
	};
	await Promise.all(Array.from({ length: LANES }, work));
	expect(wrong).toEqual([]);
	expect(outcomes).toHaveLength(RUNS);
	// Otherwise the runs showed less than they seem to.
	const kinds = ['cancelled', 'corrupt', 'credentials', 'denied', 'unavailable', 'unreachable'];
	expect([...new Set(outcomes)].sort()).toEqual([...kinds, 'whole']);
}, 240_000);
