import type { S3 } from '../client/S3';
import type { ObjectHead } from '../headers/objectHead';
import type { WriteRequest } from '../write/WriteRequest';

/** The object, or the version of it, that is copied. */
interface CopySource {
	bucket: string;
	key: string;
	versionId?: string | undefined;
	/** Copy only while the object has this ETag. */
	ifMatch?: string | undefined;
	/** 32 bytes in base64, if the object is encrypted with a customer's own key (SSE-C). */
	customerKey?: string | undefined;
	expectedBucketOwner?: string | undefined;
}

/** An object to copy; bucket, key and all that is not in `source` are about the copy. */
export interface CopyRequest extends Omit<WriteRequest, 'overwrite'> {
	source: CopySource;
	/** `keep`: content headers and metadata of the source; `replace`: those of this request, and no others. */
	metadataDirective: 'keep' | 'replace';
	/** `keep`: the tags of the source; `replace`: those of this request; `drop`: none. */
	tagsDirective: 'keep' | 'replace' | 'drop';
	/** Whether the copy gets the storage class of the source; S3 makes it STANDARD otherwise. */
	keepStorageClass?: boolean | undefined;
	/** Whether the copy is encrypted as the source is, as far as S3 tells; by the bucket's own rule otherwise. */
	keepEncryption?: boolean | undefined;
	/** `ifDifferent`: only if the object there is not known to have the same bytes. */
	overwrite?: WriteRequest['overwrite'] | 'ifDifferent';
	/** Whether the server is to copy by itself between two connections, with the keys of the target. */
	withTargetKeys?: boolean | undefined;
	/** Whether an object that is known to have the same bytes, and has the same metadata, counts as the copy. */
	skipIfEqual?: boolean | undefined;
	/** Whether a source that goes through this process is compared with an ETag that is its MD5, however large it is. */
	verifies?: boolean | undefined;
	/** Bytes of a part; undefined: 256 MiB, more if 10,000 parts would not be enough. */
	partSize?: number | undefined;
	/** Bytes above which an object is copied in parts; undefined: 5 GiB, which is the most. */
	multipartThreshold?: number | undefined;
}

/** The connections of a copy; twice the same unless it goes to another one. */
export interface CopyConnections {
	source: S3;
	target: S3;
}

/** A copy to be made, after its source was looked at. */
export interface CopyPlan extends CopyConnections {
	request: CopyRequest;
	head: ObjectHead;
}

/** A copy that was made. */
export interface Copied {
	/** Without quotes. */
	etag: string | undefined;
	versionId: string | undefined;
	/** Parts in which it was copied. */
	parts: number;
}

export interface CopyResult {
	source: Pick<ObjectHead, 'bucket' | 'key' | 'versionId' | 'etag' | 'checksum'>;
	bucket: string;
	key: string;
	versionId: string | undefined;
	etag: string | undefined;
	/** Bytes. */
	size: number;
	/** Who moved the bytes: the server by itself, or this process; undefined if nobody did. */
	copiedBy: 'server' | 'stream' | undefined;
	/** Parts in which it was copied; undefined if it was not. */
	parts: number | undefined;
	/** Whether nothing was copied because the target was the same already. */
	skipped: boolean;
	/** Why it was skipped. */
	reason: string | undefined;
}
