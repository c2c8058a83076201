/** Polls as n8n makes them, without n8n: with its ways to save what a node remembers, and killed at any point. */
import type { S3 } from '../../s3/client/S3';
import { pollPrefix } from '../../s3/watch/pollPrefix';
import type { PrefixRequest, WatchState } from '../../s3/watch/pollPrefix';
import { randomFrom } from '../faults/random';
import { identityOf } from './Target';
import type { Target } from './Target';
import { Writer } from './Writer';

/** Of n8n: the older one saves state and execution one after the other, the durable one both or nothing. */
export type Engine = 'legacy' | 'durable';

export interface Simulation {
	engine: Engine;
	seed: number;
	request: Partial<PrefixRequest>;
	/** Objects that the writer puts at most at once. */
	many: number;
	/** Things that the writer does between polls at most. */
	acts: number;
	polls: number;
	/** New objects that the writer puts at once, while the first polls are made. */
	atOnce: number;
	/** Objects on a page of a listing at most. */
	page: number;
	/** How often n8n is killed: once in so many polls. */
	killed: number;
}

export interface Outcome {
	/** Objects at the beginning that were emitted. */
	old: string[];
	/** Objects that are there at the end and were not emitted. */
	lost: string[];
	/** Objects that were emitted again for another reason than a restart. */
	repeated: string[];
	emitted: number;
}

class Engines {
	/** What n8n has in memory, and what is in its database. */
	private memory: string | undefined;
	private database: string | undefined;
	private run = 0;
	private isStart = true;
	private readonly emitted = new Set<string>();
	private lastBatch: string[] = [];
	/** The last batch before each restart, with the older engine. */
	private readonly mayRepeat = new Set<string>();
	readonly repeated: string[] = [];

	constructor(
		private readonly engine: Engine,
		private readonly s3: S3,
		private readonly request: PrefixRequest,
	) {}

	get emittedCount(): number {
		return this.emitted.size;
	}

	hasEmitted(identity: string): boolean {
		return this.emitted.has(identity);
	}

	get state(): WatchState | undefined {
		return this.memory === undefined ? undefined : (JSON.parse(this.memory) as WatchState);
	}

	/** @returns whether anything was found or is still being read */
	async poll(killAt: 'never' | 'before' | 'between' | 'after', pages: number): Promise<boolean> {
		const first = this.memory === undefined;
		let left = pages;
		const { objects, state } = await pollPrefix(this.s3, this.request, this.state, {
			by: this.engine === 'legacy' ? String(this.run) : undefined,
			isStart: this.isStart,
			isTimeOver: () => --left <= 0,
			call: { signal: undefined },
		});
		this.isStart = false;
		if (killAt === 'before' && !first) return this.restart();
		const json = JSON.stringify(state);
		this.memory = json;
		const isSaved = this.engine === 'durable' || objects.length > 0 || first;
		if (isSaved) this.database = json;
		// The durable engine does both at once.
		if (killAt === 'between' && this.engine === 'legacy' && !first) return this.restart();
		const batch = objects.map(identityOf);
		for (const identity of batch) {
			if (this.emitted.has(identity) && !this.mayRepeat.delete(identity)) {
				this.repeated.push(identity);
			}
			this.emitted.add(identity);
		}
		if (batch.length > 0) this.lastBatch = batch;
		if (killAt !== 'never' && !first) this.restart();
		return objects.length > 0 || state.window?.scan !== undefined;
	}

	private restart(): true {
		this.memory = this.database;
		this.run += 1;
		if (this.engine === 'legacy') {
			for (const identity of this.lastBatch) this.mayRepeat.add(identity);
		}
		this.isStart = true;
		return true;
	}
}

/** Runs one simulation until nothing more is found. */
export async function simulate(
	target: Target,
	connected: S3,
	settings: Simulation,
): Promise<Outcome> {
	const { seed, many, acts, polls, atOnce, page, killed } = settings;
	const random = randomFrom(seed);
	const writer = new Writer(target, randomFrom(seed + 0x1000));
	let isWritten = false;
	// How many requests there are is up to the server; the other numbers must not depend on it.
	const meanwhile = randomFrom(seed + 0x2000);
	const s3 = watchedWhile(connected, page, () => {
		if (isWritten && meanwhile(3) === 0) writer.begin(5);
	});
	const request: PrefixRequest = {
		bucket: target.bucket,
		prefix: 'in/',
		keyMatches: undefined,
		maxObjects: 50,
		minAge: 0,
		changes: true,
		growing: false,
		existing: false,
		caller: { requestPayer: false, expectedBucketOwner: undefined },
		...settings.request,
	};
	for (let n = random(200); n > 0; n--) await writer.act(many);
	await writer.beginOldUploads(random(6));
	// What is written while the workflow is activated may be old or new.
	await target.passTime(130);
	const old = new Set(await present(target, writer));
	const n8n = new Engines(settings.engine, s3, request);
	await n8n.poll('never', Infinity);
	isWritten = true;
	// Seconds; the faster the polls are, the less of what was written can be forgotten yet.
	const pause = [60, 20, 5][random(3)]!;
	writer.beginPutting(atOnce);
	for (let n = 0; n < polls; n++) {
		for (let act = random(acts); act > 0; act--) writer.begin(many);
		await target.passTime(pause);
		const kill =
			random(killed) === 0 ? (['before', 'between', 'after'] as const)[random(3)]! : 'never';
		await n8n.poll(kill, 1 + random(5));
	}
	isWritten = false;
	await writer.settled();
	// Nothing is written any more; only time passes.
	for (let calm = 0, n = 0; calm < 6 && n < 1000; n++) {
		await target.passTime(60);
		calm = (await n8n.poll('never', Infinity)) ? 0 : calm + 1;
	}
	const all = await present(target, writer);
	return {
		old: [...old].filter((identity) => n8n.hasEmitted(identity)),
		lost: all.filter((identity) => !old.has(identity) && !n8n.hasEmitted(identity)),
		repeated: n8n.repeated,
		emitted: n8n.emittedCount,
	};
}

/** What went wrong, in words; empty if what was written was emitted, and nothing else. */
export function faultsOf({ emitted, ...wrong }: Outcome): string[] {
	const faults = Object.entries(wrong).filter(([, objects]) => objects.length > 0);
	return [
		...faults.map(([what, all]) => `${all.length} ${what}: ${all.slice(0, 3).join(', ')}`),
		...(emitted === 0 ? ['nothing was emitted'] : []),
	];
}

/** All objects that are there, as they are told apart. */
async function present(target: Target, writer: Writer): Promise<string[]> {
	const objects = await target.objects();
	const listed = objects.map(({ key }) => key).sort();
	// What is compared with what was emitted must be what was written.
	expect(listed).toEqual(writer.present().sort());
	return objects.map(identityOf);
}

/** The same connection with short pages, before each of which something happens. */
function watchedWhile(s3: S3, page: number, happen: () => void): S3 {
	const send: S3['send'] = async (name, input, options) => {
		happen();
		const { MaxKeys: asked } = input as { MaxKeys?: number };
		const shorter = asked === undefined ? {} : { MaxKeys: Math.min(asked, page) };
		return await s3.send(name, { ...input, ...shorter }, options);
	};
	return { ...s3, connection: s3.connection, send };
}
