import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import type { IBinaryData } from 'n8n-workflow';

import { fileOf, textSource } from '../../../../nodes/files/source';
import type { Item } from '../../../../nodes/run/operation';
import { rejectionOf } from '../../failureOf';
import { sourceOf } from '../parameters/sourceOf';

/** An item with one file, in whose store n8n may fail. */
function itemWithFile(file: Partial<IBinaryData>, lost?: Error): Item {
	const stored = async <T>(value: T) =>
		await (lost ? Promise.reject(lost) : Promise.resolve(value));
	const helpers = {
		assertBinaryData: () => ({ data: '', mimeType: 'image/png', ...file }),
		getBinaryDataBuffer: async () => await Promise.resolve(Buffer.from('bytes')),
		getBinaryMetadata: async () => await stored({ fileSize: 5 }),
		getBinaryStream: async () => await stored(Readable.from([Buffer.from('bytes')])),
		getBinaryPath: () => '/nowhere/at/all',
	};
	return {
		node: { helpers },
		index: 0,
		hint: jest.fn(),
	} as unknown as Item;
}

const withText = (text: unknown) => ({ ...sourceOf({ text }) }) as Item;

describe('the source of a file', () => {
	it('the source of a file can be opened again and again', async () => {
		const source = await fileOf(itemWithFile({ id: 's3:1' }), 'data');
		expect([source.size, source.contentType]).toEqual([5, 'image/png']);
		const opened = [await source.open(), await source.open()];
		const contents = await Promise.all(opened.map(async (stream) => String(await buffer(stream))));
		expect(contents).toEqual(['bytes', 'bytes']);
	});

	it('the source of a file can be read as a file only in the store that has files', async () => {
		expect((await fileOf(itemWithFile({ id: 's3:1' }), 'data')).openFile).toBeUndefined();
		expect((await fileOf(itemWithFile({ id: 'filesystem-v2:1' }), 'data')).openFile).toBeDefined();
	});

	it('the source of a file that n8n cannot read from its database is refused before it is read', async () => {
		const item = itemWithFile({ id: 'database:1' });
		const getBinaryStream = jest.spyOn(item.node.helpers, 'getBinaryStream');
		item.node.helpers.getBinaryMetadata = async () =>
			await Promise.resolve({ fileSize: 260 * 2 ** 20 });
		expect((await rejectionOf(fileOf(item, 'data'))).message).toContain('more than 250 MiB');
		expect(getBinaryStream).not.toHaveBeenCalled();
	});

	it('the source of a file is bytes when n8n holds the file in the item itself', async () => {
		const source = await fileOf(itemWithFile({}), 'data');
		expect(String(source.bytes)).toBe('bytes');
		expect(String(await buffer(await source.open()))).toBe('bytes');
	});

	it('the source of a file says which file n8n has lost, whenever that is found out', async () => {
		const lost = new Error('ENOENT');
		const message = 'n8n cannot read the file “a.png” of the item from its store';
		const item = itemWithFile({ id: 'filesystem-v2:1', fileName: 'a.png' }, lost);
		const failure = await rejectionOf(fileOf(item, 'data'));
		expect([failure.kind, failure.message, failure.cause]).toEqual(['invalid', message, lost]);

		const kept = itemWithFile({ id: 'filesystem-v2:1', fileName: 'a.png' });
		const source = await fileOf(kept, 'data');
		kept.node.helpers.getBinaryStream = async () => await Promise.reject(lost);
		expect((await rejectionOf(source.open())).message).toBe(message);
		expect((await rejectionOf(source.openFile!())).message).toBe(message);
	});
});

describe('the source of a text', () => {
	it.each<[unknown, string, string, string?]>([
		['Grüße', 'Grüße', 'text/plain; charset=utf-8'],
		['{}', '{}', 'application/json', 'a/x.json'],
		['<p>', '<p>', 'text/html; charset=utf-8', 'a/x.html'],
		['text', 'text', 'text/plain; charset=utf-8', 'a/photo.png'],
		['', '', 'text/plain; charset=utf-8'],
		[5, '5', 'text/plain; charset=utf-8'],
		[null, '', 'text/plain; charset=utf-8'],
		[{ a: 1 }, '{"a":1}', 'application/json'],
		[['a'], '["a"]', 'application/json'],
	])('the text %j is stored as %j with the type %s', async (value, text, type, key = 'key') => {
		const source = textSource(withText(value), key);
		expect([String(source.bytes), source.contentType]).toEqual([text, type]);
		expect(source.size).toBe(Buffer.byteLength(text));
		expect(String(await buffer(await source.open()))).toBe(text);
	});
});
