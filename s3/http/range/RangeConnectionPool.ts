import { Readable } from 'node:stream';
import type { Agents, Origin } from '../Agents';
import type { Destination } from '../../memory/BodyBuffer';
import { pageInto, partInto } from './bodySinks';
import { DirectConnection } from './RangeConnection';
import type { DirectAnswer, TakeBody, Timeouts } from './RangeConnection';
import { newPage } from '../../memory/PageBuffer';
import type { PageMemory } from '../../memory/PageBuffer';

/** A signed request as the SDK has it. */
export interface DirectRequest {
	readonly method: string;
	/** With the colon. */
	readonly protocol: string;
	readonly hostname: string;
	readonly port?: number | undefined;
	/** With the query. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
}

type Send = (take: TakeBody, signal: AbortSignal | undefined) => Promise<DirectAnswer | undefined>;

/**
 * Sends a request and reads the body of its answer into memory.
 * @returns undefined for an answer that a real HTTP client has to read
 * @throws as `DirectConnection.get`
 */
type SendFor<Answer> = (signal: AbortSignal | undefined) => Promise<Answer | undefined>;

/** An answer whose body was read, that of an error as a stream. */
export interface PageAnswer extends DirectAnswer {
	readonly body: PageMemory | Readable;
}

/** Printable, so that nobody could end a line with it. */
const PLAIN = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The connections on which the parts of large objects and the pages of listings are read; those that are
 * unused wait for the next.
 */
export class DirectConnections {
	private readonly unused = new Map<string, DirectConnection[]>();

	constructor(
		private readonly directTo: NonNullable<Agents['directTo']>,
		private readonly timeouts: Timeouts,
	) {}

	/**
	 * How a request for a part is sent; undefined where that takes a real HTTP client: behind a proxy,
	 * and for any request but a plain GET.
	 */
	partSenderOf(request: DirectRequest, to: Destination): SendFor<DirectAnswer> | undefined {
		const send = this.senderOf(request);
		return send && (async (signal) => await send(partInto(to), signal));
	}

	/** How a request for a page is sent; undefined as with `partSenderOf`. */
	pageSenderOf(request: DirectRequest): SendFor<PageAnswer> | undefined {
		const send = this.senderOf(request);
		return send && (async (signal) => await readPageWith(send, signal));
	}

	private senderOf(request: DirectRequest): Send | undefined {
		const head = headOf(request);
		const to = originOf(request);
		const open = this.directTo(to);
		if (head === undefined || open === undefined) return undefined;
		const id = JSON.stringify(to);
		return async (take, signal) => {
			const connection =
				this.takeUnused(id) ?? new DirectConnection(open, to.secure, this.timeouts);
			const answer = await connection.get(head, take, signal);
			if (connection.usable) {
				this.unused.set(id, [...(this.unused.get(id) ?? []), connection]);
			}
			return answer;
		};
	}

	private takeUnused(id: string): DirectConnection | undefined {
		const usable = (this.unused.get(id) ?? []).filter((connection) => connection.usable);
		const found = usable.pop();
		this.unused.set(id, usable);
		return found;
	}
}

async function readPageWith(
	send: Send,
	signal: AbortSignal | undefined,
): Promise<PageAnswer | undefined> {
	const page = newPage();
	let answer: DirectAnswer | undefined;
	try {
		answer = await send(pageInto(page), signal);
		return answer && { ...answer, body: answer.statusCode < 300 ? page : errorIn(page) };
	} finally {
		if (answer === undefined) page.giveBack();
	}
}

function errorIn(page: PageMemory): Readable {
	const error = Readable.from([Buffer.from(page.bytes())]);
	page.giveBack();
	return error;
}

function originOf({ protocol, hostname, port }: DirectRequest): Origin {
	const secure = protocol === 'https:';
	return { secure, host: hostname.replace(/^\[|\]$/g, ''), port: port ?? (secure ? 443 : 80) };
}

/** The head of a request without a body; undefined for one that cannot be written as it is. */
function headOf({ method, path, headers }: DirectRequest): string | undefined {
	const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
	const lines = [`${method} ${path} HTTP/1.1`, ...fields];
	if (method !== 'GET' || !lines.every((line) => PLAIN.test(line))) return undefined;
	return `${lines.join('\r\n')}\r\n\r\n`;
}
