import type { Content, Received } from './content';
import type { Effect } from './faults';
import { accessDenied, invalidArgument, S3Error } from './S3Error';
import type { Bucket, KeyBytes, Store } from './store';
import { keyText } from './store';
import { may } from './users';
import type { User } from './users';
import { parseXml } from './xml';
import type { XmlElement } from './xml';

/** The response of an operation. */
export interface S3Response {
	status: number;
	headers?: Record<string, string | undefined>;
	xml?: string;
	/** Discarded once it is sent. */
	content?: Content;
}

/** What a body is: content to keep, or XML; with a completion, checksums are those of the object. */
export type Purpose = 'content' | 'document' | 'completion';

interface ExchangeFields {
	method: string;
	store: Store;
	user: User;
	/** The region the request is signed for. */
	signedRegion: string;
	/** Empty for requests to the account. */
	bucketName: string;
	/** Empty for requests to a bucket. */
	key: KeyBytes;
	query: ReadonlyMap<string, string>;
	headers: Readonly<Record<string, string | undefined>>;
	/** What a test wants to go wrong. */
	effects: readonly Effect[];
	settings: {
		region: string;
		minimumPartSize: number;
		maximumCopySize: number;
		secure: boolean;
	};
	/** Takes the body in, once. */
	receive: (purpose: Purpose) => Promise<Received>;
}

/** One authenticated request, as the operations see it. */
export class Exchange {
	readonly method: string;
	readonly store: Store;
	readonly user: User;
	readonly signedRegion: string;
	readonly bucketName: string;
	readonly key: KeyBytes;
	readonly query: ReadonlyMap<string, string>;
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly effects: readonly Effect[];
	readonly settings: ExchangeFields['settings'];
	readonly receive: ExchangeFields['receive'];

	constructor(fields: ExchangeFields) {
		this.method = fields.method;
		this.store = fields.store;
		this.user = fields.user;
		this.signedRegion = fields.signedRegion;
		this.bucketName = fields.bucketName;
		this.key = fields.key;
		this.query = fields.query;
		this.headers = fields.headers;
		this.effects = fields.effects;
		this.settings = fields.settings;
		this.receive = fields.receive;
	}

	/** The key as text. */
	get keyText(): string {
		return keyText(this.key);
	}

	get bucket(): Bucket {
		return this.store.bucket(this.bucketName);
	}

	/** The version that is asked for; undefined for the newest. */
	get versionId(): string | undefined {
		const versionId = this.query.get('versionId');
		if (versionId === '') throw emptyVersionId();
		return versionId;
	}

	/**
	 * @param key of another object of the request's bucket than the request's own
	 * @throws S3Error `AccessDenied` if the user may not do this with the object or the bucket
	 */
	allow(action: string, key = this.key === '' ? undefined : this.keyText): void {
		if (!may(this.user, action, this.bucketName || undefined, key)) {
			throw accessDenied(this.user.name, action);
		}
	}

	/** The same for an action that there is another one of for versions. */
	allowVersion(action: string): void {
		this.allow(this.query.has('versionId') ? action.replace('Object', 'ObjectVersion') : action);
	}

	/** The body of a request that is XML. */
	async xml(root: string, purpose: Purpose = 'document'): Promise<XmlElement> {
		return parseXml(await this.bytes(purpose), root);
	}

	async bytes(purpose: Purpose = 'document'): Promise<Buffer> {
		const { content } = await this.receive(purpose);
		return Buffer.concat(content.pieces.filter((piece) => Buffer.isBuffer(piece)));
	}

	/** A number of the query, of at least `minimum`; the fallback if there is none. */
	count(name: string, fallback: number, minimum = 0): number {
		const text = this.query.get(name);
		if (text === undefined) return fallback;
		const value = Number(text);
		if (/^\d+$/.test(text) && value >= minimum && value < 2 ** 31) return value;
		throw invalidCount(name, text);
	}
}

export const emptyVersionId = () => invalidArgument('Version id cannot be the empty string');

const invalidCount = (name: string, value: string) =>
	new S3Error(400, 'InvalidArgument', `Provided ${name} not an integer or within integer range`, {
		fields: { ArgumentName: name, ArgumentValue: value },
	});
