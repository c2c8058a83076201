import { createHash, randomBytes } from 'node:crypto';
import type { EmbeddedServer } from '../servers/embedded';
import { keyBytes, keyText } from '../servers/embedded/store';
import type { Bucket } from '../servers/embedded/store';
import type { ObjectThere, Target } from './Target';

/** A bucket of the embedded server: what is written goes into its store, with any date. */
export class StoreTarget implements Target {
	readonly lacks = [];
	private readonly store: Bucket;

	/** @param time of the server in seconds since 1970, which only `passTime` changes */
	constructor(
		private readonly server: EmbeddedServer,
		readonly bucket: string,
		private time: number,
	) {
		this.store = server.store.makeBucket(bucket);
		this.setClock();
	}

	async put(key: string, content: string, secondsAgo: number): Promise<void> {
		this.add(key, createHash('md5').update(content).digest('hex'), this.time - secondsAgo);
		await Promise.resolve();
	}

	async delete(key: string): Promise<void> {
		this.store.remove(keyBytes(key), 'null');
		await Promise.resolve();
	}

	async beginUpload(key: string, secondsAgo: number): Promise<() => Promise<void>> {
		const uploadId = randomBytes(8).toString('hex');
		const begun = this.time - secondsAgo;
		this.store.uploads.set(uploadId, {
			uploadId,
			key: keyBytes(key),
			initiated: new Date(begun * 1000),
			headers: {},
			tags: {},
			algorithm: undefined,
			fullObject: false,
			customerKey: undefined,
			parts: new Map(),
		});
		const end = async () => {
			this.store.uploads.delete(uploadId);
			this.add(key, uploadId, begun);
			await Promise.resolve();
		};
		return await Promise.resolve(end);
	}

	async passTime(seconds: number): Promise<void> {
		this.time += seconds;
		this.setClock();
		await Promise.resolve();
	}

	async objects(): Promise<ObjectThere[]> {
		const keys = [...this.store.keys.from('', true)];
		const found = keys.flatMap((key): ObjectThere[] => {
			const version = this.store.get(key);
			if (version === undefined) return [];
			const { etag, lastModified } = version;
			return [{ key: keyText(key), etag, lastModified: lastModified.toISOString() }];
		});
		return await Promise.resolve(found);
	}

	private setClock(): void {
		this.server.setClock(this.time - Math.floor(Date.now() / 1000));
	}

	private add(key: string, etag: string, date: number): void {
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
		this.store.put(keyBytes(key), version).lastModified = new Date(date * 1000);
	}
}
