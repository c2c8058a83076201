import { createHash, randomBytes } from 'node:crypto';
import type { Algorithm } from './checksums';
import { discard } from './content';
import type { Content } from './content';
import { noSuchBucket } from './S3Error';
import { SortedKeys } from './SortedKeys';

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
	/** In whole seconds, as S3 has it. */
	lastModified: Date;
	/** Headers to give back, lower case. */
	headers: Record<string, string>;
	tags: Record<string, string>;
	/** The restore from an archive that goes on. */
	restore?: { tier: string; days: string | undefined } | undefined;
	/** A canned ACL; none: private. */
	acl?: string | undefined;
	checksum: StoredChecksum | undefined;
	/** MD5 of the customer's key, in base64. */
	customerKey: string | undefined;
	/** The parts it came in, for objects of multipart uploads. */
	parts: { size: number; checksum: StoredChecksum | undefined }[] | undefined;
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
	acl?: string | undefined;
	algorithm: Algorithm | undefined;
	fullObject: boolean;
	customerKey: string | undefined;
	parts: Map<number, UploadedPart>;
}

export class Bucket {
	readonly created = now();
	versioning: 'Enabled' | 'Suspended' | undefined;
	/** Whether versions are deleted for good only with a code of a device. */
	mfaDelete = false;
	/** Who owns objects. With this one, which new buckets have, there are no ACLs. */
	ownership = 'BucketOwnerEnforced';
	/** Whether objects can be locked. */
	hasLock = false;
	tags: Record<string, string> = {};
	readonly uploads = new Map<string, Upload>();
	/** XML of the response to each completion, for a client that did not get it and asks again. */
	readonly completed = new Map<string, { key: KeyBytes; xml: string }>();
	/** All keys that have a version, in S3's order. */
	readonly keys = new SortedKeys();
	/** Versions of each key, newest first. */
	private readonly versions = new Map<KeyBytes, Version[]>();

	constructor(
		readonly name: string,
		readonly region: string,
	) {}

	/** The newest version, if it is not a delete marker. */
	get(key: KeyBytes): Version | undefined {
		const newest = this.newest(key);
		return newest?.content === undefined ? undefined : newest;
	}

	/** The newest version, even if it is a delete marker. */
	newest(key: KeyBytes): Version | undefined {
		return this.versions.get(key)?.[0];
	}

	allOf(key: KeyBytes): readonly Version[] {
		return this.versions.get(key) ?? [];
	}

	put(key: KeyBytes, version: Omit<Version, 'versionId' | 'lastModified'>): Version {
		const versionId = this.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null';
		const stored = { ...version, versionId, lastModified: now() };
		const all = this.allOf(key);
		const replaced = all.filter((other) => other.versionId === versionId);
		for (const { content } of replaced) if (content !== undefined) discard(content);
		this.versions.set(key, [stored, ...all.filter((other) => !replaced.includes(other))]);
		if (all.length === 0) this.keys.add(key);
		return stored;
	}

	/** Puts a marker that hides the older versions. */
	putDeleteMarker(key: KeyBytes): Version {
		return this.put(key, {
			content: undefined,
			etag: '',
			headers: {},
			tags: {},
			checksum: undefined,
			customerKey: undefined,
			parts: undefined,
		});
	}

	/** Removes one version for good. */
	remove(key: KeyBytes, versionId: string): Version | undefined {
		const all = this.allOf(key);
		const removed = all.find((version) => version.versionId === versionId);
		const left = all.filter((version) => version !== removed);
		if (removed?.content !== undefined) discard(removed.content);
		if (left.length > 0) this.versions.set(key, left);
		else if (this.versions.delete(key)) this.keys.delete(key);
		return removed;
	}

	get isEmpty(): boolean {
		return this.versions.size === 0;
	}
}

/** The time in whole seconds: S3 knows no finer. */
export const now = (): Date => new Date(Math.floor(Date.now() / 1000) * 1000);

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
		const bytes = Buffer.alloc(size);
		const shared = {
			content: { size, pieces: [bytes] },
			etag: createHash('md5').update(bytes).digest('hex'),
			headers: { 'content-type': 'application/octet-stream' },
			tags: {},
			checksum: undefined,
			customerKey: undefined,
			parts: undefined,
		};
		for (const key of keys) target.put(keyBytes(key), shared);
	}
}
