import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyChunks } from '../../../../s3/retry/bodyChunks';

const TIMEOUT = 50;

/** A body of which these chunks come, and then nothing more. */
const silentAfter = (...chunks: string[]) => {
	const body = new Readable({ read: () => undefined });
	for (const chunk of chunks) body.push(Buffer.from(chunk));
	return body;
};

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
	let text = '';
	for await (const chunk of chunks) text += chunk.toString();
	return text;
}

it('a body is passed on to its end, after which nothing waits for it', async () => {
	const { signal } = new AbortController();
	const left = jest.spyOn(signal, 'removeEventListener');
	const body = Readable.from([Buffer.from('he'), Buffer.from('llo')]);
	expect(await textOf(bodyChunks(body, signal, TIMEOUT))).toBe('hello');
	expect(left).toHaveBeenCalledWith('abort', expect.any(Function));
});

it('a body of which no byte comes any more is destroyed after the timeout', async () => {
	const body = silentAfter('hello');
	const chunks = bodyChunks(body, undefined, TIMEOUT);
	expect((await chunks.next()).value?.toString()).toBe('hello');
	await expect(chunks.next()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	expect(body.destroyed).toBe(true);
});

it('a body is not given up while its reader takes its time', async () => {
	const body = Readable.from([Buffer.from('he'), Buffer.from('llo')]);
	const chunks = bodyChunks(body, undefined, TIMEOUT);
	await chunks.next();
	await sleep(3 * TIMEOUT);
	expect((await chunks.next()).value?.toString()).toBe('llo');
});

/** A body that never ends, of which a byte comes every few milliseconds. */
function drops(): Readable {
	const body = new Readable({ read: () => undefined });
	const timer = setInterval(() => body.push('x'), 5);
	return body.once('close', () => clearInterval(timer));
}

it('a body that comes in drops is destroyed, as silence never ends it', async () => {
	const body = drops();
	const chunks = bodyChunks(body, undefined, 20_000, { bytes: 1000, within: 100 });
	await expect(textOf(chunks)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	expect(body.destroyed).toBe(true);
});

it('a body that comes slowly is read as long as enough comes, and while its reader takes its time', async () => {
	const body = drops();
	let read = 0;
	for await (const { length } of bodyChunks(body, undefined, 20_000, { bytes: 2, within: 100 })) {
		read += length;
		if (read === 10) await sleep(300);
		if (read > 50) break;
	}
	expect(read).toBeGreaterThan(50);
});

it('a body is destroyed at once when the signal fires, before or while it is read', async () => {
	const controller = new AbortController();
	const body = silentAfter();
	const failed = expect(textOf(bodyChunks(body, controller.signal))).rejects;
	controller.abort();
	expect(body.destroyed).toBe(true);
	await failed.toMatchObject({ name: 'AbortError' });
	const late = silentAfter('hello');
	await expect(textOf(bodyChunks(late, controller.signal))).rejects.toThrow('Reading was stopped');
	expect(late.destroyed).toBe(true);
});
