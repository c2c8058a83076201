import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { objectBody } from '../../../../s3/download/bodyStream';

const PIECES = 50;
const PIECE = 100_000;
/** What each byte of a piece is. */
const value = (i: number): number => (i * 7 + 1) % 251;
const content = Buffer.concat(
	Array.from({ length: PIECES }, (_, i) => Buffer.alloc(PIECE, value(i))),
);

let folder: string;
let file: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'body-'));
	file = join(folder, 'file');
});
afterAll(async () => await rm(folder, { recursive: true }));

/** A body whose pieces, where they are lent, all lie in the same memory. */
function bodyOf(failAt = Infinity) {
	const seen = { lent: false, ended: false };
	async function* pieces(): AsyncGenerator<Buffer, void, void> {
		const memory = Buffer.alloc(PIECE);
		try {
			for (let i = 0; i < PIECES; i++) {
				if (i === failAt) throw new Error('broken off');
				const piece = memory.fill(value(i));
				yield seen.lent ? piece : Buffer.from(piece);
				await Promise.resolve();
			}
		} finally {
			seen.ended = true;
		}
	}
	return { body: objectBody(pieces(), () => (seen.lent = true)), seen };
}

const intoFile = async (write: (body: Readable) => Promise<unknown>, body: Readable) => {
	await write(body);
	return await readFile(file);
};

async function collected(body: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of body) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

async function listened(body: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	body.on('data', (chunk: Buffer) => chunks.push(chunk));
	await new Promise((resolve) => body.once('end', resolve));
	return Buffer.concat(chunks);
}

describe('the body of an object', () => {
	it.each<[string, (body: Readable) => Promise<unknown>]>([
		['fs.promises.writeFile', async (body) => await writeFile(file, body)],
		[
			'fs.promises.writeFile with an open file',
			async (body) => {
				const handle = await open(file, 'w');
				await writeFile(handle, body).finally(() => handle.close());
			},
		],
	])('is lent to %s piece by piece', async (_, write) => {
		const { body, seen } = bodyOf();
		expect((await intoFile(write, body)).equals(content)).toBe(true);
		expect(seen).toEqual({ lent: true, ended: true });
		expect(body.destroyed).toBe(true);
	});

	it.each<[string, (body: Readable) => Promise<Buffer>]>([
		['collects it', collected],
		['listens to it', listened],
		['has a library collect it', async (body) => await buffer(body)],
		['takes it as an array', async (body) => Buffer.concat(await body.toArray())],
		[
			'pipes it into a file',
			async (body) =>
				await intoFile(async () => await pipeline(body, createWriteStream(file)), body),
		],
		[
			'has it written to a file through another stream',
			async (body) =>
				await intoFile(async () => await writeFile(file, body.pipe(new PassThrough())), body),
		],
	])('is there to be kept for whoever %s', async (_, read) => {
		const { body, seen } = bodyOf();
		expect((await read(body)).equals(content)).toBe(true);
		expect(seen).toEqual({ lent: false, ended: true });
	});

	it('is there to be kept where somebody makes something else of stacks', async () => {
		const prepare = Error.prepareStackTrace;
		Error.prepareStackTrace = (_, sites) => sites;
		try {
			const { body, seen } = bodyOf();
			expect((await intoFile(async () => await writeFile(file, body), body)).equals(content)).toBe(
				true,
			);
			expect(seen).toEqual({ lent: false, ended: true });
		} finally {
			Error.prepareStackTrace = prepare!;
		}
	});

	it('fails whoever keeps it with the error that it ends with itself', async () => {
		const { body, seen } = bodyOf(20);
		await expect(collected(body)).rejects.toThrow('broken off');
		expect(seen).toEqual({ lent: false, ended: true });
	});

	it.each([
		['', undefined],
		[' with an error', new Error('not wanted')],
	])('lets go of its pieces when it is destroyed%s', async (_, error) => {
		const { body, seen } = bodyOf();
		body.once('data', () => body.destroy(error));
		const failure = await once(body, 'close').catch((reason: unknown) => reason);
		expect(failure).toEqual(error ?? []);
		expect(seen.ended).toBe(true);
	});

	it('fails when it cannot let go of them', async () => {
		async function* pieces(): AsyncGenerator<Buffer, void, void> {
			try {
				yield Buffer.from('a');
				await Promise.resolve();
				yield Buffer.from('b');
			} finally {
				await Promise.reject(new Error('still in use'));
			}
		}
		const body = objectBody(pieces(), undefined);
		body.once('data', () => body.destroy());
		await expect(once(body, 'close')).rejects.toThrow('still in use');
	});

	it('ends a file with the error that it ends with itself', async () => {
		const { body, seen } = bodyOf(20);
		await expect(writeFile(file, body)).rejects.toThrow('broken off');
		expect(seen).toEqual({ lent: true, ended: true });
		expect(body.destroyed).toBe(true);
	});

	it('ends when the file cannot be written', async () => {
		const { body, seen } = bodyOf();
		const readOnly = await open(file, 'r');
		await expect(writeFile(readOnly, body)).rejects.toMatchObject({ code: 'EBADF' });
		await readOnly.close();
		expect(seen).toEqual({ lent: true, ended: true });
		expect(body.destroyed).toBe(true);
	});
});
