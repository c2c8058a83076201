import type { Requester } from '../headers/requester';
import type { ByteSource } from '../upload/putObject';

/** What is to be added to the end of an object. */
export interface AppendRequest extends Requester {
	bucket: string;
	key: string;
	/** Of a known size. */
	source: ByteSource;
	/** Put between what is there and what is added, unless the object is new or empty. */
	separator: string;
	/** Whether an object that is not there is made; otherwise it is an error. */
	createIfMissing: boolean;
	/** `keep`: the object keeps its tags, which have to be read; `drop`: it has none afterwards. */
	tags: 'keep' | 'drop';
	/** Of a new object; one that is there keeps its own. */
	contentType?: string | undefined;
	/** 32 bytes in base64, if the object is encrypted with a customer's own key (SSE-C), or is to be. */
	customerKey?: string | undefined;
}

export interface AppendResult {
	bucket: string;
	key: string;
	/** Bytes of the whole object now. */
	size: number;
	/** Without quotes. */
	etag: string | undefined;
	versionId: string | undefined;
	/** Bytes that were added, with the separator. */
	appended: number;
	/** Whether the server made sure that nobody else changed the object meanwhile. */
	guarded: boolean;
}
