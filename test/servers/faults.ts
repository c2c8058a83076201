import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with one request; asked for by a test, used up by the next request. */
export interface Fault {
	/** Milliseconds before anything is answered. */
	delay?: number;
	/** The connection is broken off without an answer. */
	reset?: boolean;
	/** Answered in place of the service. */
	status?: number;
	headers?: Record<string, string>;
	body?: string;
	/** Changes the service's own answer. */
	edit?: (body: string) => string;
}

/** An answer of a service, before a fault changes it. */
export interface Outgoing {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Answers with what the service says, or with what the fault makes of it. */
export async function answerWith(
	response: ServerResponse,
	answer: Outgoing,
	fault: Fault = {},
): Promise<void> {
	if (fault.delay !== undefined) await sleep(fault.delay, undefined, { ref: false });
	if (fault.reset === true) {
		response.destroy();
		return;
	}
	const replaced = fault.status !== undefined;
	const headers = replaced ? { date: answer.headers.date, ...fault.headers } : answer.headers;
	const body = replaced ? (fault.body ?? '') : (fault.edit ?? String)(answer.body);
	response.sendDate = false;
	response.writeHead(fault.status ?? answer.status, headers);
	response.end(body);
}
