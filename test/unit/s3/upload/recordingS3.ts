import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { S3 } from '../../../../s3/client/S3';
import type { Connection } from '../../../../s3/Connection';
import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';
import { connectionTo } from '../../../servers/connectionTo';

/** One call that was sent. */
export interface SentCall {
	name: string;
	input: Record<string, unknown>;
	/** The body as it arrived; undefined if it broke off. */
	body: Buffer | undefined;
	isStream: boolean;
}

const user = { accessKeyId: '', secretAccessKey: '' };
const NOWHERE = { region: 'us-east-1', endpoint: '', users: { main: user } };

/** An S3 that keeps what is sent and accepts everything: AWS, unless the settings name an endpoint. */
export function recordingS3(settings: Partial<Connection> = {}): { s3: S3; sent: SentCall[] } {
	const sent: SentCall[] = [];
	const send = async (name: string, input: Record<string, unknown>) => {
		const { Body: body } = input;
		const isStream = body instanceof Readable;
		const call: SentCall = { name, input, body: undefined, isStream };
		sent.push(call);
		if (isStream) call.body = await buffer(body);
		else if (Buffer.isBuffer(body)) call.body = Buffer.from(body);
		return { ETag: `"${sent.length}"`, UploadId: 'upload' };
	};
	const s3 = {
		connection: { ...connectionTo(NOWHERE), endpoint: undefined, ...settings },
		readMemory: new MemoryBudget(96 * 1024 * 1024),
		writeMemory: new MemoryBudget(96 * 1024 * 1024),
		send,
	};
	// The type of `send` follows the name of the call, which no plain function can.
	return { s3: s3 as unknown as S3, sent };
}
