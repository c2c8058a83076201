import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with one request: a test asks for it, the next request meets it. */
export interface Fault {
	/** Milliseconds before the response. */
	delay?: number;
	/** The connection is closed without a response. */
	reset?: boolean;
	/** Sent in place of the service's own response. */
	status?: number;
	headers?: Record<string, string>;
	body?: string;
	/** Changes the body of the service's own response. */
	edit?: (body: string) => string;
}

/** A response of a service, before a fault changes it. */
export interface Outgoing {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Sends the service's response, or what the fault makes of it. */
export async function respond(
	response: ServerResponse,
	outgoing: Outgoing,
	fault: Fault = {},
): Promise<void> {
	if (fault.delay !== undefined) await sleep(fault.delay, undefined, { ref: false });
	if (fault.reset === true) {
		response.destroy();
		return;
	}
	const replaced = fault.status !== undefined;
	const headers = replaced ? { date: outgoing.headers.date, ...fault.headers } : outgoing.headers;
	const body = replaced ? (fault.body ?? '') : (fault.edit ?? String)(outgoing.body);
	response.sendDate = false;
	response.writeHead(fault.status ?? outgoing.status, headers);
	response.end(body);
}
