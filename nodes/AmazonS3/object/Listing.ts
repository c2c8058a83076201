import { isDirectoryBucket } from '../../../s3/bucketKinds';
import { nameOfEntry } from '../../../s3/list/ListedEntry';
import type { ListedEntry, ListPage, ListRequest } from '../../../s3/list/listObjects';
import { csvTable, type CsvColumn } from '../../files/csv';
import type { Lines } from '../../files/lines';

/** One object or common prefix, with the partitions in its key if they are asked for. */
export type ListedRow = ListedEntry & { partitions?: Record<string, string> };

/** A listing in rows, page by page, and what is known at its end. */
export class Listing {
	/** Rows given so far. */
	count = 0;

	/** Whether the listing was cut at its limit. */
	isTruncated = false;

	/** The key to start after to go on, if it was; not of a directory bucket, whose keys have no order. */
	nextStartAfter: string | undefined;

	constructor(
		readonly request: ListRequest,
		private readonly listed: AsyncIterable<ListPage>,
		readonly partitions: boolean,
	) {}

	async *pages(): AsyncGenerator<ListedRow[]> {
		for await (const { entries, nextStartAfter } of this.listed) {
			this.count += entries.length;
			this.isTruncated = nextStartAfter !== undefined;
			this.nextStartAfter = isDirectoryBucket(this.request.bucket) ? undefined : nextStartAfter;
			yield this.partitions ? entries.map(withPartitions) : entries;
		}
	}
}

/** An entry with the partitions in its key. */
export function withPartitions<Entry extends ListedEntry>(
	entry: Entry,
): Entry & { partitions: Record<string, string> } {
	return { ...entry, partitions: partitionsOf(nameOfEntry(entry)) };
}

/** The `name=value` folders of a key; its last part is the object's own name. */
function partitionsOf(key: string): Record<string, string> {
	const folders = key.split('/').slice(0, -1);
	const pairs = folders.map((folder) => /^([^=]+)=(.*)$/s.exec(folder));
	return Object.fromEntries(
		pairs.flatMap((pair): Array<[string, string]> => {
			const [, name, value] = pair ?? [];
			return name === undefined || value === undefined ? [] : [[name, value]];
		}),
	);
}

/** A JSON object on each line. */
export function jsonLines<Row>(pages: AsyncIterable<Row[]>): Lines<Row> {
	return { pages, lineOf: (row) => JSON.stringify(row), end: '\n' };
}

/**
 * RFC 4180: a header, commas, CRLF, quotes around what needs them.
 *
 * @param spreadsheetSafe whether no text may be taken for a formula
 */
export function csvLines(listing: Listing, spreadsheetSafe = false): Lines<ListedRow> {
	return csvTable(csvColumns(listing), listing.pages(), spreadsheetSafe);
}

function csvColumns({ request, partitions }: Listing): CsvColumn<ListedRow>[] {
	const column = (
		name: 'key' | 'size' | 'etag' | 'lastModified' | 'storageClass',
	): CsvColumn<ListedRow> => ({
		name,
		valueOf: (row) => ('key' in row ? row[name] : undefined),
	});
	return [
		{ name: 'bucket', valueOf: (row) => row.bucket },
		...(request.delimiter === undefined ? [] : [prefixColumn]),
		column('key'),
		column('size'),
		column('etag'),
		column('lastModified'),
		column('storageClass'),
		...(request.fetchOwner === true ? ownerColumns : []),
		...(request.includeRestoreStatus === true ? restoreColumns : []),
		...(partitions ? [partitionsColumn] : []),
	];
}

/** The column of common prefixes. */
export const prefixColumn: CsvColumn<ListedEntry> = {
	name: 'prefix',
	valueOf: (row) => ('key' in row ? undefined : row.prefix),
};

/** The column of the partitions in keys. */
export const partitionsColumn: CsvColumn<ListedRow> = {
	name: 'partitions',
	valueOf: (row) => JSON.stringify(row.partitions),
};

/** The columns of owners. */
export const ownerColumns: CsvColumn<ListedEntry>[] = [
	{ name: 'ownerId', valueOf: (row) => ('key' in row ? row.owner?.id : undefined) },
	{
		name: 'ownerDisplayName',
		valueOf: (row) => ('key' in row ? row.owner?.displayName : undefined),
	},
];

/** The columns of what a listing tells of restores. */
export const restoreColumns: CsvColumn<ListedEntry>[] = [
	{
		name: 'restoreState',
		valueOf: (row) => ('key' in row ? row.restoreStatus?.state : undefined),
	},
	{
		name: 'restoreExpiresAt',
		valueOf: (row) => ('key' in row ? row.restoreStatus?.expiresAt : undefined),
	},
];
