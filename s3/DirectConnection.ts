import type { Socket } from 'node:net';
import type { OpenSocket } from './Agents';
import type { Destination } from './Destination';

/** Bytes. */
const LONGEST_HEAD = 64 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/** The head of an answer. */
export interface DirectAnswer {
	readonly statusCode: number;
	/** Names in lower case. */
	readonly headers: Record<string, string>;
}

interface Exchange {
	readonly destination: Destination;
	/** The head, as far as it has come. */
	head: string;
	/** The answer and the bytes of its body, once the head is complete. */
	body: { answer: DirectAnswer; length: number } | undefined;
	settle: (outcome: DirectAnswer | undefined) => void;
	fail: (error: Error) => void;
}

/** Milliseconds without a byte after which a connection is given up. */
export interface Timeouts {
	readonly connect: number;
	readonly answer: number;
	readonly unused: number;
}

/**
 * A connection for parts of objects, one after the other. Their bytes go from the system straight into
 * the memory they are for. As chunks of a stream each would be put into two pieces of new memory on the
 * way, and in a process as large as n8n the garbage collector then takes longer than everything else.
 *
 * It takes one kind of answer, which nearly all are: status 206 with a length. At any other it ends, and
 * the request is for a real HTTP client to be sent again.
 */
export class DirectConnection {
	/** Whether a further request may be sent. */
	usable = true;
	private readonly socket: Socket;
	private readonly headMemory = Buffer.allocUnsafeSlow(LONGEST_HEAD);
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
	 * Sends a request and reads the body of its answer. When the connection breaks within the body, the
	 * destination says so.
	 * @param head of the request, with the empty line behind it
	 * @returns undefined for an answer that it does not take
	 * @throws Error when there is no answer; an AbortError when the signal fires before
	 */
	async get(
		head: string,
		destination: Destination,
		signal: AbortSignal | undefined,
	): Promise<DirectAnswer | undefined> {
		const abort = () => {
			this.end(aborted());
		};
		try {
			return await new Promise((settle, fail) => {
				this.exchange = { destination, head: '', body: undefined, settle, fail };
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
		const { destination, body } = this.exchange ?? {};
		return destination === undefined || body === undefined
			? this.headMemory
			: destination.memory.subarray(destination.filled, body.length);
	}

	private arrived(bytes: number): void {
		const { exchange } = this;
		if (exchange === undefined)
			this.end(failure('the server said something unasked', 'ECONNRESET'));
		else if (exchange.body === undefined) this.headArrived(exchange, bytes);
		else {
			exchange.destination.filled += bytes;
			this.settleIfComplete(exchange);
		}
	}

	private headArrived(exchange: Exchange, bytes: number): void {
		exchange.head += this.headMemory.toString('latin1', 0, bytes);
		const end = exchange.head.indexOf(END_OF_HEAD);
		if (end === -1 && exchange.head.length < LONGEST_HEAD) return;
		const answer = end === -1 ? undefined : readHead(exchange.head.slice(0, end));
		const length = answer && lengthOf(answer);
		const body = exchange.head.slice(end + END_OF_HEAD.length);
		const { destination } = exchange;
		if (
			answer === undefined ||
			length === undefined ||
			length > destination.memory.length ||
			body.length > length
		) {
			this.exchange = undefined;
			exchange.settle(undefined);
			this.end(failure('the answer is for another client', undefined));
			return;
		}
		exchange.body = { answer, length };
		destination.filled = destination.memory.write(body, 'latin1');
		this.settleIfComplete(exchange);
	}

	private settleIfComplete({ destination, body, settle }: Exchange): void {
		if (body === undefined || destination.filled < body.length) return;
		this.exchange = undefined;
		this.usable &&= body.answer.headers.connection?.toLowerCase() !== 'close';
		this.socket.setTimeout(this.timeouts.unused);
		this.socket.unref();
		settle(body.answer);
		if (!this.usable) this.socket.destroy();
	}

	/** Ends it for good, and what is under way with this error. */
	private end(error: Error): void {
		const { exchange } = this;
		this.exchange = undefined;
		this.usable = false;
		this.socket.destroy();
		if (exchange === undefined) return;
		const { destination, body, settle, fail } = exchange;
		if (body === undefined) fail(error);
		else {
			destination.failure = error;
			settle(body.answer);
		}
	}
}

/** Undefined for anything but the head of a final answer. @see https://www.rfc-editor.org/rfc/rfc9112 */
function readHead(text: string): DirectAnswer | undefined {
	const [first = '', ...lines] = text.split('\r\n');
	const status = /^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1];
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

/** The bytes of a body that is part of an object; undefined where that cannot be known from the head. */
function lengthOf({ statusCode, headers }: DirectAnswer): number | undefined {
	const length = headers['content-length'] ?? '';
	const plain = statusCode === 206 && headers['transfer-encoding'] === undefined;
	return plain && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

const failure = (message: string, code: string | undefined): Error =>
	Object.assign(new Error(message), { code });

const aborted = (): Error => Object.assign(new Error('Request aborted'), { name: 'AbortError' });
