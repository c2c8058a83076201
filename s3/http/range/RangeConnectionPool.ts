import type { BodyBuffer } from '../../memory/BodyBuffer';
import type { Agents, Origin } from '../Agents';
import { partInto } from './bodySinks';
import { RangeConnection } from './RangeConnection';
import type { Timeouts } from './RangeConnection';
import type { RangeReader, RangeRequest, RangeResponse } from './RangeReader';

/** Printable, so that nobody could end a line with it. */
const PLAIN = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The connections on which ranges of large objects are read; those that are unused wait for the next. */
export class RangeConnectionPool implements RangeReader {
	private readonly unused = new Map<string, RangeConnection[]>();

	/** @param queryOf writes the query of a request as the SDK does */
	constructor(
		private readonly openSocketTo: NonNullable<Agents['openSocketTo']>,
		private readonly timeouts: Timeouts,
		private readonly queryOf: (query: NonNullable<RangeRequest['query']>) => string,
	) {}

	takes(request: RangeRequest): boolean {
		return this.headOf(request) !== undefined && this.openSocketTo(originOf(request)) !== undefined;
	}

	async readInto(
		request: RangeRequest,
		body: BodyBuffer,
		signal: AbortSignal | undefined,
	): Promise<RangeResponse | undefined> {
		const head = this.headOf(request);
		const to = originOf(request);
		const open = this.openSocketTo(to);
		if (head === undefined || open === undefined) return undefined;
		const id = JSON.stringify(to);
		const connection = this.takeUnused(id) ?? new RangeConnection(open, to.secure, this.timeouts);
		const response = await connection.get(head, partInto(body), signal);
		if (connection.usable) this.unused.set(id, [...(this.unused.get(id) ?? []), connection]);
		return response;
	}

	private takeUnused(id: string): RangeConnection | undefined {
		const usable = (this.unused.get(id) ?? []).filter((connection) => connection.usable);
		const found = usable.pop();
		this.unused.set(id, usable);
		return found;
	}

	/** The head of a request without a body; undefined for one that cannot be written as it is. */
	private headOf({ method, path, query, headers }: RangeRequest): string | undefined {
		const search = this.queryOf(query ?? {});
		const target = search === '' ? path : `${path}?${search}`;
		const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
		const lines = [`${method} ${target} HTTP/1.1`, ...fields];
		if (method !== 'GET' || !lines.every((line) => PLAIN.test(line))) return undefined;
		return `${lines.join('\r\n')}\r\n\r\n`;
	}
}

function originOf({ protocol, hostname, port }: RangeRequest): Origin {
	const secure = protocol === 'https:';
	return { secure, host: hostname.replace(/^\[|\]$/g, ''), port: port ?? (secure ? 443 : 80) };
}
