import type { S3 } from '../../../s3/client/S3';
import { listObjects } from '../../../s3/list/listObjects';
import { nameOfEntry } from '../../../s3/list/ListedEntry';
import { listPage } from '../../../s3/list/listPage';
import { S3Failure } from '../../../s3/S3Failure';
import type { Fault } from '../../servers/embedded';
import { withServer } from '../../servers/withServer';
import { keysOf, KINDS } from '../../unit/s3/list/listedKeys';
import { seeds } from '../../seeds';
import { oneOf, randomFrom } from '../random';
import type { Random } from '../random';

const RUNS = seeds(130, 1300);
/** Listings at the same time, each of a bucket of its own. */
const LANES = 6;

const server = withServer();

/** One listing: what is there, what was requested, and what came. */
interface Run {
	seed: number;
	random: Random;
	bucket: string;
	kind: string;
	expected: string[];
	names: string[];
	pageSize: number;
	cancel: AbortController;
}

/** The connection to a server that puts fewer entries on a page. */
const withPages = (s3: S3, pageSize: number): S3 => ({
	connection: s3.connection,
	readMemory: s3.readMemory,
	writeMemory: s3.writeMemory,
	send: (name, input, call) => {
		const { MaxKeys: most } = input as { MaxKeys?: number };
		return s3.send(name, { ...input, MaxKeys: Math.min(most ?? pageSize, pageSize) }, call);
	},
});

/** A fault that some responses of the run meet; some of these faults cancel the listing. */
function faultFor({ random, bucket, cancel }: Run): Fault {
	const afterBytes = oneOf(random, [0, 1, random(300), random(20_000)]);
	const effect = oneOf<Fault['effect']>(random, [
		{ kind: 'resetRequest', afterBytes: 0 },
		{ kind: 'loseAnswer' },
		{ kind: 'resetAnswer', afterBytes },
		{ kind: 'truncate', afterBytes },
		{ kind: 'latency', ms: random(30) },
		{ kind: 'slow', bytesPerSecond: 1_000_000 },
		{ kind: 'answer', status: 500, code: 'InternalError' },
		{ kind: 'answer', status: 503, code: 'SlowDown' },
		{ kind: 'errorIn200', code: 'InternalError' },
		{ kind: 'answer', status: 403, code: 'AccessDenied' },
		{ kind: 'answer', status: 400, code: 'ExpiredToken' },
		{ kind: 'answer', status: 200, body: '<ListBucketResult><Contents><Key>a' },
	]);
	const cancels = random(6) === 0;
	const lasts = effect.kind !== 'latency' && !throttles(effect) && random(2) === 0;
	let skip = random(15);
	let times = lasts ? Infinity : 1 + random(3);
	const when: Fault['when'] = (request) => {
		if (request.bucket !== bucket || skip-- > 0 || times-- <= 0) return false;
		if (cancels) cancel.abort();
		return true;
	};
	return { operation: 'ListObjectsV2', effect, when };
}

const throttles = (effect: Fault['effect']): boolean =>
	effect.kind === 'answer' && effect.status === 503;

/** What became of one listing: `whole`, or the kind of its failure. */
async function outcomeOf(run: Run, request: object, s3: S3): Promise<string> {
	const { bucket, cancel } = run;
	try {
		const pages = listObjects(
			s3,
			{ bucket, ...request },
			{ signal: cancel.signal, retryFor: 1000 },
		);
		for await (const { entries } of pages) run.names.push(...entries.map(nameOfEntry));
		return 'whole';
	} catch (error) {
		if (error instanceof S3Failure) return error.kind;
		throw new Error(`Seed ${run.seed}: neither whole nor an S3Failure`, { cause: error });
	}
}

/** All names, one page after another. */
async function oneByOne(
	s3: S3,
	bucket: string,
	request: { delimiter: string | undefined; startAfter: string | undefined },
): Promise<string[]> {
	const names: string[] = [];
	let continuationToken: string | undefined;
	do {
		const place = { ...request, continuationToken, maxKeys: 1000 };
		const page = await listPage(
			s3,
			{ ...ANY, bucket, ...place },
			{ signal: undefined, retryFor: 1000 },
		);
		names.push(...page.entries.map(nameOfEntry));
		continuationToken = page.truncated ? page.nextToken : undefined;
	} while (continuationToken !== undefined);
	return names;
}

const ANY = {
	prefix: undefined,
	fetchOwner: undefined,
	includeRestoreStatus: undefined,
	requestPayer: undefined,
	expectedBucketOwner: undefined,
};

async function oneRun(seed: number): Promise<{ outcome: string; wrong: string[] }> {
	const random = randomFrom(seed);
	const kind = oneOf(random, Object.keys(KINDS));
	const keys = keysOf(kind, random(2000), () => random(2 ** 30) / 2 ** 30);
	const bucket = `random-${seed}`;
	server.store.makeBucket(bucket);
	server.store.putMany(bucket, keys);
	const delimiter = random(3) === 0 ? '/' : undefined;
	const startAfter = random(3) === 0 ? keys[random(keys.length)] : undefined;
	const request = { delimiter, startAfter };
	const real = await server.connect({ bucket });
	const expected = await oneByOne(real, bucket, request);
	const before = server.requests.length;
	const pageSize = 10 + random(60);
	const s3 = withPages(real, pageSize);
	const cancel = new AbortController();
	const run: Run = { seed, random, bucket, kind, expected, names: [], pageSize, cancel };
	const faults = random(4);
	for (let i = 0; i < faults; i++) server.faults.add(faultFor(run));
	const timer = random(8) === 0 ? setTimeout(() => cancel.abort(), random(60)) : undefined;
	const outcome = await outcomeOf(run, request, s3);
	clearTimeout(timer);
	const sent = server.requests.slice(before).filter((one) => one.bucket === bucket).length;
	const wrong = wrongs(run, outcome, faults === 0 ? sent : 0);
	return { outcome, wrong: wrong.map((words) => `seed ${seed}, ${kind}, ${outcome}: ${words}`) };
}

/** What is wrong with a listing; nothing if all is well. */
function wrongs({ expected, names, pageSize }: Run, outcome: string, sent: number): string[] {
	const wrong = [];
	const same = names.every((name, i) => name === expected[i]);
	if (!same) wrong.push('has other names, or in another order');
	if (outcome === 'whole' && names.length !== expected.length) wrong.push('is not whole');
	const pages = Math.max(1, Math.ceil(expected.length / pageSize));
	if (sent > pages + pages / 3 + 32) wrong.push(`took ${sent} requests for ${pages} pages`);
	return wrong;
}

it(
	'a listing is whole, or an error after entries that are right, however the server fails and whenever it is cancelled',
	async () => {
		const outcomes: string[] = [];
		const wrong: string[] = [];
		let seed = 1;
		const work = async () => {
			while (seed <= RUNS) {
				const result = await oneRun(seed++);
				outcomes.push(result.outcome);
				wrong.push(...result.wrong);
			}
		};
		await Promise.all(Array.from({ length: LANES }, work));
		expect(wrong).toEqual([]);
		expect(outcomes).toHaveLength(RUNS);
		// Otherwise the runs showed less than they seem to.
		const kinds = ['cancelled', 'corrupt', 'credentials', 'denied', 'unreachable', 'whole'];
		expect([...new Set(outcomes)]).toEqual(expect.arrayContaining(kinds));
	},
	seeds(240_000, 3_600_000),
);
