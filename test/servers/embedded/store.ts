import { randomBytes } from 'node:crypto';
import type { Algorithm } from './checksums';
import type { Content } from './content';
import { noSuchBucket } from './S3Error';

/** Keys are kept as one character per byte, so that their order is S3's. */
export type KeyBytes = string;

export const keyBytes = (key: string): KeyBytes => Buffer.from(key).toString('latin1');
export const keyText = (bytes: KeyBytes): string => Buffer.from(bytes, 'latin1').toString();

export interface StoredChecksum {
	algorithm: Algorithm;
	value: string;
	type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** One version of an object, or a delete marker, which has no content. */
export interface Version {
	versionId: string;
	content: Content | undefined;
	etag: string;
	lastModified: Date;
	/** Headers to give back, lower case. */
	headers: Record<string, string>;
	tags: Record<string, string>;
	checksum: StoredChecksum | undefined;
	/** MD5 of the customer's key, in base64. */
	customerKey: string | undefined;
	/** Sizes of the parts it came in. */
	parts: number[] | undefined;
}

export interface UploadedPart {
	content: Content;
	etag: string;
	lastModified: Date;
	checksum: StoredChecksum | undefined;
}

export interface Upload {
	uploadId: string;
	key: KeyBytes;
	initiated: Date;
	headers: Record<string, string>;
	tags: Record<string, string>;
	algorithm: Algorithm | undefined;
	fullObject: boolean;
	customerKey: string | undefined;
	parts: Map<number, UploadedPart>;
}

export class Bucket {
	readonly created = new Date();
	versioning: 'Enabled' | 'Suspended' | undefined;
	readonly uploads = new Map<string, Upload>();
	/** Versions of each key, newest first. */
	private readonly versions = new Map<KeyBytes, Version[]>();
	private sorted: KeyBytes[] | undefined = [];

	constructor(
		readonly name: string,
		readonly region: string,
	) {}

	/** The newest version, if it is not a delete marker. */
	get(key: KeyBytes): Version | undefined {
		const [newest] = this.versions.get(key) ?? [];
		return newest?.content === undefined ? undefined : newest;
	}

	allOf(key: KeyBytes): readonly Version[] {
		return this.versions.get(key) ?? [];
	}

	put(key: KeyBytes, version: Omit<Version, 'versionId'>): Version {
		const versionId = this.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null';
		const stored = { ...version, versionId };
		const others = (this.versions.get(key) ?? []).filter((other) => other.versionId !== versionId);
		if (!this.versions.has(key)) this.sorted = undefined;
		this.versions.set(key, this.versioning === undefined ? [stored] : [stored, ...others]);
		return stored;
	}

	/** Removes one version for good. */
	remove(key: KeyBytes, versionId: string): Version | undefined {
		const all = this.versions.get(key) ?? [];
		const removed = all.find((version) => version.versionId === versionId);
		const left = all.filter((version) => version !== removed);
		if (left.length > 0) this.versions.set(key, left);
		else if (this.versions.delete(key)) this.sorted = undefined;
		return removed;
	}

	/** All keys that have a version, in S3's order. */
	keys(): readonly KeyBytes[] {
		this.sorted ??= [...this.versions.keys()].sort();
		return this.sorted;
	}

	get isEmpty(): boolean {
		return this.versions.size === 0;
	}
}

export class Store {
	readonly buckets = new Map<string, Bucket>();

	bucket(name: string): Bucket {
		const bucket = this.buckets.get(name);
		if (bucket === undefined) throw noSuchBucket(name);
		return bucket;
	}

	/** Makes a bucket without a request. */
	makeBucket(name: string, region = 'us-east-1'): Bucket {
		const bucket = new Bucket(name, region);
		this.buckets.set(name, bucket);
		return bucket;
	}

	/** Puts objects of `size` zero bytes without requests; they share their bytes. */
	putMany(bucket: string, keys: Iterable<string>, size = 1): void {
		const target = this.bucket(bucket);
		const content = { size, pieces: [Buffer.alloc(size)] };
		const shared = {
			content,
			etag: 'd41d8cd98f00b204e9800998ecf8427e',
			lastModified: new Date(),
			headers: { 'content-type': 'application/octet-stream' },
			tags: {},
			checksum: undefined,
			customerKey: undefined,
			parts: undefined,
		};
		for (const key of keys) target.put(keyBytes(key), shared);
	}
}
