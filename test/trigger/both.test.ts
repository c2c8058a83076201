/** A bucket and its queue: messages come late, twice or never, workflows fail, n8n is killed, and nothing is lost. */
import type { IDataObject } from 'n8n-workflow';
import { oneOf, randomFrom } from '../faults/random';
import { withServer } from '../servers/withServer';
import { seeds } from '../seeds';
import { BothTrigger, GRACE } from './BothTrigger';
import { StoreTarget } from './StoreTarget';

/** Small, so that a few objects are more than can be remembered. */
jest.mock('../../s3/watch/limits', () => ({
	MAX_SEEN: 60,
	KEPT: 45,
	MAX_UPLOADS: 100,
	MARGIN: 120,
	MAX_UPLOAD_PAGES: 20,
}));
/** On a busy machine: each takes a second or two by itself. */
jest.setTimeout(300_000);

const server = withServer({ leavesUploads: true });

interface Write {
	key: string;
	etag: string;
	/** Seconds since 1970: the date of the object, and when its write ended. */
	date: number;
	time: number;
	/** Whether a message comes. */
	isTold: boolean;
	/** What has started the workflow for it. */
	starts: string[];
}

interface Message {
	write: Write;
	/** Seconds since 1970. */
	at: number;
}

/** Two writes of one content so shortly one after the other may count as one. */
const TOGETHER = 5;
/** In so many seconds several polls are made, one of which has room for an object. */
const LONG = GRACE + 600;

class Simulation {
	private now = Math.floor(Date.now() / 1000);
	private readonly random;
	private readonly target: StoreTarget;
	private readonly writes: Write[] = [];
	private readonly uploads: Array<{ key: string; begun: number; end: () => Promise<void> }> = [];
	private queue: Message[] = [];
	private n8n: BothTrigger;

	constructor(
		seed: number,
		private readonly bucket: string,
		private readonly isKilled: boolean,
	) {
		this.random = randomFrom(seed);
		this.target = new StoreTarget(server, bucket, this.now);
		this.n8n = this.start({});
	}

	async run(): Promise<void> {
		const { random } = this;
		for (let n = random(100); n > 0; n--) await this.target.put(`in/old-${n}`, String(n), 0);
		await this.pass(130);
		await this.n8n.poll('activate');
		for (let n = 0; n < 60; n++) {
			for (let act = random(8); act > 0; act--) {
				await this.act();
				await this.pass(random(2) * random(10));
			}
			await this.pass(20 + random(60));
			await this.n8n.poll();
			if (!this.isKilled || random(10) > 0) continue;
			this.n8n = this.start(this.n8n.saved);
			await this.n8n.poll('init');
		}
		// Nothing is written any more; only time passes.
		for (let n = 0; n < 40; n++) {
			await this.pass(60);
			await this.n8n.poll();
		}
	}

	/** What was told, or was there for a while, and has started nothing. */
	lost(): Write[] {
		return this.writes.filter(
			(write) =>
				write.starts.length === 0 &&
				(write.isTold || this.lifeOf(write) > LONG) &&
				!this.others(write).some(({ time }) => Math.abs(time - write.time) <= TOGETHER),
		);
	}

	/** Seconds until the next write of the same key. */
	private lifeOf(write: Write): number {
		const later = this.writes.slice(this.writes.indexOf(write) + 1);
		const next = later.find(({ key }) => key === write.key);
		return next === undefined ? Infinity : next.time - write.time;
	}

	/** What has started the workflow twice although no other write of its key has the same content. */
	repeated(): Write[] {
		return this.writes.filter(
			(write) => write.starts.length > 1 && this.others(write).length === 0,
		);
	}

	get started(): number {
		return this.writes.flatMap(({ starts }) => starts).length;
	}

	private others(write: Write): Write[] {
		return this.writes.filter(
			(other) => other !== write && other.key === write.key && other.etag === write.etag,
		);
	}

	private start(stored: IDataObject): BothTrigger {
		return new BothTrigger(server.credential, this.bucket, stored, (items) => {
			for (const { key, etag, lastModified, time } of items) {
				const date = Date.parse(lastModified as string) / 1000;
				const write = [...this.writes]
					.reverse()
					.find(
						(one) =>
							one.key === key && one.etag === etag && (one.time === time || one.date === date),
					);
				if (write === undefined) throw new Error(`${key as string} was there before`);
				write.starts.push(time === undefined ? 'poll' : 'event');
			}
		});
	}

	/** Lets time pass, and has messages come. */
	private async pass(seconds: number): Promise<void> {
		this.now += seconds;
		await this.target.passTime(seconds);
		const due = this.queue.filter(({ at }) => at <= this.now);
		this.queue = this.queue.filter(({ at }) => at > this.now);
		for (const { write } of due) {
			const { key, etag, time } = write;
			const fails = this.random(8) === 0;
			const item = { key, etag, time };
			if (await this.n8n.receive(this.eventOf(write), [item], fails)) continue;
			this.queue.push({ write, at: this.now + 30 });
		}
	}

	/** Writes an object, or begins or ends an upload in parts. */
	private async act(): Promise<void> {
		const { random } = this;
		// Some keys are written again and again, some of them with the same content.
		const key = `in/${random(random(2) === 0 ? 10 : 100_000)}`;
		const what = random(25);
		if (what < 5) {
			this.uploads.push({ key, begun: this.now, end: await this.target.beginUpload(key, 0) });
		} else if (what < 9 && this.uploads.length > 0) {
			const upload = oneOf(random, this.uploads);
			this.uploads.splice(this.uploads.indexOf(upload), 1);
			await upload.end();
			this.wrote(upload.key, upload.begun);
		} else {
			await this.target.put(key, random(2) === 0 ? 'same' : String(random(2 ** 30)), 0);
			this.wrote(key, this.now);
		}
	}

	private wrote(key: string, date: number): void {
		const { random, now: time } = this;
		const etag = server.store.bucket(this.bucket).get(key)?.etag ?? '';
		const fate = oneOf(random, ['never', 'late', 'soon', 'soon', 'twice']);
		const write = { key, etag, date, time, isTold: fate !== 'never', starts: [] };
		this.writes.push(write);
		if (write.isTold) this.queue.push({ write, at: time + random(fate === 'late' ? 900 : 20) });
		if (fate === 'twice') this.queue.push({ write, at: time + random(300) });
	}

	private eventOf(write: Write): object {
		const { key, etag: eTag, time } = write;
		const sequencer = (time * 1000 + this.writes.indexOf(write)).toString(16);
		const object = { key: encodeURIComponent(key), eTag, size: 1, sequencer };
		return {
			Records: [
				{
					eventVersion: '2.1',
					eventSource: 'aws:s3',
					eventTime: new Date(time * 1000).toISOString(),
					eventName: 'ObjectCreated:Put',
					s3: { bucket: { name: this.bucket }, object },
				},
			],
		};
	}
}

it.each(Array.from({ length: seeds(3, 30) }, (_, seed) => [seed, seed % 2 === 1] as const))(
	'what is written starts the workflow by a message or a poll (seed %i, n8n is killed: %s)',
	async (seed, isKilled) => {
		const bucket = `both-${seed}`;
		const simulation = new Simulation(seed, bucket, isKilled);
		await simulation.run();
		server.store.buckets.delete(bucket);
		expect(simulation.started).toBeGreaterThan(50);
		expect(simulation.lost()).toEqual([]);
		// After a restart a message that was worked on and sent twice starts it again.
		if (!isKilled) expect(simulation.repeated()).toEqual([]);
	},
);
