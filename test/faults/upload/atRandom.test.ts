import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { openS3 } from '../../../s3/client/openS3';
import type { S3 } from '../../../s3/client/S3';
import { PART_LIMITS } from '../../../s3/write/partSizes';
import type { PartLimits } from '../../../s3/write/partSizes';
import { S3Failure } from '../../../s3/S3Failure';
import { putObject } from '../../../s3/upload/putObject';
import type { PutRequest } from '../../../s3/upload/putObject';
import type { Fault } from '../../servers/embedded';
import { connectionTo } from '../../servers/connectionTo';
import { asAws } from '../asAws';
import { seeds } from '../../seeds';
import { oneOf, randomFrom } from '../random';
import type { Random } from '../random';
import { KiB, MiB, SMALL_LIMITS, sourceOf } from './sources';
import { bucket, uploadServer } from './uploadServer';
import { bytesFrom } from '../../bytes';

const uploads = uploadServer();

const RUNS = seeds(150, 2500);
/** Uploads at the same time, each with faults of its own. */
const LANES = 8;
/** All that an S3 may hold in memory for parts. */
const PART_MEMORY = 96 * MiB;
const content = bytesFrom(13 * MiB, (i) => (i * 47 + (i >> 12)) % 253);
const OLDER = Buffer.from('the object that was there before');

/** The ways an object is sent. */
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
		'in streamed parts': {
			size: 3 * MiB,
			settings: { multipartThreshold: 1 },
			limits: SMALL_LIMITS,
		},
		'in growing parts': { size: 2 * MiB, limits: SMALL_LIMITS },
	};

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'upload-'));
});
afterAll(() => rm(folder, { recursive: true }));

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
	/** Responses with the ID of an upload that are lost, at most. */
	lostIds: number;
	/** Whether the failure says that the abort goes on in the background. */
	isAbortedLater: boolean;
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

/** Whether a fault begins an upload on the server and keeps its ID from the client. */
const losesId = (operation: string, effect: Fault['effect']): boolean =>
	operation === 'CreateMultipartUpload' && (effect === LOST || effect === ERROR_IN_200);

/** Whether a fault may meet every request: without an abort nothing can be cleaned up. */
const mayLast = (operation: string, effect: Fault['effect']): boolean =>
	operation !== 'AbortMultipartUpload' && effect !== SLOW_DOWN && !losesId(operation, effect);

/** A fault that some requests of the run meet; it may also cancel the run. */
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
	// An upload that waits for a silent server ends only by being cancelled.
	const stalls = operation !== 'AbortMultipartUpload' && random(20) === 0;
	const when = () => {
		if (stalls) setTimeout(() => cancel.abort(), random(30));
		else if (cancels) cancel.abort();
		return true;
	};
	const times = random(2) === 0 && mayLast(operation, effect) ? Infinity : 1 + random(2);
	const skip = operation === 'UploadPart' ? random(8) : 0;
	if (losesId(operation, effect) && !stalls) run.lostIds += times;
	return { operation, key, effect: stalls ? { kind: 'stall' } : effect, when, skip, times };
}

/** The source of a run: it may break, end early, go on for too long, or cancel the run. */
function troubledSource(run: Run, announced: boolean): () => Promise<Readable> {
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
function troubledFile(run: Run): () => Promise<FileHandle> {
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
	const openStream = troubledSource(run, known);
	const openFile = known && random(3) === 0 ? troubledFile(run) : undefined;
	const source = { size: known ? size : undefined, open: openStream, openFile };
	return { bucket, key, source, checksum, ...settings };
}

function storedBytes(key: string): Buffer | undefined {
	return uploads.stored(key) && uploads.storedBytes(key);
}

const digest = (bytes: Buffer | undefined): string | undefined =>
	bytes && createHash('sha256').update(bytes).digest('hex');

/** What is wrong with the uploads that a run left: it can only leave those whose IDs it never got. */
function wrongUploads({ key, lostIds }: Run): string[] {
	const left = uploads.uploadsLeft().filter((upload) => upload.key === key);
	const wrong = [];
	if (left.length > lostIds) wrong.push('left an upload');
	if (left.some(({ parts }) => parts.size > 0)) wrong.push('left parts');
	const named = new Set(uploads.sent().map(({ query }) => query.uploadId));
	if (left.some(({ uploadId }) => named.has(uploadId))) wrong.push('left an upload it knew');
	return wrong;
}

/** What became of one upload: `whole`, or the kind of its failure. */
async function outcomeOf(run: Run, s3: S3): Promise<string> {
	const { random, cancel } = run;
	for (let faults = random(4); faults > 0; faults--) uploads.server.faults.add(faultFor(run));
	const timer = random(8) === 0 ? setTimeout(() => cancel.abort(), random(80)) : undefined;
	try {
		await putObject(
			s3,
			requestOf(run),
			{ signal: cancel.signal, retryFor: 1000 },
			WAYS[run.way]?.limits,
		);
		return 'whole';
	} catch (error) {
		if (error instanceof S3Failure) {
			run.isAbortedLater = error.advice.includes('is not aborted yet');
			return error.kind;
		}
		throw new Error(`Seed ${run.seed}: neither whole nor an S3Failure`, { cause: error });
	} finally {
		clearTimeout(timer);
	}
}

/** Failures after which the object may be there all the same: nobody knows, or the response came too late. */
const DOUBTFUL = ['cancelled', 'unreachable', 'unavailable', 'notFound'];

/** Waits for an abort that goes on in the background: a busy machine does not end it within a second. */
async function abortOf(run: Run): Promise<void> {
	for (let left = 300; left > 0 && wrongUploads(run).length > 0; left--) await sleep(100);
}

/** What is wrong with what a run left; nothing if all is well. */
function wrongs(run: Run, outcome: string, older: Buffer | undefined): string[] {
	const wrong: string[] = [];
	const found = digest(storedBytes(run.key));
	const isNew = found === digest(content.subarray(0, run.size));
	const isOld = found === digest(older);
	if (outcome === 'whole' ? !isNew : !isOld && !isNew) wrong.push('is neither whole nor as before');
	if (!isOld && outcome !== 'whole' && !DOUBTFUL.includes(outcome)) wrong.push('is there');
	wrong.push(...wrongUploads(run));
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
	const real = await openS3(connectionTo(uploads.server, { bucket: key }));
	const s3 = random(2) === 0 ? asAws(real) : real;
	if (older !== undefined) {
		const before = { bucket, key, source: sourceOf(older) };
		await putObject(real, before, { signal: undefined, retryFor: 1000 });
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
		lostIds: 0,
		isAbortedLater: false,
	};
	const outcome = await outcomeOf(run, s3);
	if (run.isAbortedLater) await abortOf(run);
	const wrong = wrongs(run, outcome, older);
	const all = real.writeMemory.reserve(PART_MEMORY);
	const free = await Promise.race([all.then(() => true), sleep(1000, false)]);
	if (!free) wrong.push(`seed ${seed}, ${way}, ${outcome}: left memory in use`);
	return { outcome, wrong };
}

it(
	'an object is whole or absent, and no more is left than uploads whose ID was lost, however the server fails',
	async () => {
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
	},
	seeds(240_000, 3_600_000),
);
