/** Polls as n8n makes them, without n8n: with its ways to save what a node remembers, and killed at any point. */
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { pollPrefix } from '../../s3/watch/pollPrefix';
import type { PrefixRequest, WatchState } from '../../s3/watch/pollPrefix';
import { randomFrom } from '../faults/random';
import { connectionTo } from '../servers/connectionTo';
import type { EmbeddedServer } from '../servers/embedded';
import { identityOf, Writer } from './Writer';

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
	/** Characters of the largest state. */
	size: number;
	emitted: number;
	warnings: Set<string>;
}

/** A whole day off ours. */
const DAY = 24 * 60 * 60;

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
	readonly warnings = new Set<string>();
	size = 0;

	constructor(
		private readonly engine: Engine,
		private s3: S3,
		private readonly request: PrefixRequest,
	) {}

	get emittedCount(): number {
		return this.emitted.size;
	}

	hasEmitted(identity: string): boolean {
		return this.emitted.has(identity);
	}

	use(s3: S3): void {
		this.s3 = s3;
	}

	get state(): WatchState | undefined {
		return this.memory === undefined ? undefined : (JSON.parse(this.memory) as WatchState);
	}

	/** @returns whether anything was found or is still being read */
	async poll(killAt: 'never' | 'before' | 'between' | 'after', pages: number): Promise<boolean> {
		const first = this.memory === undefined;
		let left = pages;
		const { objects, state, warnings } = await pollPrefix(this.s3, this.request, this.state, {
			by: this.engine === 'legacy' ? String(this.run) : undefined,
			isStart: this.isStart,
			isTimeOver: () => --left <= 0,
			call: { signal: undefined },
		});
		this.isStart = false;
		for (const warning of warnings) this.warnings.add(warning);
		if (killAt === 'before' && !first) return this.restart();
		const json = JSON.stringify(state);
		this.size = Math.max(this.size, json.length);
		this.memory = json;
		const isSaved = this.engine === 'durable' || objects.length > 0 || first;
		if (isSaved) this.database = json;
		// The durable engine does both at once.
		if (killAt === 'between' && this.engine === 'legacy' && !first) return this.restart();
		const batch = objects.map(identityOf as (object: object) => string);
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
export async function simulate(server: EmbeddedServer, settings: Simulation): Promise<Outcome> {
	const { seed, many, acts, polls, killed } = settings;
	const random = randomFrom(seed);
	const bucket = `simulation-${settings.engine}-${seed}`;
	const ahead = [0, DAY, -DAY][seed % 3]!;
	const writer = new Writer(server, bucket, random, Math.floor(Date.now() / 1000) + ahead);
	const connected = await openS3(connectionTo(server, { bucket }));
	const s3 = whileListing(connected, () => {
		if (random(3) === 0) writer.act(5);
	});
	const request: PrefixRequest = {
		bucket,
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
	for (let n = random(200); n > 0; n--) writer.act(many);
	// What is written while the workflow is activated may be old or new.
	writer.passTime(130);
	const old = new Set(writer.present());
	const n8n = new Engines(settings.engine, connected, request);
	await n8n.poll('never', Infinity);
	n8n.use(s3);
	for (let n = 0; n < polls; n++) {
		for (let act = random(acts); act > 0; act--) writer.act(many);
		writer.passTime(60);
		const kill =
			random(killed) === 0 ? (['before', 'between', 'after'] as const)[random(3)]! : 'never';
		await n8n.poll(kill, 1 + random(5));
	}
	// Nothing is written any more; only time passes.
	n8n.use(connected);
	for (let calm = 0, n = 0; calm < 6 && n < 1000; n++) {
		writer.passTime(60);
		calm = (await n8n.poll('never', Infinity)) ? 0 : calm + 1;
	}
	const present = writer.present();
	return {
		old: [...old].filter((identity) => n8n.hasEmitted(identity)),
		lost: present.filter((identity) => !old.has(identity) && !n8n.hasEmitted(identity)),
		repeated: n8n.repeated,
		size: n8n.size,
		emitted: n8n.emittedCount,
		warnings: n8n.warnings,
	};
}

/** The same connection, over which something happens while it lists. */
function whileListing(s3: S3, happen: () => void): S3 {
	const send: S3['send'] = async (name, input, options) => {
		happen();
		return await s3.send(name, input, options);
	};
	return { ...s3, connection: s3.connection, send };
}
