import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { canonicalRequest, hmac, sha256, signingKey, stringToSign } from '../embedded/signature';
import { respond } from '../faults';
import type { Fault, Outgoing } from '../faults';
import { listen } from '../listen';
import { SqsError } from './SqsError';
import { StoredQueue } from './StoredQueue';
import type { QueueSettings, StoredMessage } from './StoredQueue';

/** A user whose keys SQS knows. */
export interface SqsUser {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string;
	/** Actions that the user may not call. */
	readonly denied?: Set<string>;
}

export interface SqsOptions {
	readonly users: readonly SqsUser[];
	readonly queues: readonly QueueSettings[];
	/** `eu-central-1` unless given. */
	readonly region?: string;
	/** Key and certificate, for TLS. */
	readonly tls?: { readonly key: string; readonly cert: string };
}

/** A request that was understood. */
interface SqsRequest {
	readonly action: string;
	readonly input: Readonly<Record<string, unknown>>;
}

export interface SqsServer {
	readonly endpoint: string;
	readonly region: string;
	/** In their order, also those that are refused. */
	readonly requests: SqsRequest[];
	/** For the next requests of an action, one each. */
	readonly faults: Array<Fault & { readonly action: string }>;
	/** Milliseconds that the clock of the server is ahead. */
	readonly clock: { offset: number };
	urlOf(queue: string): string;
	/** Puts a message into a queue; what is no text becomes JSON. */
	send(queue: string, body: unknown): StoredMessage;
	messagesIn(queue: string): readonly StoredMessage[];
	/** IDs of the messages that were deleted from a queue. */
	deletedFrom(queue: string): readonly string[];
	/** Takes all messages out of all queues. */
	clear(): void;
	/** Lets time go by for the server. */
	advance(ms: number): void;
	stop(): Promise<void>;
}

const ACCOUNT = '123456789012';
/** Milliseconds; SQS refuses signatures that are further off. */
const MAX_SKEW = 15 * 60_000;

/** The fields of a call, with what they may be. */
const CALLS: Readonly<Record<string, Readonly<Record<string, (value: unknown) => boolean>>>> = {
	ReceiveMessage: {
		MaxNumberOfMessages: (value) => isInteger(value, 1, 10),
		WaitTimeSeconds: (value) => isInteger(value, 0, 20),
		VisibilityTimeout: (value) => isInteger(value, 0, 43_200),
		AttributeNames: (value) => Array.isArray(value),
		MessageSystemAttributeNames: (value) => Array.isArray(value),
	},
	DeleteMessage: { ReceiptHandle: isText },
	ChangeMessageVisibility: {
		ReceiptHandle: isText,
		VisibilityTimeout: (value) => isInteger(value, 0, 43_200),
	},
};

const isInteger = (value: unknown, min: number, max: number): boolean =>
	Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

function isText(value: unknown): boolean {
	return typeof value === 'string' && value !== '';
}

/**
 * Starts an SQS on loopback that is stricter than that of AWS: it knows the JSON protocol alone, checks signatures and
 * each field, and a receipt handle is worth nothing as soon as its message can be received again. As with AWS, a
 * receive whose client is gone still takes messages.
 */
export async function startSqs(options: SqsOptions): Promise<SqsServer> {
	const service = new Sqs(options);
	const handle = (request: IncomingMessage, response: ServerResponse) =>
		service.handle(request, response);
	return Object.assign(service, await listen(handle, options.tls));
}

class Sqs implements SqsServer {
	endpoint = '';
	stop: () => Promise<void> = () => Promise.resolve();
	readonly clock = { offset: 0 };
	readonly region: string;
	readonly requests: SqsRequest[] = [];
	readonly faults: Array<Fault & { readonly action: string }> = [];
	private readonly queues: Map<string, StoredQueue>;

	constructor(private readonly options: SqsOptions) {
		this.region = options.region ?? 'eu-central-1';
		const moveTo = (queue: string, body: string) => void this.send(queue, body);
		this.queues = new Map(
			options.queues.map((settings) => [
				settings.name,
				new StoredQueue(settings, () => this.now(), moveTo),
			]),
		);
	}

	readonly urlOf = (queue: string): string => `${this.endpoint}/${ACCOUNT}/${queue}`;

	readonly send = (queue: string, body: unknown): StoredMessage =>
		this.queue(queue).add(typeof body === 'string' ? body : JSON.stringify(body));

	readonly messagesIn = (queue: string): readonly StoredMessage[] => this.queue(queue).messages;

	readonly deletedFrom = (queue: string): readonly string[] => this.queue(queue).deleted;

	readonly clear = (): void => {
		for (const queue of this.queues.values()) queue.clear();
	};

	readonly advance = (ms: number): void => {
		this.clock.offset += ms;
		for (const queue of this.queues.values()) queue.wake();
	};

	async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await text(request);
		const action = /^AmazonSQS\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
		const at = this.faults.findIndex((fault) => fault.action === action);
		const [fault] = at === -1 ? [] : this.faults.splice(at, 1);
		// A request that is slow on its way is done late.
		if (fault?.delay !== undefined) await sleep(fault.delay, undefined, { ref: false });
		// What meets a fault that replaces the response was not done.
		const isReplaced = fault?.status !== undefined;
		const outgoing = isReplaced
			? this.outgoing(200, {})
			: await this.responseTo(request, action, body);
		await respond(response, outgoing, { ...fault, delay: 0 });
	}

	private now(): number {
		return Date.now() + this.clock.offset;
	}

	private queue(name: string): StoredQueue {
		const queue = this.queues.get(name);
		if (queue === undefined) throw new Error(`there is no queue ${name}`);
		return queue;
	}

	private async responseTo(
		request: IncomingMessage,
		action: string,
		body: string,
	): Promise<Outgoing> {
		try {
			const user = this.verify(request, body);
			const input = this.inputOf(request, action, body);
			this.requests.push({ action, input });
			const queue = this.queueOf(input);
			if (user.denied?.has(action) === true) {
				throw new SqsError(
					'AccessDeniedException',
					`User: arn:aws:iam::${ACCOUNT}:user/someone is not authorized to perform: sqs:${action.toLowerCase()} on resource: arn:aws:sqs:${this.region}:${ACCOUNT}:${queue.settings.name} because no identity-based policy allows the sqs:${action.toLowerCase()} action`,
				);
			}
			return this.outgoing(200, await this.perform(action, queue, input));
		} catch (error) {
			if (!(error instanceof SqsError)) throw error;
			const { status, code, message } = error;
			return this.outgoing(status, { __type: `com.amazonaws.sqs#${code}`, message });
		}
	}

	private async perform(
		action: string,
		queue: StoredQueue,
		input: Readonly<Record<string, unknown>>,
	): Promise<object> {
		const { ReceiptHandle: handle, VisibilityTimeout: seconds } = input;
		if (action === 'DeleteMessage') queue.delete(handle as string);
		if (action === 'ChangeMessageVisibility')
			queue.hide(handle as string, 1000 * (seconds as number));
		if (action !== 'ReceiveMessage') return {};
		const { MaxNumberOfMessages: max = 1, WaitTimeSeconds: wait = 0 } = input;
		const found = await queue.receive(
			max as number,
			1000 * (wait as number),
			1000 * ((seconds as number | undefined) ?? 30),
		);
		const names = [input.AttributeNames, input.MessageSystemAttributeNames].flat();
		const withCount = names.includes('ApproximateReceiveCount') || names.includes('All');
		if (found.length === 0) return {};
		return {
			Messages: found.map(({ id, body, receiptHandle, receiveCount }) => ({
				MessageId: id,
				ReceiptHandle: receiptHandle,
				Body: body,
				...(withCount && { Attributes: { ApproximateReceiveCount: String(receiveCount) } }),
			})),
		};
	}

	private outgoing(status: number, json: object): Outgoing {
		return {
			status,
			headers: {
				'content-type': 'application/x-amz-json-1.0',
				'x-amzn-requestid': randomUUID(),
				date: new Date(this.now()).toUTCString(),
			},
			body: JSON.stringify(json),
		};
	}

	private inputOf(
		{ method, url, headers }: IncomingMessage,
		action: string,
		body: string,
	): Record<string, unknown> {
		const fields = CALLS[action];
		if (method !== 'POST' || url !== '/' || fields === undefined) {
			throw new SqsError(
				'UnknownOperationException',
				`${method ?? ''} ${url ?? ''} ${action}`,
				404,
			);
		}
		if (headers['content-type'] !== 'application/x-amz-json-1.0') {
			throw new SqsError('SerializationException', 'The content type is wrong');
		}
		const input = JSON.parse(body) as Record<string, unknown>;
		for (const [name, value] of Object.entries(input)) {
			if (name === 'QueueUrl') continue;
			if (fields[name]?.(value) !== true) {
				throw new SqsError(
					'InvalidParameterValue',
					`Value ${String(value)} for ${name} is invalid`,
				);
			}
		}
		return input;
	}

	private queueOf({ QueueUrl: url }: Readonly<Record<string, unknown>>): StoredQueue {
		const queue = [...this.queues.values()].find(
			({ settings }) => url === this.urlOf(settings.name),
		);
		if (queue === undefined) {
			throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
		}
		return queue;
	}

	/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
	private verify({ headers, method = '', url = '' }: IncomingMessage, body: string): SqsUser {
		const [, accessKeyId = '', scope = '', signedNames = '', signature] =
			/^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^/]+\/sqs\/aws4_request), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
				headers.authorization ?? '',
			) ?? [];
		const user = this.options.users.find((known) => known.accessKeyId === accessKeyId);
		if (user === undefined || scope.split('/')[1] !== this.region) {
			throw new SqsError(
				'InvalidClientTokenId',
				'The security token included in the request is invalid.',
				403,
			);
		}
		const signedHeaders = signedNames.split(';');
		const canonical = canonicalRequest({
			method,
			rawPath: url,
			query: [],
			headers: headers as Record<string, string>,
			signedHeaders,
			payload: sha256(Buffer.from(body)),
		});
		const date = String(headers['x-amz-date']);
		const toSign = stringToSign(date, scope, canonical);
		const right = hmac(signingKey(user.secretAccessKey, scope), toSign).toString('hex');
		const isSigned = ['host', 'x-amz-target', 'x-amz-date'].every((name) =>
			signedHeaders.includes(name),
		);
		if (right !== signature || !isSigned) {
			throw new SqsError(
				'SignatureDoesNotMatch',
				`The request signature we calculated does not match. The Canonical String was '${canonical}'`,
				403,
			);
		}
		this.checkDate(date);
		if (headers['x-amz-security-token'] !== user.sessionToken) {
			throw new SqsError(
				'ExpiredToken',
				'The security token included in the request is expired',
				403,
			);
		}
		return user;
	}

	private checkDate(date: string): void {
		const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
		const off = Date.parse(iso) - this.now();
		if (Math.abs(off) < MAX_SKEW) return;
		const words = off > 0 ? 'Signature not yet current' : 'Signature expired';
		throw new SqsError('SignatureDoesNotMatch', `${words}: ${date} is off`, 403);
	}
}
