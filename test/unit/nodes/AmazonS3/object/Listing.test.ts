import { Readable } from 'node:stream';

import { csvLines, jsonLines, Listing } from '../../../../../nodes/AmazonS3/object/Listing';
import { textStream } from '../../../../../nodes/files/lines';
import type { ListPage } from '../../../../../s3/list/listObjects';

const PAGES = 1000;
const PER_PAGE = 1000;

/** A listing of a million objects, page by page; counts those that were taken. */
function millionObjects() {
	const taken = { pages: 0 };
	async function* pages(): AsyncGenerator<ListPage> {
		for (let page = 0; page < PAGES; page++) {
			taken.pages += 1;
			const entries = Array.from({ length: PER_PAGE }, (_, i) => ({
				bucket: 'b',
				key: `key/${String(page * PER_PAGE + i).padStart(8, '0')}`,
				size: 1,
				etag: 'e',
				lastModified: undefined,
				storageClass: 'STANDARD',
			}));
			yield await Promise.resolve({ entries, nextStartAfter: undefined });
		}
	}
	return { listing: new Listing({ bucket: 'b' }, pages(), false), taken };
}

describe.each([
	['NDJSON', (listing: Listing) => jsonLines(listing.pages())],
	['CSV', csvLines],
])('a listing that is written to a file as %s', (_, lines) => {
	it('a listing is read no faster than its file is written, and holds only a few pages', async () => {
		const { listing, taken } = millionObjects();
		const stream = textStream(lines(listing));
		let count = 0;
		let most = 0;
		for await (const chunk of stream as AsyncIterable<Buffer>) {
			// What waits is a mebibyte, which is some 30 pages.
			most = Math.max(most, taken.pages - count / PER_PAGE);
			for (const byte of chunk) if (byte === 10) count += 1;
			// As long as it takes to write.
			await new Promise(setImmediate);
			if (taken.pages > 300) break;
		}
		expect(count).toBeGreaterThan(200 * PER_PAGE);
		expect(most).toBeLessThan(80);
		expect(stream.destroyed).toBe(true);
	});
});

it.each([
	['of a bucket', 'photos', 'b.txt'],
	['of a directory bucket, whose keys have no order,', 'photos--use1-az4--x-s3', undefined],
])(
	'a listing %s that was cut says so, and %s gives the key %s to go on after',
	async (_, bucket, next) => {
		const cut: ListPage = { entries: [], nextStartAfter: 'b.txt' };
		const listing = new Listing({ bucket }, Readable.from([cut]), false);
		for await (const rows of listing.pages()) expect(rows).toEqual([]);
		expect(listing.isTruncated).toBe(true);
		expect(listing.nextStartAfter).toBe(next);
	},
);

it('a listing as CSV says of each object how far its restore is, if that was asked for', async () => {
	const object = { bucket: 'b', size: 1, etag: 'e', lastModified: undefined, storageClass: 'C' };
	const expiresAt = '2026-12-21T00:00:00.000Z';
	const page: ListPage = {
		entries: [
			{ ...object, key: 'archived' },
			{ ...object, key: 'begun', restoreStatus: { state: 'inProgress', expiresAt: undefined } },
			{ ...object, key: 'done', restoreStatus: { state: 'restored', expiresAt } },
		],
		nextStartAfter: undefined,
	};
	const request = { bucket: 'b', includeRestoreStatus: true };
	const listing = new Listing(request, Readable.from([page]), false);
	const chunks: Buffer[] = [];
	for await (const chunk of textStream(csvLines(listing))) chunks.push(chunk as Buffer);
	const ends = Buffer.concat(chunks)
		.toString()
		.trim()
		.split('\r\n')
		.map((line) => line.split(',').slice(-2));
	expect(ends).toEqual([
		['restoreState', 'restoreExpiresAt'],
		['', ''],
		['inProgress', ''],
		['restored', expiresAt],
	]);
});
