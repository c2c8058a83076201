import type { Encryption } from '../headers/encryption';
import type { Requester } from '../headers/requester';

/** What a write of an object says of it besides its bytes. */
export interface WriteRequest extends Requester {
	bucket: string;
	key: string;
	contentType?: string | undefined;
	contentDisposition?: string | undefined;
	contentEncoding?: string | undefined;
	contentLanguage?: string | undefined;
	cacheControl?: string | undefined;
	expires?: Date | undefined;
	/** Names with or without `x-amz-meta-`; values beyond ASCII are stored as words of RFC 2047. */
	metadata?: Record<string, string> | undefined;
	tags?: Record<string, string> | undefined;
	storageClass?: string | undefined;
	/** A canned ACL, e.g. `bucket-owner-full-control`. */
	acl?: string | undefined;
	encryption?: Encryption | undefined;
	/** `never`: only if there is no object with this key; `ifMatch`: only over the object with `etag`. */
	overwrite?: 'always' | 'never' | 'ifMatch' | undefined;
	etag?: string | undefined;
	objectLock?:
		| {
				mode?: 'GOVERNANCE' | 'COMPLIANCE' | undefined;
				retainUntil?: Date | undefined;
				legalHold?: boolean | undefined;
		  }
		| undefined;
	/** Where the website of the bucket redirects requests for the object. */
	websiteRedirectLocation?: string | undefined;
}
