import type { Agents, Origin } from './Agents';
import type { Destination } from './Destination';
import { DirectConnection } from './DirectConnection';
import type { DirectAnswer, Timeouts } from './DirectConnection';

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

/**
 * Sends a request and reads the body of its answer into memory.
 * @returns undefined for any answer but a part of known length, which a real HTTP client has to read
 * @throws as `DirectConnection.get`
 */
type Send = (
	destination: Destination,
	signal: AbortSignal | undefined,
) => Promise<DirectAnswer | undefined>;

/** Printable, so that nobody could end a line with it. */
const PLAIN = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The connections on which the parts of large objects are read; those that are unused wait for the next. */
export class DirectConnections {
	private readonly unused = new Map<string, DirectConnection[]>();

	constructor(
		private readonly directTo: NonNullable<Agents['directTo']>,
		private readonly timeouts: Timeouts,
	) {}

	/**
	 * How a request is sent; undefined where that takes a real HTTP client: behind a proxy, and for
	 * any request but a plain GET.
	 */
	senderOf(request: DirectRequest): Send | undefined {
		const head = headOf(request);
		const to = originOf(request);
		const open = this.directTo(to);
		if (head === undefined || open === undefined) return undefined;
		const id = JSON.stringify(to);
		return async (destination, signal) => {
			const connection =
				this.takeUnused(id) ?? new DirectConnection(open, to.secure, this.timeouts);
			const answer = await connection.get(head, destination, signal);
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
