/** What becomes of an operation if one of its requests fails: each of them in turn, in every way. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../../../s3/Call';
import type { OpenS3, S3 } from '../../../s3/client/S3';
import { S3Failure } from '../../../s3/S3Failure';
import type { Fault } from '../../servers/embedded';
import type { RequestRecord } from '../../servers/embedded/RequestRecord';
import type { Bucket } from '../../servers/embedded/store';
import type { RunningServer } from '../../servers/withServer';
import { seeds } from '../../seeds';
import { asAws } from '../asAws';

/** How a run ended: with what it gave, or with a failure. */
export interface End {
	readonly result?: unknown;
	readonly failure?: S3Failure;
}

/** An operation on a bucket of its own. */
export interface Operation {
	/** Makes what there is before. */
	prepare(bucket: Bucket, s3: OpenS3): Promise<void> | void;
	run(s3: S3, bucket: string, call: Call): Promise<unknown>;
	/** What is wrong with what a run has left; `bucket` is undefined if it is gone. */
	wrongs(end: End, bucket: Bucket | undefined): string[];
	/** Whether a result says that not everything was done. */
	isPartly?(result: unknown): boolean;
	/** What is wrong with the end of the run after one that failed; that it failed, unless given. */
	wrongsOfNext?(next: End, first: End, bucket: Bucket | undefined): string[];
}

const EFFECTS: Readonly<Record<string, Fault['effect']>> = {
	'does not arrive': { kind: 'resetRequest', afterBytes: 0 },
	'is carried out, but its response lost': { kind: 'loseAnswer' },
	'gets a 500': { kind: 'answer', status: 500, code: 'InternalError' },
	'gets a 503': { kind: 'answer', status: 503, code: 'SlowDown' },
	'is carried out, but gets an error with status 200': {
		kind: 'errorIn200',
		code: 'InternalError',
	},
};

interface Mode {
	/** Requests that fail. */
	readonly times: number;
	readonly retryFor: number;
	/** Whether the run has to succeed. */
	readonly succeeds: boolean;
}

const MODES: Readonly<Record<string, Mode>> = {
	'and is not repeated': { times: 1, retryFor: 0, succeeds: false },
	'and is repeated': { times: 1, retryFor: 5000, succeeds: true },
	'and so do all after it': { times: Infinity, retryFor: 0, succeeds: false },
};

const NONE: Fault['effect'] = { kind: 'latency', ms: 0 };
const FAULTLESS: Mode = { times: 0, retryFor: 5000, succeeds: true };

/** Of so many runs one is made; each request, effect and mode comes in its turn. */
const STEP = seeds(8, 1);
/** Milliseconds for the test of an operation. */
const TIMEOUT = seeds(60_000, 240_000);
/** Runs at the same time, each in a bucket of its own. */
const LANES = 32;
/** Milliseconds in which an upload is aborted in the background. */
const PATIENCE = 15_000;

interface Run {
	readonly n: number;
	readonly effect: string;
	readonly mode: string;
}

let buckets = 0;

/**
 * A test for each operation on AWS and on another server.
 * @param title of the tests on a server; `%s` in it is the name of the operation
 */
export function failEachRequestOf(
	server: RunningServer,
	operations: Readonly<Record<string, Operation>>,
	title: (where: string) => string,
): void {
	const servers: [string, boolean][] = [
		['AWS', true],
		['another server', false],
	];
	describe.each(servers)('on %s', (where, onAws) => {
		it.each(Object.entries(operations))(
			title(where),
			async (_, operation) => {
				const { wrong, requests } = await failEachRequest(server, operation, onAws);
				expect(wrong).toEqual([]);
				expect(requests).toBeGreaterThan(1);
			},
			TIMEOUT,
		);
	});
}

/**
 * Has the n-th request fail for each n, and gives what was wrong afterwards, as sentences. A run that failed is made
 * again without a fault.
 */
async function failEachRequest(
	server: RunningServer,
	operation: Operation,
	onAws: boolean,
): Promise<{ wrong: string[]; requests: number }> {
	const { requests, wrong } = await runOnce(server, operation, onAws, undefined);
	const runs = Array.from({ length: requests.length }, (_, index) =>
		Object.keys(EFFECTS).flatMap((effect) =>
			Object.keys(MODES).map((mode): Run => ({ n: index + 1, effect, mode })),
		),
	)
		.flat()
		.filter((_, index) => index % STEP === 0);
	const ended: Promise<string[]>[] = [];
	const work = async () => {
		for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
			const { wrong: found, uploads } = await runOnce(server, operation, onAws, run);
			wrong.push(...found);
			ended.push(uploads);
		}
	};
	await Promise.all(Array.from({ length: LANES }, work));
	wrong.push(...(await Promise.all(ended)).flat());
	return { wrong, requests: requests.length };
}

async function runOnce(
	server: RunningServer,
	operation: Operation,
	onAws: boolean,
	run: Run | undefined,
): Promise<{ wrong: string[]; uploads: Promise<string[]>; requests: RequestRecord[] }> {
	const name = `run-${buckets++}`;
	await operation.prepare(server.store.makeBucket(name, server.region), await server.connect());
	const { times, retryFor, succeeds } = MODES[run?.mode ?? ''] ?? FAULTLESS;
	const effect = EFFECTS[run?.effect ?? ''] ?? NONE;
	const fault = new FaultOfOne(name, run?.n ?? Infinity, times, effect);
	server.faults.add({ effect, when: fault.meets });
	const attempt = async (retry: number): Promise<End> => {
		const s3 = await server.connect();
		const call = { signal: undefined, retryFor: retry };
		return await operation.run(onAws ? asAws(s3) : s3, name, call).then(
			(result) => ({ result }),
			(failure: unknown) => {
				if (failure instanceof S3Failure) return { failure };
				throw failure;
			},
		);
	};
	const wrong: string[] = [];
	const bucketNow = () => server.store.buckets.get(name);
	const isWhole = (end: End) =>
		end.failure === undefined && operation.isPartly?.(end.result) !== true;
	const first = await attempt(retryFor);
	fault.isOver = true;
	wrong.push(...operation.wrongs(first, bucketNow()));
	if (!isWhole(first)) {
		if (succeeds) wrong.push(`failed: ${textOf(first)}`);
		const next = await attempt(5000);
		wrong.push(...operation.wrongs(next, bucketNow()).map((text) => `then ${text}`));
		const wrongOfNext = operation.wrongsOfNext?.(next, first, bucketNow());
		if (wrongOfNext === undefined && !isWhole(next)) wrong.push(`then failed: ${textOf(next)}`);
		wrong.push(...(wrongOfNext ?? []));
	}
	const what = fault.met[0]?.operation ?? 'nothing';
	const about =
		run === undefined ? 'without a fault' : `request ${run.n} (${what}) ${run.effect} ${run.mode}`;
	const told = (texts: string[]) => texts.map((text) => `${about}: ${text}`);
	const uploads = uploadsLeft(bucketNow(), fault.met, effect).then(told);
	return { requests: fault.requests, wrong: told(wrong), uploads };
}

/** Meets the n-th request to a bucket, and some after it. */
class FaultOfOne {
	isOver = false;
	readonly requests: RequestRecord[] = [];
	/** Those that failed. */
	readonly met: RequestRecord[] = [];

	constructor(
		private readonly bucket: string,
		private readonly n: number,
		private readonly times: number,
		private readonly effect: Fault['effect'],
	) {}

	readonly meets = (request: RequestRecord): boolean => {
		if (this.isOver || request.bucket !== this.bucket) return false;
		this.requests.push(request);
		const count = this.requests.length;
		// The response to a HEAD has no body that an error could be in.
		const hasBody = this.effect.kind !== 'errorIn200' || request.method !== 'HEAD';
		const isMet = hasBody && count >= this.n && count < this.n + this.times;
		if (isMet) this.met.push(request);
		return isMet;
	};
}

const textOf = ({ failure, result }: End): string =>
	failure === undefined
		? JSON.stringify(result)
		: `${failure.kind} ${failure.message} ${failure.advice}`;

/** An upload whose ID never came stays, without parts; others may be aborted in the background. */
async function uploadsLeft(
	bucket: Bucket | undefined,
	met: readonly RequestRecord[],
	effect: Fault['effect'],
): Promise<string[]> {
	const isCarriedOut = effect.kind === 'loseAnswer' || effect.kind === 'errorIn200';
	const begun = met.filter(({ operation }) => operation === 'CreateMultipartUpload').length;
	const allowed = isCarriedOut ? begun : 0;
	const left = () => [...(bucket?.uploads.values() ?? [])];
	const isWrong = () => left().length > allowed || left().some(({ parts }) => parts.size > 0);
	const end = performance.now() + PATIENCE;
	while (isWrong() && performance.now() < end) await sleep(50);
	return isWrong() ? [`left ${left().length} uploads`] : [];
}
