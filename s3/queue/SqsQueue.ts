import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MiB } from '../bytes';
import type { Connection } from '../Connection';
import { clockWarning, TOLERATED_SKEW } from '../errors/clockSkew';
import { isSessionRefused } from '../errors/errorCodes';
import { secretsOf } from '../errors/withoutSecrets';
import type { Agents } from '../http/Agents';
import { CONNECT_TIMEOUT } from '../http/agentsFor';
import { limited } from '../http/readBody';
import { sendRequest } from '../http/sendRequest';
import type { WholeRequest } from '../http/sendRequest';
import { forgetSession, identityFor } from '../identity/identityFor';
import type { Session } from '../identity/Session';
import { signedRequest } from '../identity/signer';
import type { SigningKeys } from '../identity/signer';
import { parseObject } from '../jsonFields';
import type { Fields } from '../jsonFields';
import { JsonMarks } from '../JsonMarks';
import { linkedSignal } from '../retry/linkedSignal';
import { delayWithinBudget, retry } from '../retry/retry';
import { RetryBudget } from '../RetryBudget';
import { S3Failure } from '../S3Failure';
import type { Queue, QueueAction, QueueCall } from './Queue';
import type { QueueAddress } from './queueAddress';
import { failureOfNetwork, failureOfResponse, notOfSqs, purposeOf } from './queueFailures';
import type { QueueAttempt, QueueResponse } from './queueFailures';

type Sdk = typeof import('../sdk');

/** Milliseconds for a response beside the time that the server may wait. */
const RESPONSE_TIMEOUT = 20_000;
/** Bytes: ten messages of 1 MiB of which each character is escaped, and what stands beside them. */
const MAX_RESPONSE = 21 * MiB;
/** Marks of JSON outside of texts, several times as many as of ten messages with all attributes that there are. */
const MOST_MARKS = 10_000;
/** Bytes of a response that is no success. */
const MAX_ERROR = MiB;

/** Sends requests about a queue by the JSON protocol of SQS, signed with the keys of a connection. */
export class SqsQueue implements Queue {
	readonly url: string;
	readonly name: string;
	/** Milliseconds to add to our clock; 0 until it is found wrong. */
	private clockOffset = 0;

	constructor(
		private readonly connection: Connection,
		private readonly address: QueueAddress,
		private readonly sdk: Sdk,
		private readonly agents: Agents,
	) {
		this.url = address.url;
		this.name = address.name;
	}

	async send(action: QueueAction, input: Fields, call: QueueCall): Promise<Fields> {
		const body = JSON.stringify({ QueueUrl: this.url, ...input });
		const budget = RetryBudget.ofCall(call.retryFor);
		const delayAfter = delayWithinBudget(budget);
		return await retry(
			() => this.sendAsOneself(action, body, call),
			// That of a request for a session has been repeated by itself.
			(error, attempts) =>
				error instanceof S3Failure && error.operation !== action
					? undefined
					: delayAfter(error, attempts),
			call.signal,
		);
	}

	/** Sends a request, once more if it was signed by a wrong clock or with a session that is refused. */
	private async sendAsOneself(
		action: QueueAction,
		body: string,
		call: QueueCall,
		isRepeated = false,
	): Promise<Fields> {
		const { clockOffset } = this;
		const keys = await this.keys(call);
		const request = await this.signed(action, body, keys);
		const secrets = [...secretsOf(request.headers), ...(this.agents.proxySecrets ?? [])];
		const proxy = this.agents.proxyTo?.(this.address.endpoint);
		const attempt = { action, address: this.address, proxy, secrets };
		const response = await this.exchange(request, attempt, call);
		if (response.status === 200) return await jsonOf(response, attempt);
		const failure = failureOfResponse(response, attempt);
		const isCorrected =
			this.hasNewClock(response, failure, clockOffset) || this.hasNewSession(failure, keys);
		if (isCorrected && !isRepeated) return await this.sendAsOneself(action, body, call, true);
		throw this.withClockWarning(failure);
	}

	private async keys({ signal, retryFor }: QueueCall): Promise<SigningKeys> {
		const { identity } = this.connection;
		if (identity.kind === 'accessKeys') return identity;
		if (identity.kind === 'httpBasic') {
			throw S3Failure.refused(
				'SQS takes signed requests only, no user name and password',
				'Use a credential with access keys or a role, or Signature Version 4 as Scheme of this one.',
			);
		}
		const { agents, connection } = this;
		return await identityFor(identity, { ...connection, agents })({ signal, retryFor });
	}

	private async signed(
		action: QueueAction,
		body: string,
		keys: SigningKeys,
	): Promise<WholeRequest> {
		const { endpoint, region } = this.address;
		const url = new URL(endpoint);
		const headers = {
			host: url.host,
			'content-type': 'application/x-amz-json-1.0',
			'content-length': String(Buffer.byteLength(body)),
			'x-amz-target': `AmazonSQS.${action}`,
		};
		const request = { method: 'POST', url, headers, body };
		const now = new Date(Date.now() + this.clockOffset);
		return await signedRequest(this.sdk, keys, { service: 'sqs', region }, request, now);
	}

	/** Sends a request once and reads the whole response. */
	private async exchange(
		request: WholeRequest,
		attempt: QueueAttempt,
		{ signal, waiting = 0 }: QueueCall,
	): Promise<QueueResponse> {
		const { signal: abortSignal, abort, unlink } = linkedSignal(signal);
		const timeout = waiting + RESPONSE_TIMEOUT;
		const timer = setTimeout(abort, timeout);
		try {
			const response = await sendRequest(request, this.agents, abortSignal, {
				connect: CONNECT_TIMEOUT,
				response: timeout,
			});
			const { statusCode: status = 0, headers } = response;
			const limit = status === 200 ? MAX_RESPONSE : MAX_ERROR;
			return { status, headers, text: await jsonText(response, limit) };
		} catch (error) {
			if (signal?.aborted === true) {
				throw S3Failure.cancelled(purposeOf(attempt), { operation: attempt.action });
			}
			throw failureOfNetwork(abortSignal.aborted ? { code: 'TimeoutError' } : error, attempt);
		} finally {
			clearTimeout(timer);
			unlink();
		}
	}

	/** Goes by the clock of SQS if a signature was refused that a wrong clock has made. */
	private hasNewClock({ headers }: QueueResponse, failure: S3Failure, used: number): boolean {
		const offset = Date.parse(headers.date ?? '') - Date.now();
		if (!(Math.abs(offset - used) > TOLERATED_SKEW) || failure.kind !== 'credentials') return false;
		this.clockOffset = offset;
		return true;
	}

	/** Lets go of a session that SQS refuses before its end; tells whether there is another one to try. */
	private hasNewSession(failure: S3Failure, keys: SigningKeys): boolean {
		const { identity } = this.connection;
		if (identity.kind === 'accessKeys' || identity.kind === 'httpBasic') return false;
		if (!isSessionRefused(failure.code) && failure.code !== 'InvalidClientTokenId') return false;
		return forgetSession(identity, this.connection, keys as Session);
	}

	private withClockWarning(failure: S3Failure): S3Failure {
		const { clockOffset } = this;
		if (failure.kind !== 'credentials' || Math.abs(clockOffset) < TOLERATED_SKEW) return failure;
		return failure.reworded(failure.message, `${failure.advice} ${clockWarning(clockOffset)}`);
	}
}

/**
 * The text of a response.
 * @returns undefined if it is not UTF-8, or has more to parse than any response of SQS
 */
async function jsonText(response: IncomingMessage, limit: number): Promise<string | undefined> {
	const marks = new JsonMarks(MOST_MARKS);
	const chunks: Buffer[] = [];
	for await (const chunk of limited(response, limit)) {
		if (!marks.areWithin(chunk)) return undefined;
		chunks.push(chunk);
	}
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
	} catch {
		return undefined;
	}
}

async function jsonOf(response: QueueResponse, attempt: QueueAttempt): Promise<Fields> {
	const { text } = response;
	// Reading a long text and parsing it are one piece of work each.
	await nextTurn();
	// Where there is nothing to say, some servers respond with no body.
	const json = text === '' ? {} : parseObject(text ?? '');
	// A page of a proxy, perhaps.
	if (json === undefined) throw notOfSqs(response, attempt);
	return json;
}
