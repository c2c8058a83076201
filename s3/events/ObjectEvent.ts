/** What can become of an object. */
export const CHANGES = ['created', 'deleted', 'restored', 'other'] as const;
export type Change = (typeof CHANGES)[number];

/** Who can send events: each has a form of its own; `other` sends that of S3. */
export const SENDERS = ['s3', 'eventBridge', 'minio', 'ceph', 'r2', 'b2', 'other'] as const;
export type Sender = (typeof SENDERS)[number];

/** What an event tells of an object. What its sender does not tell is left out. */
export interface ObjectEvent {
	readonly bucket: string;
	/** As the object is stored, not as the sender encodes it. */
	readonly key: string;
	readonly change: Change;
	/** The sender's name of the event, such as `ObjectCreated:Put`, without `s3:` or `b2:`. */
	readonly event: string;
	readonly sender: Sender;
	/** ISO 8601. */
	readonly time?: string;
	readonly region?: string;
	/** Bytes of the object. */
	readonly size?: number;
	/** Without quotes. */
	readonly etag?: string;
	readonly versionId?: string;
	/** Orders the events of one key, see `inOrder`. */
	readonly sequencer?: string;
	/** Whether a delete marker hides the object, and its versions are still there. */
	readonly deleteMarker?: boolean;
	/** The object that was copied. */
	readonly copySource?: { readonly bucket: string; readonly key: string };
	/** Of the request that caused the event. */
	readonly requestId?: string;
	/** Who sent that request, in the sender's own terms. */
	readonly principal?: string;
	/** Where that request came from. */
	readonly sourceIp?: string;
}
