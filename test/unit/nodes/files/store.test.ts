import { Readable } from 'node:stream';

import { storeFile } from '../../../../nodes/files/store';
import type { Item } from '../../../../nodes/run/operation';

const MEBIBYTE = 1024 * 1024;

/** An item whose store takes files under IDs that begin with its mode. */
function itemWith(id: string | undefined, bytes?: number) {
	const prepareBinaryData = jest.fn(async (body: unknown, fileName: string, mimeType: string) => {
		if (body instanceof Readable) body.resume();
		return await Promise.resolve({ id, bytes, fileName, mimeType, data: '' });
	});
	const hint = jest.fn();
	const item = { node: { helpers: { prepareBinaryData } }, hint } as unknown as Item;
	return { item, hint, prepareBinaryData };
}

const facts = { fileName: 'a.txt', mimeType: 'text/plain' };

describe('storeFile', () => {
	it.each([
		['a.txt', 'a.txt'],
		['invoices/2026/0815.pdf', '0815.pdf'],
		['C:\\files\\a.txt', 'a.txt'],
		['folder/', 'folder'],
		['a/..', 'a'],
		[' a\u0000b\u0085\n.txt ', 'ab.txt'],
		['invoice\u202Efdp.exe', 'invoicefdp.exe'],
		['a\u2066b\u200Fc\u061Cd.txt', 'abcd.txt'],
		['..', 'file'],
		['', 'file'],
	])('storeFile names the file of the path %j %j', async (path, name) => {
		const { item } = itemWith('filesystem:1');
		const file = await storeFile(item, Readable.from(['x']), { ...facts, fileName: path });
		expect(file.fileName).toBe(name);
	});

	it('storeFile destroys the stream when the store refuses it', async () => {
		const { item, prepareBinaryData } = itemWith('filesystem:1');
		prepareBinaryData.mockRejectedValueOnce(new Error('the disk is full'));
		const body = Readable.from(['x']);
		await expect(storeFile(item, body, facts)).rejects.toThrow('the disk is full');
		expect(body.destroyed).toBe(true);
	});

	it.each([
		['filesystem:1', 16 * MEBIBYTE, undefined],
		['filesystem-v2:1', 16 * MEBIBYTE, undefined],
		['s3:1', 16 * MEBIBYTE, 'in “s3” mode here, which holds each whole file in memory'],
		['database:1', 16 * MEBIBYTE, 'in “database” mode here'],
		['database:1', 16 * MEBIBYTE - 1, undefined],
		[undefined, 16 * MEBIBYTE, 'n8n keeps files in memory here'],
	])('storeFile into the store %p of %d bytes shows the hint %p', async (id, size, words) => {
		for (const known of [true, false]) {
			const { item, hint } = itemWith(id, known ? undefined : size);
			await storeFile(item, Readable.from(['x']), { ...facts, size: known ? size : undefined });
			const hints = hint.mock.calls.flat();
			expect(hints).toEqual(words === undefined ? [] : [expect.stringContaining(words)]);
		}
	});

	const tooLarge =
		'n8n keeps the file “a.txt” in its database, from which it cannot read more than 250 MiB: it has 251 MiB';

	it('storeFile refuses a file that n8n could not read from its database, before it is read', async () => {
		const { item, prepareBinaryData } = itemWith('database:1');
		const body = Readable.from(['x']);
		const read = jest.spyOn(body, 'read');
		const stored = storeFile(item, body, { ...facts, size: 250 * MEBIBYTE + 1 });
		await expect(stored).rejects.toThrow(tooLarge);
		expect(prepareBinaryData.mock.calls.map(([content]) => content)).toEqual([Buffer.alloc(0)]);
		expect(read).not.toHaveBeenCalled();
		expect(body.destroyed).toBe(true);
	});

	it('storeFile refuses a file of unknown size when n8n could not read what its database has stored', async () => {
		const { item } = itemWith('database:1', 250 * MEBIBYTE + 1);
		await expect(storeFile(item, Readable.from(['x']), facts)).rejects.toThrow(tooLarge);
	});

	it.each([
		['database:1', 250 * MEBIBYTE],
		['filesystem-v2:1', 900 * MEBIBYTE],
		['s3:1', 900 * MEBIBYTE],
	])('storeFile into the store %p takes a file of %d bytes', async (id, size) => {
		const { item } = itemWith(id);
		expect(await storeFile(item, Readable.from(['x']), { ...facts, size })).toMatchObject({ id });
	});
});
