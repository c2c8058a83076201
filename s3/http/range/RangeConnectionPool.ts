import { EventEmitter, once } from 'node:events';
import type { BodyBuffer } from '../../memory/BodyBuffer';
import type { Agents, OpenSocket, Origin } from '../Agents';
import { RangeConnection } from './RangeConnection';
import type { Timeouts } from './RangeConnection';
import type { RangeReader, RangeRequest, RangeResponse } from './RangeReader';

/** Connections to one server. */
const MAX_PER_SERVER = 16;
/** Connections to all servers. */
const MAX_CONNECTIONS = 64;

/** Characters that cannot end a line of a request. */
const PRINTABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

interface Pooled {
	/** The server, as text. */
	readonly server: string;
	readonly connection: RangeConnection;
	isUnused: boolean;
}

/**
 * Reads ranges on connections of its own, which are kept for the next ranges of the same server. The HTTP
 * client has to send requests through a proxy, and those to a server that once sent a 206 which is not read
 * here, e.g. in chunks or in HTTP/1.0.
 *
 * A range that would need one connection too many waits for another one to end: the HTTP client would take
 * several times the CPU time for it, of which all connections have only one thread.
 */
export class RangeConnectionPool implements RangeReader {
	/** In the order in which they were opened or last used. */
	private readonly open = new Set<Pooled>();
	/** Servers whose ranges the HTTP client reads. */
	private readonly leftToClient = new Set<string>();
	/** Says `free` when a connection is unused or has ended. */
	private readonly events = new EventEmitter();

	/** @param queryOf writes the query of a request as the SDK does */
	constructor(
		private readonly openSocketTo: NonNullable<Agents['openSocketTo']>,
		private readonly timeouts: Timeouts,
		private readonly queryOf: (query: NonNullable<RangeRequest['query']>) => string,
	) {
		this.events.setMaxListeners(Infinity);
	}

	async readInto(
		request: RangeRequest,
		body: BodyBuffer,
		signal: AbortSignal | undefined,
	): Promise<RangeResponse | undefined> {
		const head = this.headOf(request);
		const origin = originOf(request);
		const openSocket = head === undefined ? undefined : this.openSocketTo(origin);
		if (head === undefined || openSocket === undefined) return undefined;
		const server = JSON.stringify(origin);
		const openNew = () => this.openNew(server, openSocket, origin.secure);
		const pooled = await this.take(server, openNew, signal);
		if (pooled === undefined) return undefined;
		const response = await pooled.connection.read(head, body, signal);
		if (!response.isRead && (response.head?.statusCode ?? 206) === 206) {
			this.leftToClient.add(server);
		}
		this.keep(pooled);
		return response;
	}

	destroy(): void {
		for (const { connection } of this.open) connection.close();
	}

	/**
	 * Takes a connection for one range, an unused one if there is one.
	 * @returns undefined if the HTTP client has to read the ranges of this server
	 * @throws AbortError if the signal fires while it waits for a connection
	 */
	private async take(
		server: string,
		openNew: () => Pooled | undefined,
		signal: AbortSignal | undefined,
	): Promise<Pooled | undefined> {
		while (!this.leftToClient.has(server)) {
			const unused = this.takeUnused(server);
			if (unused !== undefined) {
				if (await unused.connection.isReusable()) return unused;
				continue;
			}
			const opened = openNew();
			if (opened !== undefined) return opened;
			await once(this.events, 'free', signal && { signal });
		}
		return undefined;
	}

	/** The connection to a server that was used last: if fewer are needed, the others are closed in time. */
	private takeUnused(server: string): Pooled | undefined {
		const unused = [...this.open].filter((other) => other.isUnused && other.server === server);
		const pooled = unused.at(-1);
		if (pooled !== undefined) pooled.isUnused = false;
		return pooled;
	}

	/** Undefined if there are too many connections, none of which can be closed. */
	private openNew(server: string, openSocket: OpenSocket, secure: boolean): Pooled | undefined {
		const all = [...this.open];
		if (all.filter((pooled) => pooled.server === server).length >= MAX_PER_SERVER) return undefined;
		if (all.length >= MAX_CONNECTIONS) {
			const longestUnused = all.find((pooled) => pooled.isUnused);
			if (longestUnused === undefined) return undefined;
			longestUnused.connection.close();
		}
		const onEnd = () => {
			this.open.delete(pooled);
			this.events.emit('free');
		};
		const connection = new RangeConnection(openSocket, secure, this.timeouts, onEnd);
		const pooled: Pooled = { server, connection, isUnused: false };
		this.open.add(pooled);
		return pooled;
	}

	/** Keeps a connection for the next range, unless it has ended. */
	private keep(pooled: Pooled): void {
		if (!this.open.delete(pooled)) return;
		pooled.isUnused = true;
		this.open.add(pooled);
		this.events.emit('free');
	}

	/** The head of a GET; undefined for a request that cannot be written as it is. */
	private headOf({ method, path, query, headers }: RangeRequest): string | undefined {
		const search = this.queryOf(query ?? {});
		const target = search === '' ? path : `${path}?${search}`;
		const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
		const lines = [`${method} ${target} HTTP/1.1`, ...fields];
		if (method !== 'GET' || !lines.every((line) => PRINTABLE.test(line))) return undefined;
		return `${lines.join('\r\n')}\r\n\r\n`;
	}
}

function originOf({ protocol, hostname, port }: RangeRequest): Origin {
	const secure = protocol === 'https:';
	return { secure, host: hostname.replace(/^\[|\]$/g, ''), port: port ?? (secure ? 443 : 80) };
}
