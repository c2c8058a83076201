import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request as it came over the wire. */
export interface Received {
	readonly method: string;
	/** With the query, if there is one. */
	readonly path: string;
	/** Names and values in turn, as sent. */
	readonly rawHeaders: readonly string[];
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

export async function receive(message: IncomingMessage): Promise<Received> {
	const body = await buffer(message);
	const headers = Object.fromEntries(
		Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
	);
	const { method = '', url: path = '', rawHeaders } = message;
	return { method, path, rawHeaders, headers, body };
}
