import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { bodyStream } from '../../../../s3/download/bodyStream';

const CHUNKS = 50;
const CHUNK_SIZE = 100_000;
const content = Buffer.concat(
	Array.from({ length: CHUNKS }, (_, i) => Buffer.alloc(CHUNK_SIZE, (i * 7 + 1) % 251)),
);

let folder: string;
let file: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'body-'));
	file = join(folder, 'file');
});
afterAll(async () => await rm(folder, { recursive: true }));

/** A body, with what was seen of the generator behind it. */
function bodyOf(failAt = Infinity) {
	const seen = { ended: false, stops: 0 };
	async function* chunks(): AsyncGenerator<Buffer, void, void> {
		try {
			for (let i = 0; i < CHUNKS; i++) {
				if (i === failAt) throw new Error('broken off');
				yield content.subarray(i * CHUNK_SIZE, (i + 1) * CHUNK_SIZE);
				await Promise.resolve();
			}
		} finally {
			seen.ended = true;
		}
	}
	return { body: bodyStream(chunks(), () => (seen.stops += 1)), seen };
}

async function collect(body: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of body) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

async function listen(body: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	body.on('data', (chunk: Buffer) => chunks.push(chunk));
	await once(body, 'end');
	return Buffer.concat(chunks);
}

async function writeTo(body: Readable): Promise<Buffer> {
	await writeFile(file, body);
	return await readFile(file);
}

async function writeToHandle(body: Readable): Promise<Buffer> {
	const handle = await open(file, 'w');
	await writeFile(handle, body).finally(() => handle.close());
	return await readFile(file);
}

async function pipeToFile(body: Readable): Promise<Buffer> {
	await pipeline(body, createWriteStream(file));
	return await readFile(file);
}

async function pipeThrough(body: Readable): Promise<Buffer> {
	const through = new PassThrough();
	const [bytes] = await Promise.all([collect(through), pipeline(body, through)]);
	return bytes;
}

const readers: [string, (body: Readable) => Promise<Buffer>][] = [
	['a loop', collect],
	['a listener', listen],
	['node:stream/consumers', buffer],
	['toArray', async (body) => Buffer.concat(await body.toArray())],
	['fs.promises.writeFile', writeTo],
	['fs.promises.writeFile with an open file', writeToHandle],
	['a pipeline into a file', pipeToFile],
	['a pipeline through another stream', pipeThrough],
];

it.each(readers)('a body gives all its bytes to %s', async (_, read) => {
	const { body, seen } = bodyOf();
	expect((await read(body)).equals(content)).toBe(true);
	expect(body.destroyed).toBe(true);
	expect(seen).toEqual({ ended: true, stops: 1 });
});

it.each(readers)('a body that breaks off fails %s with its error', async (_, read) => {
	const { body, seen } = bodyOf(20);
	await expect(read(body)).rejects.toThrow('broken off');
	expect(body.destroyed).toBe(true);
	expect(seen).toEqual({ ended: true, stops: 1 });
});

it.each(readers)('a body that is destroyed with an error fails %s with it', async (_, read) => {
	const { body, seen } = bodyOf();
	const reading = read(body);
	let chunks = 0;
	const push = body.push.bind(body);
	body.push = (chunk: unknown) => {
		if (++chunks === 5) body.destroy(new Error('not wanted'));
		return push(chunk);
	};
	await expect(reading).rejects.toThrow('not wanted');
	expect(seen).toEqual({ ended: true, stops: 1 });
});

it.each(readers)(
	'a body that is destroyed without an error does not end for %s',
	async (_, read) => {
		const { body, seen } = bodyOf();
		const ended = jest.fn();
		body.once('end', ended);
		const outcome = read(body).then(
			() => 'whole',
			() => 'an error',
		);
		const push = body.push.bind(body);
		body.push = (chunk: unknown) => {
			body.destroy();
			return push(chunk);
		};
		await once(body, 'close');
		// A listener hears of nothing but the close.
		if (read !== listen) expect(await outcome).toBe('an error');
		expect(ended).not.toHaveBeenCalled();
		expect(seen).toEqual({ ended: true, stops: 1 });
	},
);

it('a reader that turns away after the first chunk ends the generator', async () => {
	const { body, seen } = bodyOf();
	for await (const chunk of body) {
		expect(chunk).toHaveLength(CHUNK_SIZE);
		break;
	}
	expect(seen).toEqual({ ended: true, stops: 1 });
});

it('a body that nobody has read starts nothing and can be destroyed', async () => {
	let started = false;
	async function* chunks(): AsyncGenerator<Buffer, void, void> {
		started = true;
		yield await Promise.resolve(Buffer.from('a'));
	}
	let stops = 0;
	const body = bodyStream(chunks(), () => (stops += 1));
	body.destroy();
	await once(body, 'close');
	expect({ started, stops }).toEqual({ started: false, stops: 1 });
});

it('a body is closed as soon as it is destroyed, though its next chunk would never have come', async () => {
	const controller = new AbortController();
	async function* chunks(): AsyncGenerator<Buffer, void, void> {
		yield await Promise.resolve(Buffer.from('a'));
		await new Promise((_, reject) =>
			controller.signal.addEventListener('abort', () => reject(new Error('stopped'))),
		);
	}
	const body = bodyStream(chunks(), () => controller.abort());
	body.once('data', () => setImmediate(() => body.destroy()));
	await expect(once(body, 'close')).resolves.toEqual([]);
});

it('a body fails when its generator cannot be ended', async () => {
	async function* chunks(): AsyncGenerator<Buffer, void, void> {
		try {
			yield Buffer.from('a');
			await Promise.resolve();
			yield Buffer.from('b');
		} finally {
			await Promise.reject(new Error('still in use'));
		}
	}
	const body = bodyStream(chunks(), () => undefined);
	body.once('data', () => body.destroy());
	await expect(once(body, 'close')).rejects.toThrow('still in use');
});

it('a file that cannot be written ends the generator', async () => {
	const { body, seen } = bodyOf();
	await writeFile(file, '');
	const readOnly = await open(file, 'r');
	await expect(writeFile(readOnly, body)).rejects.toMatchObject({ code: 'EBADF' });
	await readOnly.close();
	if (!body.closed) await once(body, 'close');
	expect(seen).toEqual({ ended: true, stops: 1 });
});
