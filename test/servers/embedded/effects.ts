import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Effect } from './faults';
import { whenClosed } from './whenClosed';
import { element, XML_HEAD } from './xml';

/** What happens before a request is worked on; true when nothing more is to be done. */
export async function beforeEffects(
	effects: Effect[],
	message: IncomingMessage,
	response: ServerResponse,
): Promise<boolean> {
	for (const effect of effects) {
		if (effect.kind === 'latency') await sleep(effect.ms);
		if (effect.kind === 'stall') {
			// Without reading, the server would not notice that the client has closed the connection.
			message.resume();
			return true;
		}
		if (effect.kind === 'resetRequest') {
			if (message.headers.expect !== undefined) response.writeContinue();
			resetAfter(message, effect.afterBytes);
			return true;
		}
		if (effect.kind === 'answer') {
			message.resume();
			sendChosen(response, effect);
			return true;
		}
	}
	return false;
}

function resetAfter(message: IncomingMessage, afterBytes: number): void {
	let bytes = 0;
	const reset = () => message.socket.resetAndDestroy();
	if (afterBytes === 0) reset();
	message.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes >= afterBytes) reset();
	});
	message.on('end', reset);
	message.resume();
}

function sendChosen(response: ServerResponse, effect: Extract<Effect, { kind: 'answer' }>): void {
	const {
		status,
		code = 'InternalError',
		message = 'Injected by a test',
		headers = {},
		body,
	} = effect;
	const xml = `${XML_HEAD}<Error>${element('Code', code)}${element('Message', message)}</Error>`;
	const text = response.req.method === 'HEAD' ? '' : (body ?? xml);
	response.writeHead(status, {
		...(body === undefined ? { 'content-type': 'application/xml' } : {}),
		...headers,
		'content-length': String(Buffer.byteLength(text)),
	});
	response.end(text);
}

/** What happens once a request has had its effect; true when its own response is not to be sent. */
export function afterEffects(
	effects: Effect[],
	message: IncomingMessage,
	response: ServerResponse,
): boolean {
	for (const effect of effects) {
		if (effect.kind === 'loseAnswer') {
			message.socket.resetAndDestroy();
			return true;
		}
		if (effect.kind === 'errorIn200') {
			sendChosen(response, { kind: 'answer', status: 200, code: effect.code });
			return true;
		}
	}
	return false;
}

/** Sends the body of a response, or what the effects leave of it. */
export async function sendBody(
	response: ServerResponse,
	body: AsyncIterable<Buffer> | Iterable<Buffer>,
	effects: Effect[],
): Promise<void> {
	let sent = 0;
	for await (const chunk of paced(body, effects)) {
		if (response.destroyed) return;
		const end = limitOf(effects);
		const piece = damaged(effects, chunk.subarray(0, Math.max(0, end - sent)), sent);
		sent += piece.length;
		if (piece.length > 0 && !response.write(piece)) await drained(response);
		if (sent >= end) {
			await breakOff(response, effects);
			return;
		}
	}
	response.end();
}

async function drained(response: ServerResponse): Promise<void> {
	await new Promise<void>((resolve) => {
		const drained = () => {
			stop();
			resolve();
		};
		const stop = whenClosed(response, () => {
			response.off('drain', drained);
			resolve();
		});
		response.once('drain', drained);
	});
}

const limitOf = (effects: Effect[]): number =>
	Math.min(
		Infinity,
		...effects.map((effect) =>
			['resetAnswer', 'truncate', 'stallAnswer'].includes(effect.kind) && 'afterBytes' in effect
				? effect.afterBytes
				: Infinity,
		),
	);

function damaged(effects: Effect[], chunk: Buffer, offset: number): Buffer {
	const effect = effects.find(({ kind }) => kind === 'corrupt');
	if (effect?.kind !== 'corrupt') return chunk;
	const position = effect.offset - offset;
	const byte = chunk[position];
	if (byte === undefined) return chunk;
	const copy = Buffer.from(chunk);
	copy[position] = byte ^ 0xff;
	return copy;
}

/** Gives the body out no quicker than the effects allow. */
async function* paced(
	body: AsyncIterable<Buffer> | Iterable<Buffer>,
	effects: Effect[],
): AsyncGenerator<Buffer> {
	const slow = effects.find((effect) => effect.kind === 'slow');
	for await (const chunk of body) {
		const size = slow === undefined ? chunk.length : Math.ceil(slow.bytesPerSecond / 20);
		for (let at = 0; at < chunk.length; at += size) {
			const piece = chunk.subarray(at, at + size);
			if (slow !== undefined) await sleep((piece.length / slow.bytesPerSecond) * 1000);
			yield piece;
		}
	}
}

/** Lets what was written reach the client first, then ends the connection. */
async function breakOff(response: ServerResponse, effects: Effect[]): Promise<void> {
	response.flushHeaders();
	await new Promise((resolve) => response.write('', resolve));
	if (effects.some(({ kind }) => kind === 'stallAnswer')) return;
	await sleep(20);
	if (effects.some(({ kind }) => kind === 'truncate')) response.socket?.end();
	else response.socket?.resetAndDestroy();
}
