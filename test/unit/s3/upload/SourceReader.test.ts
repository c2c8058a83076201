import { Readable } from 'node:stream';
import { SourceReader, withSourceReader } from '../../../../s3/upload/SourceReader';
import { rejectionOf } from '../../failureOf';

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

describe('SourceReader', () => {
	it('SourceReader goes on in one stream, and opens another only to go back', async () => {
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

	it('SourceReader gives no empty chunks, and fewer bytes if the source ends before', async () => {
		const { reader } = readerOf('', 'ab', '', '', 'c', '');
		expect(await read(reader, 0, 10)).toEqual(['ab', 'c']);
		expect(await read(reader, 10, 1)).toEqual([]);
	});

	it('SourceReader measures the whole source', async () => {
		const { reader } = readerOf('abc', '', 'de');
		expect(await reader.measure()).toBe(5);
	});

	it('SourceReader destroys a stream that is opened after it was closed', async () => {
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

describe('withSourceReader', () => {
	const stuck = () => {
		const stream = new Readable({ read: () => undefined });
		const source = { open: () => Promise.resolve(stream) };
		return { stream, request: { bucket: 'b', key: 'k', source } };
	};

	it('withSourceReader stops reading with a failure when the signal fires', async () => {
		const { stream, request } = stuck();
		const controller = new AbortController();
		const reading = withSourceReader(request, controller, (reader) => reader.measure());
		await new Promise(setImmediate);
		controller.abort();
		expect(await rejectionOf(reading)).toMatchObject({ kind: 'cancelled', key: 'k' });
		expect(stream.destroyed).toBe(true);
	});

	it('withSourceReader stops reading a stream that is opened after the signal has fired', async () => {
		const { stream, request } = stuck();
		const controller = new AbortController();
		const open = async () => {
			controller.abort();
			return await request.source.open();
		};
		const reading = withSourceReader({ ...request, source: { open } }, controller, (reader) =>
			reader.measure(),
		);
		expect(await rejectionOf(reading)).toMatchObject({ kind: 'cancelled', key: 'k' });
		expect(stream.destroyed).toBe(true);
	});

	it('withSourceReader closes the source when the work has failed', async () => {
		const { stream, request } = stuck();
		const work = async (reader: SourceReader) => {
			void reader.measure().catch(() => undefined);
			await new Promise(setImmediate);
			throw new Error('work failed');
		};
		const reading = withSourceReader(request, { signal: undefined }, work);
		await expect(reading).rejects.toThrow('work failed');
		expect(stream.destroyed).toBe(true);
	});
});
