import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BodyBuffer } from '../../memory/BodyBuffer';
import { GrowableBuffer } from '../../memory/GrowableBuffer';
import { silence } from '../../retry/bodyChunks';
import { Progress } from '../../retry/Progress';
import type { LeastProgress } from '../../retry/Progress';
import type { OpenSocket } from '../Agents';
import { HEAD_TIMEOUT } from '../guardedAgent';
import type { RangeResponse } from './RangeReader';
import { bodyLength, keptAliveMs, readHead } from './responseHead';
import type { ResponseHead } from './responseHead';

/** Bytes; the head of a range usually has 300 to 900. */
const USUAL_HEAD = 1024;
/** Bytes, as of Node's HTTP client. @see https://nodejs.org/api/cli.html#--max-http-header-sizesize */
const LONGEST_HEAD = 16 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/** Milliseconds, and how much a server has to send. */
export interface Timeouts {
	/** For the connection, with TLS. */
	readonly connect: number;
	/** Without a byte of a response, until its body begins. */
	readonly response: number;
	/** For the whole head of a response, whose bytes may come one by one. */
	readonly head?: number | undefined;
	/** Without a byte of its body. */
	readonly body: number;
	/** What has to come of its body; a server that sends drops would never be silent. */
	readonly least?: LeastProgress | undefined;
	/** Without a request, after which the connection is closed. */
	readonly unused: number;
}

/** A response of which the body is being read. */
interface RunningResponse {
	readonly head: ResponseHead;
	readonly length: number;
	readonly progress: Progress;
	/** When bytes last came. */
	lastAt: number;
}

/** A request that was sent, and what has arrived of its response. */
interface Exchange {
	/** When it was asked for. */
	readonly begun: number;
	readonly body: BodyBuffer;
	/** The response of which the body is being read. */
	response: RunningResponse | undefined;
	settle: (response: RangeResponse) => void;
	fail: (error: Error) => void;
}

/**
 * A connection on which ranges of objects are read, one after the other. The operating system writes their
 * bytes straight into the buffer of each range. A stream would allocate memory twice for every chunk, and
 * in a process as large as n8n the garbage collection of that takes longer than everything else.
 *
 * It reads bodies of HTTP/1.1 responses with status 206 and a Content-Length. Any other response ends it.
 */
export class RangeConnection {
	private isOpen = true;
	private readonly socket: Socket;
	private head = new GrowableBuffer(Buffer.allocUnsafeSlow(USUAL_HEAD));
	private exchange: Exchange | undefined;

	/**
	 * @param open opens the connection
	 * @param secure whether it is one with TLS
	 * @param onEnd is called once, as soon as no further request can be sent
	 */
	constructor(
		open: OpenSocket,
		secure: boolean,
		private readonly timeouts: Timeouts,
		private readonly onEnd: () => void,
	) {
		this.socket = open({
			buffer: () => this.nextMemory(),
			callback: (bytes) => {
				this.onBytes(bytes);
				return true;
			},
		});
		this.socket.setTimeout(timeouts.connect);
		this.socket.once(secure ? 'secureConnect' : 'connect', () => {
			this.socket.setTimeout(timeouts.response);
		});
		this.socket.on('timeout', () => {
			this.end(silence());
		});
		this.socket.on('error', (error) => {
			this.end(error);
		});
		for (const event of ['end', 'close']) {
			this.socket.on(event, () => {
				this.close();
			});
		}
	}

	/**
	 * Sends a request, if none is under way, and reads the body of its response into a buffer.
	 * @param requestHead with the empty line at its end
	 * @throws Error if no response comes; an AbortError if the signal fires before it
	 */
	async read(
		requestHead: string,
		body: BodyBuffer,
		signal: AbortSignal | undefined,
	): Promise<RangeResponse> {
		const abort = () => {
			this.end(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
		};
		signal?.addEventListener('abort', abort, { once: true });
		try {
			return await new Promise((settle, fail) => {
				const begun = performance.now();
				this.exchange = { begun, body, response: undefined, settle, fail };
				if (signal?.aborted === true) abort();
				else this.send(requestHead);
			});
		} finally {
			signal?.removeEventListener('abort', abort);
		}
	}

	/**
	 * Whether another request may be sent on this connection. First it reads what has arrived since the last
	 * response: a response without a request ends the connection, or it would be taken for that to the next
	 * request.
	 */
	async isReusable(): Promise<boolean> {
		// The event loop may be polling right now; between these two it polls once more.
		await nextTurn();
		await nextTurn();
		return this.isOpen;
	}

	close(): void {
		this.end(broken('the connection was closed'));
	}

	private send(requestHead: string): void {
		this.socket.ref();
		if (!this.socket.connecting) this.socket.setTimeout(this.timeouts.response);
		this.socket.write(requestHead, 'latin1');
	}

	private nextMemory(): Buffer {
		const { body, response } = this.exchange ?? {};
		if (body !== undefined && response !== undefined) {
			return body.memory.subarray(body.filled, response.length);
		}
		return this.head.memory.subarray(this.head.length);
	}

	private onBytes(bytes: number): void {
		const { exchange } = this;
		if (exchange === undefined) {
			this.end(broken('the server sent bytes without a request'));
		} else if (exchange.response === undefined) {
			this.head.length += bytes;
			this.onHeadBytes(exchange, bytes);
		} else {
			exchange.body.filled += bytes;
			const isWhole = exchange.body.filled >= exchange.response.length;
			if (!isWhole && hasStalled(exchange.response, bytes)) this.end(silence());
			else this.onBodyBytes(exchange, exchange.response);
		}
	}

	private onHeadBytes(exchange: Exchange, bytes: number): void {
		const { body } = exchange;
		const arrived = this.head.filled();
		const from = Math.max(0, arrived.length - bytes - END_OF_HEAD.length);
		const end = arrived.indexOf(END_OF_HEAD, from);
		if (end === -1 && arrived.length < LONGEST_HEAD) {
			const { head: longest = HEAD_TIMEOUT } = this.timeouts;
			if (performance.now() - exchange.begun > longest) this.end(silence());
			else this.head.makeRoom(1);
			return;
		}
		const isWhole = end !== -1 && end <= LONGEST_HEAD;
		const head = isWhole ? readHead(arrived.toString('latin1', 0, end)) : undefined;
		const length = head?.statusCode === 206 ? bodyLength(head) : undefined;
		if (head === undefined || length === undefined || length > body.memory.length) {
			this.exchange = undefined;
			exchange.settle({ head, isRead: false });
			this.close();
			return;
		}
		const progress = new Progress(this.timeouts.least);
		exchange.response = { head, length, progress, lastAt: performance.now() };
		this.socket.setTimeout(this.timeouts.body);
		const rest = arrived.subarray(end + END_OF_HEAD.length);
		body.filled = rest.copy(body.memory, 0, 0, length);
		this.onBodyBytes(exchange, exchange.response, rest.length > length);
	}

	/** @param isSurplus whether more bytes have arrived than the response has */
	private onBodyBytes(
		{ body, settle }: Exchange,
		{ head, length }: { head: ResponseHead; length: number },
		isSurplus = false,
	): void {
		if (body.filled < length) return;
		this.exchange = undefined;
		// Now, as Node asks for the memory for the next bytes when this returns.
		this.head = new GrowableBuffer(Buffer.allocUnsafeSlow(USUAL_HEAD));
		const unused = Math.min(this.timeouts.unused, keptAliveMs(head));
		if (isSurplus || unused === 0) this.close();
		else this.socket.setTimeout(unused).unref();
		settle({ head, isRead: true });
	}

	/** Ends the connection, and what is under way with this error. */
	private end(error: Error): void {
		if (!this.isOpen) return;
		this.isOpen = false;
		const { exchange } = this;
		this.exchange = undefined;
		this.socket.destroy();
		this.onEnd();
		if (exchange?.response === undefined) {
			exchange?.fail(error);
			return;
		}
		exchange.body.failure = error;
		exchange.settle({ head: exchange.response.head, isRead: true });
	}
}

/** Whether next to nothing comes of a body. @param bytes that have just come */
function hasStalled(response: RunningResponse, bytes: number): boolean {
	const now = performance.now();
	const waited = now - response.lastAt;
	response.lastAt = now;
	return response.progress.isTooLittle(bytes, waited);
}

const broken = (message: string): Error =>
	Object.assign(new Error(message), { code: 'ECONNRESET' });
