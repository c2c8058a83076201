import { setTimeout as sleep } from 'node:timers/promises';
import type { S3 } from '../../s3/client/S3';
import { listObjects } from '../../s3/list/listObjects';
import { send } from '../engine/bucket';
import type { TestServer } from '../servers/TestServer';
import type { ObjectThere, Target } from './Target';

/** So many milliseconds of ours are a second of the writer. */
const SECOND = 20;

/** A bucket of any server: what is written goes there in requests. */
export class RequestTarget implements Target {
	readonly lacks = ['clock', 'oldDates'] as const;

	private constructor(
		private readonly server: TestServer,
		private readonly s3: S3,
		readonly bucket: string,
	) {}

	/** @param s3 by which objects are listed */
	static async make(server: TestServer, s3: S3, bucket: string): Promise<RequestTarget> {
		const target = new RequestTarget(server, s3, bucket);
		await target.send('PUT', '');
		return target;
	}

	async put(key: string, content: string): Promise<void> {
		await this.send('PUT', pathOf(key), content);
	}

	async delete(key: string): Promise<void> {
		await this.send('DELETE', pathOf(key));
	}

	async beginUpload(key: string): Promise<() => Promise<void>> {
		const path = pathOf(key);
		const begun = await this.send('POST', `${path}?uploads`);
		const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(await begun.text())?.[1] ?? '';
		const upload = `uploadId=${encodeURIComponent(uploadId)}`;
		const part = await this.send('PUT', `${path}?partNumber=1&${upload}`, uploadId);
		const etag = part.headers.get('etag') ?? '';
		const parts = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
		return async () => {
			await this.send('POST', `${path}?${upload}`, parts);
		};
	}

	async passTime(seconds: number): Promise<void> {
		await sleep(seconds * SECOND);
	}

	async objects(): Promise<ObjectThere[]> {
		const found: ObjectThere[] = [];
		for await (const { entries } of listObjects(
			this.s3,
			{ bucket: this.bucket },
			{ signal: undefined },
		)) {
			for (const entry of entries) if ('key' in entry) found.push(entry);
		}
		return found;
	}

	private async send(
		method: 'PUT' | 'POST' | 'DELETE',
		path: string,
		body?: string,
	): Promise<Response> {
		const { endpoint, users } = this.server;
		const credential = { endpoint, ...users.main };
		return await send(credential, method, `/${this.bucket}${path}`, {
			...(body !== undefined && { body }),
		});
	}
}

const pathOf = (key: string): string => `/${encodeURIComponent(key)}`;
