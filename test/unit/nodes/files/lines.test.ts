import { buffer } from 'node:stream/consumers';
import { textStream } from '../../../../nodes/files/lines';
import type { Lines } from '../../../../nodes/files/lines';

async function* pagesOf(...pages: string[][]): AsyncGenerator<string[]> {
	for (const page of pages) yield await Promise.resolve(page);
}

const linesOf = (pages: string[][], others: Partial<Lines<string>> = {}): Lines<string> => ({
	pages: pagesOf(...pages),
	lineOf: (row) => row,
	end: '\n',
	...others,
});

const textOf = async (lines: Lines<string>) => (await buffer(textStream(lines))).toString();

describe('textStream', () => {
	it('textStream gives the lines of all pages, each with its end', async () => {
		const lineOf = (row: string) => `<${row}>`;
		const lines = linesOf([['a', 'b'], ['c']], { lineOf, end: '\r\n' });
		expect(await textOf(lines)).toBe('<a>\r\n<b>\r\n<c>\r\n');
	});

	it('textStream gives a header before the lines', async () => {
		expect(await textOf(linesOf([['a']], { header: 'é', end: '\r\n' }))).toBe('é\r\na\r\n');
	});

	it('textStream goes on after a page without rows', async () => {
		expect(await textOf(linesOf([[], ['a'], [], ['b'], []]))).toBe('a\nb\n');
	});

	it('textStream is empty without rows', async () => {
		expect(await textOf(linesOf([[]]))).toBe('');
	});

	it.each([
		['of one byte', 'a'],
		['of two bytes', 'é'],
		['of three bytes', '語'],
		['of four bytes', '\u{1f600}'],
	])('textStream gives lines of every length with characters %s', async (_, character) => {
		const pages = [1, 1024, 3, 300_000, 700_000].map((length) => [
			'x',
			character.repeat(length),
			'y',
			'',
		]);
		const text = pages.map((rows) => rows.map((row) => `${row}\n`).join('')).join('');
		// A difference of megabytes would not be readable.
		expect((await textOf(linesOf(pages))) === text).toBe(true);
	});

	it('textStream gives the end of a line that fills the buffer exactly', async () => {
		const line = '語'.repeat(Math.floor((256 * 1024) / 3));
		expect((await textOf(linesOf([[line]], { end: '\r\n' }))) === `${line}\r\n`).toBe(true);
	});

	it('textStream replaces half a surrogate pair by U+FFFD', async () => {
		expect(await textOf(linesOf([['a\ud83d', 'b']]))).toBe('a\ufffd\nb\n');
	});

	it('textStream empties a page when its rows have become lines', async () => {
		const page = ['a', 'b'];
		const stream = textStream(linesOf([page, ['c']]));
		const chunks: AsyncIterator<Buffer> = stream.iterator() as AsyncIterator<Buffer>;
		await chunks.next();
		expect(page).toEqual([]);
		stream.destroy();
	});

	it('textStream fails with the error that its pages fail with', async () => {
		async function* pages(): AsyncGenerator<string[]> {
			yield await Promise.resolve(['a']);
			throw new Error('no more');
		}
		await expect(textOf({ ...linesOf([]), pages: pages() })).rejects.toThrow('no more');
	});
});
