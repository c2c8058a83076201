import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { discard, read } from './content';
import type { Received } from './content';
import { accessDenied, malformedXml } from './S3Error';
import type { KeyBytes, Store } from './store';
import { may } from './users';
import type { User } from './users';

/** What an operation answers. */
export interface Answer {
	status: number;
	headers?: Record<string, string | undefined>;
	xml?: string;
	body?: { stream: Readable; length: number };
}

/** One authenticated request, as the operations see it. */
export class Exchange {
	constructor(
		readonly message: IncomingMessage,
		readonly store: Store,
		readonly user: User,
		/** Empty for requests to the account. */
		readonly bucketName: string,
		/** Empty for requests to a bucket. */
		readonly key: KeyBytes,
		readonly query: ReadonlyMap<string, string>,
		readonly headers: Readonly<Record<string, string | undefined>>,
		/** Takes the body in, once. */
		readonly receive: () => Promise<Received>,
		readonly settings: { region: string; minimumPartSize: number },
	) {}

	/** The key as text. */
	get keyText(): string {
		return Buffer.from(this.key, 'latin1').toString();
	}

	get bucket() {
		return this.store.bucket(this.bucketName);
	}

	allow(action: string): void {
		const key = this.key === '' ? undefined : this.keyText;
		if (!may(this.user, action, this.bucketName || undefined, key)) throw accessDenied();
	}

	may(action: string): boolean {
		return may(this.user, action, this.bucketName, undefined);
	}

	/** The body as text, for requests that are XML. */
	async xml(): Promise<string> {
		const { content } = await this.receive();
		if (content.size > 2 * 1024 * 1024) throw malformedXml();
		const xml = await text(read(content, 0, content.size));
		await discard(content);
		return xml;
	}
}
