import { createHash, randomBytes } from 'node:crypto';
import { oneOf } from '../faults/random';
import type { Random } from '../faults/random';
import type { EmbeddedServer } from '../servers/embedded';
import { keyBytes, keyText } from '../servers/embedded/store';
import type { Bucket, Version } from '../servers/embedded/store';

/** What an object is told apart by: its key, its content and when it was modified. */
export const identityOf = (object: { key: string; etag?: string; lastModified?: string }): string =>
	`${object.key} ${String(object.etag)} ${String(object.lastModified)}`;

/**
 * Writes to a bucket as nobody should: keys in any order, many in the same second, uploads that end hours after
 * they began, with the date of their beginning, objects that are replaced or deleted and made again. It works on
 * the store of the server, so that it also sets the dates.
 */
export class Writer {
	/** Server's time in seconds. */
	time: number;
	private readonly bucket: Bucket;
	private written = 0;

	constructor(
		private readonly server: EmbeddedServer,
		name: string,
		private readonly random: Random,
		begin: number,
	) {
		this.bucket = server.store.makeBucket(name);
		this.time = begin;
		this.passTime(0);
	}

	passTime(seconds: number): void {
		this.time += seconds;
		this.server.setClock(this.time - Math.floor(Date.now() / 1000));
	}

	put(key: string, date = this.time, etag = this.newEtag()): void {
		const bytes = Buffer.from('x');
		const version = {
			content: { size: 1, pieces: [bytes] },
			etag,
			headers: {},
			tags: {},
			checksum: undefined,
			customerKey: undefined,
			parts: undefined,
		};
		this.bucket.put(keyBytes(key), version).lastModified = new Date(date * 1000);
	}

	delete(key: string): void {
		this.bucket.remove(keyBytes(key), 'null');
	}

	makeAgain(key: string): void {
		this.delete(key);
		this.put(key);
	}

	beginUpload(key: string): void {
		const uploadId = randomBytes(8).toString('hex');
		this.bucket.uploads.set(uploadId, {
			uploadId,
			key: keyBytes(key),
			initiated: new Date(this.time * 1000),
			headers: {},
			tags: {},
			algorithm: undefined,
			fullObject: false,
			customerKey: undefined,
			parts: new Map(),
		});
	}

	/** Ends an upload: its object has the date at which it was begun. */
	completeUpload(): void {
		const uploads = [...this.bucket.uploads.values()];
		if (uploads.length === 0) return;
		const { uploadId, key, initiated } = oneOf(this.random, uploads);
		this.bucket.uploads.delete(uploadId);
		this.put(keyText(key), +initiated / 1000);
	}

	/** All objects that are there, as they are told apart. */
	present(): string[] {
		return this.objects().map(([key, { etag, lastModified }]) =>
			identityOf({ key, etag, lastModified: lastModified.toISOString() }),
		);
	}

	/** Does one thing. */
	act(many: number): void {
		const keys = this.objects().map(([key]) => key);
		const existing = keys.length === 0 ? this.newKey() : oneOf(this.random, keys);
		const acts: [number, () => void][] = [
			[8, () => this.put(this.newKey())],
			[3, () => this.put(existing)],
			// The same content: only the date is another.
			[1, () => this.put(existing, this.time, 'same')],
			[2, () => this.delete(existing)],
			[2, () => this.makeAgain(existing)],
			[3, () => this.beginUpload(this.random(4) === 0 ? existing : this.newKey())],
			[3, () => this.completeUpload()],
			// A write that takes a while and has the date at which it began.
			[1, () => this.put(this.newKey(), this.time - this.random(60))],
			[1, () => Array.from({ length: this.random(many) }, () => this.put(this.newKey()))],
			[4, () => this.passTime(this.random(20))],
		];
		const weights = acts.map(([weight]) => weight).reduce((a, b) => a + b);
		let at = this.random(weights);
		for (const [weight, act] of acts) {
			at -= weight;
			if (at < 0) {
				act();
				return;
			}
		}
	}

	private objects(): [string, Version][] {
		return [...this.bucket.keys.from('', true)].flatMap((key): [string, Version][] => {
			const version = this.bucket.get(key);
			return version === undefined ? [] : [[keyText(key), version]];
		});
	}

	private newEtag(): string {
		return createHash('md5').update(String(this.written++)).digest('hex');
	}

	private newKey(): string {
		const folder = oneOf(this.random, ['a', 'b/c', 'ü', 'z', '0', '2026-11']);
		return `in/${folder}/${this.random(1_000_000).toString(36)}`;
	}
}
