import { Readable } from 'node:stream';
import { SourceReader } from '../../../../s3/upload/SourceReader';

/** A reader of a source that gives these chunks; counts how often it is opened. */
function readerOf(...chunks: string[]) {
	const opened: Readable[] = [];
	const open = () => {
		const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
		opened.push(stream);
		return Promise.resolve(stream);
	};
	return { reader: new SourceReader({ bucket: 'b', key: 'k', source: { open } }), opened };
}

async function read(reader: SourceReader, offset: number, length: number): Promise<string[]> {
	const chunks = [];
	for await (const chunk of reader.read(offset, length)) chunks.push(chunk.toString());
	return chunks;
}

describe('reading a source piece by piece', () => {
	it('goes on in one stream, and opens another only to go back', async () => {
		const { reader, opened } = readerOf('abc', 'defg', 'hi');
		expect(await read(reader, 0, 2)).toEqual(['ab']);
		expect(await read(reader, 2, 4)).toEqual(['c', 'def']);
		expect(await read(reader, 7, 1)).toEqual(['h']);
		expect(opened).toHaveLength(1);
		expect(await read(reader, 1, 3)).toEqual(['bc', 'd']);
		expect(opened.map(({ destroyed }) => destroyed)).toEqual([true, false]);
		await reader.close();
		expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
	});

	it('gives no empty chunks, and fewer bytes where the source ends before', async () => {
		const { reader } = readerOf('', 'ab', '', '', 'c', '');
		expect(await read(reader, 0, 10)).toEqual(['ab', 'c']);
		expect(await read(reader, 10, 1)).toEqual([]);
	});

	it('measures all of it', async () => {
		const { reader } = readerOf('abc', '', 'de');
		expect(await reader.measure()).toBe(5);
	});

	it('destroys a stream that comes when nobody wants it any more', async () => {
		const stream = Readable.from([Buffer.from('late')]);
		let give: (stream: Readable) => void = () => undefined;
		const open = () => new Promise<Readable>((resolve) => (give = resolve));
		const reader = new SourceReader({ bucket: 'b', key: 'k', source: { open } });
		const reading = read(reader, 0, 4).catch(() => undefined);
		await new Promise(setImmediate);
		await reader.close();
		give(stream);
		await reading;
		expect(stream.destroyed).toBe(true);
	});
});
