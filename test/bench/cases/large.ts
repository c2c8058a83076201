import { createWriteStream, rmSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { INodeExecutionData } from 'n8n-workflow';
import { BenchN8n } from '../BenchN8n';
import { withAwsCli, withCurl } from '../command';
import { BUILT_IN, OURS } from '../contenders';
import { size } from '../format';
import type { Lab } from '../lab';
import { runPlain } from '../plain';
import type { Task } from '../Report';
import { inTurn } from './Bench';
import type { Bench } from './Bench';
import { bytesFrom } from '../../bytes';

const MiB = 1024 * 1024;
const RUNS = 3;
/** MiB; the smaller ones are for the curve of time and memory against size. */
const SIZES = [16, 64, 256, 1024];
/** Times that an object is put and removed until the server puts it into memory that it has. */
const WARM_UPS = 5;
const HUGE = 8192;
/** Bytes: the file, n8n's copy of it while it is put, then what was got. */
const HUGE_DISK = 18 * 1024 * MiB;
/** Bytes: radosgw keeps the object in memory, with half as much again around it. */
const HUGE_MEMORY = 15 * 1024 * MiB;

type Direction = 'put' | 'get';

/** One object of several sizes, of the largest also with tools that are not in n8n. */
export async function large(bench: Bench): Promise<void> {
	const { runs = RUNS, mebibytes } = bench.options;
	let contenders: BenchN8n[] = [];
	const lab = await bench.lab();
	const sizes = mebibytes === undefined ? SIZES : [mebibytes];
	for (const each of sizes) {
		const file = await prepare(lab, each);
		for (const operation of ['put', 'get'] as const) {
			const task: Task = { operation, bytes: each * MiB };
			// Of the largest, memory counts: what other tasks left behind must not.
			if (contenders.length === 0 || each === sizes.at(-1)) contenders = await startBoth(bench);
			const moves: Move[] = [];
			for (const n8n of contenders) {
				moves.push({ lab, n8n, task, items: await itemsFor(task, n8n, file) });
			}
			for (let i = 0; i < runs; i++) {
				for (const move of inTurn(moves, i)) {
					bench.record(task, move.n8n.contender.name, await moveThreeTimes(move));
				}
				if (each === sizes.at(-1)) await moveWithOthers(bench, lab, task, file, i);
			}
			for (const n8n of contenders) await n8n.forget();
		}
		rmSync(file);
		await lab.remove(keyOf(each * MiB));
	}
}

/** One object of 8 GiB with ours alone, for the memory that it takes. */
export async function huge(bench: Bench): Promise<void> {
	const lab = await bench.lab();
	checkRoom(lab);
	const file = join(lab.folder, 'huge.bin');
	await makeFile(file, HUGE);
	for (let i = 0; i < (bench.options.runs ?? 1); i++) {
		for (const operation of ['put', 'get'] as const) {
			await bench.stopN8n();
			const n8n = await bench.n8n(OURS);
			const task: Task = { operation, bytes: HUGE * MiB };
			const items = await itemsFor(task, n8n, file);
			const move: Move = { lab, n8n, task, items, putKey: keyOf(HUGE * MiB) };
			const { seconds, memory } = await moveOnce(move, async (id) => await n8n.run(id));
			bench.record(task, 'ours', { seconds, memory });
		}
		await lab.remove(keyOf(HUGE * MiB));
	}
	rmSync(file);
}

async function startBoth(bench: Bench): Promise<BenchN8n[]> {
	await bench.stopN8n();
	return [await bench.n8n(OURS), await bench.n8n(BUILT_IN)];
}

/** Throws where the machine is too small: rather no figure than one of a machine that swaps. */
function checkRoom({ folder, ownsServer }: Lab): void {
	const { bavail, bsize } = statfsSync(folder);
	if (bavail * bsize < HUGE_DISK) {
		throw new Error(
			`${folder} needs ${size(HUGE_DISK)} of free disk, and has ${size(bavail * bsize)}`,
		);
	}
	if (ownsServer && freemem() < HUGE_MEMORY) {
		throw new Error(
			`radosgw needs ${size(HUGE_MEMORY)} of free memory, and has ${size(freemem())}`,
		);
	}
}

const keyOf = (bytes: number): string => `large-${bytes}`;

/** Makes a file and the object of the same bytes that is to be got; gives the file. */
async function prepare(lab: Lab, mebibytes: number): Promise<string> {
	const file = join(lab.folder, `${mebibytes}.bin`);
	await makeFile(file, mebibytes);
	const key = keyOf(mebibytes * MiB);
	await runPlain(lab, { contender: 'sdk', operation: 'put', key, file });
	if (lab.ownsServer) await warmServer(lab, file);
	return file;
}

/** The system takes seconds to give a server its first gigabyte: none of those compared is to wait for that. */
async function warmServer(lab: Lab, file: string): Promise<void> {
	for (let i = 0; i < WARM_UPS; i++) {
		await runPlain(lab, { contender: 'sdk', operation: 'put', key: 'warm', file });
		await lab.remove('warm');
	}
}

/** An object to be moved in n8n. */
interface Move {
	lab: Lab;
	n8n: BenchN8n;
	task: Task;
	/** What the node is given. */
	items: INodeExecutionData[] | undefined;
	/** Where it is put; without one it is removed again. */
	putKey?: string;
}

/** What is put is in n8n's store before: reading it would leave n8n with garbage that counts as memory. */
const itemsFor = async ({ operation }: Task, n8n: BenchN8n, file: string) =>
	operation === 'put' ? await n8n.readFile(file) : undefined;

/** As `BenchN8n.measure` does; what one run has left is gone before the next. */
async function moveThreeTimes(move: Move) {
	const { n8n } = move;
	const { memory } = await moveOnce(move, async (id) => await n8n.run(id));
	await moveOnce(move, async (id) => await n8n.runAsItIs(id));
	const { seconds } = await moveOnce(move, async (id) => await n8n.runAsItIs(id));
	return { seconds, memory };
}

async function moveOnce<Found extends Awaited<ReturnType<BenchN8n['runAsItIs']>>>(
	{ lab, n8n, task, items, putKey }: Move,
	run: (workflowId: string) => Promise<Found>,
): Promise<Found> {
	const { contender } = n8n;
	const { operation, bytes = 0 } = task;
	const key = putKey ?? 'put';
	const parameters =
		operation === 'put'
			? contender.putFile(lab.bucket, key)
			: contender.get(lab.bucket, keyOf(bytes));
	const workflowId = await n8n.workflow(lab.server, [], parameters, items);
	const found = await run(workflowId);
	if (operation === 'put') {
		await lab.checkSize(key, bytes);
		if (putKey === undefined) await lab.remove(key);
		return found;
	}
	const [item] = BenchN8n.itemsOf(found.execution);
	const got = item?.binary?.data?.bytes;
	if (got !== bytes) throw new Error(`${got ?? 'no'} bytes came instead of ${bytes}`);
	await n8n.forget();
	return found;
}

/** The same object with the AWS CLI, curl, and in Node without n8n. */
async function moveWithOthers(
	bench: Bench,
	lab: Lab,
	task: Task,
	file: string,
	run: number,
): Promise<void> {
	const operation = task.operation as Direction;
	const got = join(lab.folder, 'got.bin');
	const transfer =
		operation === 'put'
			? { operation, key: 'put', file }
			: { operation, key: keyOf(task.bytes ?? 0), file: got };
	const others = {
		...(bench.installed.awsCli && { awsCli: async () => await withAwsCli(lab, transfer) }),
		...(bench.installed.curl && { curl: async () => await withCurl(lab, transfer) }),
		plain: async () => await runPlain(lab, { ...transfer, contender: 'plain' }),
		sdk: async () => await runPlain(lab, { ...transfer, contender: 'sdk' }),
	};
	for (const [name, move] of inTurn(Object.entries(others), run)) {
		bench.record(task, name as keyof typeof others, await move());
		if (operation === 'put') {
			await lab.checkSize('put', task.bytes ?? 0);
			await lab.remove('put');
		} else rmSync(got);
	}
}

/** Writes a file whose blocks are all different. */
async function makeFile(file: string, mebibytes: number): Promise<void> {
	const block = bytesFrom(MiB, (i) => (i * 131) % 251);
	const blocks = function* () {
		for (let i = 0; i < mebibytes; i++) {
			block.writeUInt32LE(i);
			yield Buffer.from(block);
		}
	};
	await pipeline(Readable.from(blocks()), createWriteStream(file));
}
