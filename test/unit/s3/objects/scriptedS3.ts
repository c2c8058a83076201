import type { S3 } from '../../../../s3/client/S3';
import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';
import { S3Failure } from '../../../../s3/S3Failure';
import type { FailureDetails } from '../../../../s3/S3Failure';
import type { Connection } from '../../../../s3/Connection';
import { connectionTo } from '../../../servers/connectionTo';

/** One call that was sent. */
export interface SentCall {
	name: string;
	input: Record<string, unknown>;
}

type Respond = (call: SentCall, sent: readonly SentCall[]) => unknown;

const NOWHERE = {
	region: 'us-east-1',
	endpoint: 'http://server',
	users: { main: { accessKeyId: '', secretAccessKey: '' } },
};

/** An S3 whose responses a test writes: what `respond` gives, or throws. */
export function scriptedS3(
	respond: Respond,
	settings: Partial<Connection> = {},
): { s3: S3; sent: SentCall[] } {
	const sent: SentCall[] = [];
	const send = async (name: string, input: Record<string, unknown>) => {
		const call = { name, input };
		sent.push(call);
		// Several calls are in flight at once only if no response comes at once.
		await Promise.resolve();
		return respond(call, sent);
	};
	const s3 = {
		connection: connectionTo(NOWHERE, settings),
		readMemory: new MemoryBudget(1),
		writeMemory: new MemoryBudget(1),
		send,
	};
	// The type of `send` follows the name of the call, which no plain function can.
	return { s3: s3 as unknown as S3, sent };
}

export const AWS = { endpoint: undefined };

/** What a server refuses a request with. */
export const refusal = (details: Partial<FailureDetails>): S3Failure =>
	new S3Failure({ kind: 'rejected', message: 'Refused', advice: 'Look.', ...details });

export const names = (sent: readonly SentCall[]): string[] => sent.map(({ name }) => name);
