import type { Socket } from 'node:net';
import type { OpenSocket } from '../Agents';
import type { RangeResponse } from './RangeReader';

/** Bytes. */
const LONGEST_HEAD = 64 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/** What becomes of the body of one answer. */
export interface RangeBody {
	/** Where its next bytes go. */
	memory(): Buffer;
	/**
	 * They have been put there.
	 * @throws Error where they are none of such a body
	 */
	arrived(bytes: number): void;
	isComplete(): boolean;
	/** It does not go on. Returns whether its beginning is of use to who asked for it. */
	breakOff(error: Error): boolean;
}

/** Begins to take the body of an answer; undefined for one that it does not take. */
export type TakeBody = (answer: RangeResponse) => RangeBody | undefined;

interface Exchange {
	readonly take: TakeBody;
	/** The answer and its body, once the head is complete. */
	taken: { answer: RangeResponse; body: RangeBody } | undefined;
	settle: (outcome: RangeResponse | undefined) => void;
	fail: (error: Error) => void;
}

/** Milliseconds without a byte after which a connection is given up. */
export interface Timeouts {
	readonly connect: number;
	readonly answer: number;
	readonly unused: number;
}

/**
 * A connection for ranges of objects, one after the other. Their bytes go from the
 * system straight into the memory they are for. As chunks of a stream each would be put into two pieces
 * of new memory on the way, and in a process as large as n8n the garbage collector then takes longer than
 * everything else.
 *
 * It takes answers in the form that nearly all have. At any other it ends, and the request is for a real
 * HTTP client to be sent again.
 */
export class RangeConnection {
	/** Whether a further request may be sent. */
	usable = true;
	private readonly socket: Socket;
	private readonly headMemory = Buffer.allocUnsafeSlow(LONGEST_HEAD);
	/** Bytes of a head that have come. */
	private headLength = 0;
	private exchange: Exchange | undefined;

	/** @param open opens the connection */
	constructor(
		open: OpenSocket,
		secure: boolean,
		private readonly timeouts: Timeouts,
	) {
		this.socket = open({
			buffer: () => this.memory(),
			callback: (bytes) => {
				this.arrived(bytes);
				return true;
			},
		});
		this.socket.setTimeout(timeouts.connect);
		this.socket.once(secure ? 'secureConnect' : 'connect', () => {
			this.socket.setTimeout(timeouts.answer);
		});
		this.socket.on('timeout', () => {
			this.end(failure('the server was silent for too long', 'ETIMEDOUT'));
		});
		this.socket.on('error', (error) => {
			this.end(error);
		});
		this.socket.on('close', () => {
			this.end(failure('the connection was closed', 'ECONNRESET'));
		});
	}

	/**
	 * Sends a request and reads the body of its answer.
	 * @param head of the request, with the empty line behind it
	 * @returns undefined for an answer that it does not take
	 * @throws Error when there is no answer, or none that is of use; an AbortError when the signal fires before
	 */
	async get(
		head: string,
		take: TakeBody,
		signal: AbortSignal | undefined,
	): Promise<RangeResponse | undefined> {
		const abort = () => {
			this.end(aborted());
		};
		try {
			return await new Promise((settle, fail) => {
				this.exchange = { take, taken: undefined, settle, fail };
				if (signal?.aborted === true) abort();
				signal?.addEventListener('abort', abort, { once: true });
				this.socket.ref();
				if (!this.socket.connecting) this.socket.setTimeout(this.timeouts.answer);
				this.socket.write(head, 'latin1');
			});
		} finally {
			signal?.removeEventListener('abort', abort);
		}
	}

	/** Where the next bytes go. */
	private memory(): Buffer {
		const body = this.exchange?.taken?.body;
		return body === undefined ? this.headMemory.subarray(this.headLength) : body.memory();
	}

	private arrived(bytes: number): void {
		const { exchange } = this;
		if (exchange === undefined) {
			this.end(failure('the server said something unasked', 'ECONNRESET'));
		} else if (exchange.taken === undefined) {
			this.headLength += bytes;
			this.headArrived(exchange);
		} else this.bodyArrived(exchange, exchange.taken, bytes);
	}

	private headArrived(exchange: Exchange): void {
		const come = this.headMemory.subarray(0, this.headLength);
		const end = come.indexOf(END_OF_HEAD);
		if (end === -1 && come.length < LONGEST_HEAD) return;
		const answer = end === -1 ? undefined : readHead(come.toString('latin1', 0, end));
		const body = answer && exchange.take(answer);
		if (answer === undefined || body === undefined) {
			this.leaveToOthers(exchange);
			return;
		}
		exchange.taken = { answer, body };
		const beginning = come.subarray(end + END_OF_HEAD.length);
		const memory = body.memory();
		if (beginning.length > memory.length) this.leaveToOthers(exchange);
		else this.bodyArrived(exchange, exchange.taken, beginning.copy(memory));
	}

	private bodyArrived(
		exchange: Exchange,
		{ answer, body }: { answer: RangeResponse; body: RangeBody },
		bytes: number,
	): void {
		try {
			body.arrived(bytes);
		} catch {
			this.leaveToOthers(exchange);
			return;
		}
		if (!body.isComplete()) return;
		this.exchange = undefined;
		// Now, for where the next head goes is asked right behind this.
		this.headLength = 0;
		const unused = Math.min(this.timeouts.unused, keptByServer(answer));
		this.usable &&= answer.headers.connection?.toLowerCase() !== 'close' && unused > 0;
		if (this.usable) this.socket.setTimeout(unused).unref();
		else this.socket.destroy();
		exchange.settle(answer);
	}

	/** The answer is for another client, and nothing of it may be taken for the next one. */
	private leaveToOthers(exchange: Exchange): void {
		this.exchange = undefined;
		exchange.settle(undefined);
		this.end(failure('the answer is for another client', undefined));
	}

	/** Ends it for good, and what is under way with this error. */
	private end(error: Error): void {
		const { exchange } = this;
		this.exchange = undefined;
		this.usable = false;
		this.socket.destroy();
		if (exchange === undefined) return;
		const { taken, settle, fail } = exchange;
		if (taken?.body.breakOff(error) === true) settle(taken.answer);
		else fail(error);
	}
}

/** Undefined for anything but the head of a final answer. @see https://www.rfc-editor.org/rfc/rfc9112 */
function readHead(text: string): RangeResponse | undefined {
	const [first = '', ...lines] = text.split('\r\n');
	const status = /^HTTP\/1\.1 ([2-5]\d\d)(?: |$)/.exec(first)?.[1];
	if (status === undefined) return undefined;
	const headers: Record<string, string> = {};
	for (const line of lines) {
		const [, field, value = ''] = /^([!#-'*+.^_`|~\w-]+):[ \t]*(.*)$/.exec(line) ?? [];
		if (field === undefined) return undefined;
		const name = field.toLowerCase();
		const before = headers[name];
		headers[name] = (before === undefined ? '' : `${before}, `) + value.trimEnd();
	}
	return { statusCode: Number(status), headers };
}

/**
 * Milliseconds that a connection may stay unused, by what the server says of it: a little less, or a request
 * could be on its way when the server closes it.
 * @see https://www.rfc-editor.org/rfc/rfc2068#section-19.7.1.1
 */
function keptByServer({ headers }: RangeResponse): number {
	const seconds = /(?:^|[\s,])timeout=(\d+)/i.exec(headers['keep-alive'] ?? '')?.[1];
	return seconds === undefined ? Infinity : 1000 * (Number(seconds) - 1);
}

const failure = (message: string, code: string | undefined): Error =>
	Object.assign(new Error(message), { code });

const aborted = (): Error => Object.assign(new Error('Request aborted'), { name: 'AbortError' });
