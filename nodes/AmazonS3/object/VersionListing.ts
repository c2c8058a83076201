import { nameOfEntry, startAfterEntry } from '../../../s3/list/ListedEntry';
import type { ListVersionsRequest } from '../../../s3/list/listVersions';
import type { ListedVersion, ListedVersionEntry } from '../../../s3/list/versionsPage';
import { csvTable, type CsvColumn } from '../../files/csv';
import type { Lines } from '../../files/lines';
import {
	ownerColumns,
	partitionsColumn,
	prefixColumn,
	restoreColumns,
	withPartitions,
} from './Listing';

/** One version, delete marker or common prefix, with the partitions in its key if they are asked for. */
export type VersionRow = ListedVersionEntry & { partitions?: Record<string, string> };

/** A listing of versions, page by page, and what is known at its end. */
export class VersionListing {
	/** Rows given so far. */
	count = 0;

	/** Whether there are more than the limit. */
	truncated = false;

	/**
	 * The key to start after to go on, if there are more: the last one of which nothing is left out. Undefined if there
	 * are more versions of a single key than the limit.
	 */
	nextStartAfter: string | undefined;

	/** The last row, and where a listing goes on with all that has its key. */
	private last: { name: string; begin: string | undefined; end: string } | undefined;

	/**
	 * @param listed one entry more than the limit, if there are as many
	 * @param limit rows to give at most
	 */
	constructor(
		readonly request: ListVersionsRequest,
		private readonly listed: AsyncIterable<ListedVersionEntry[]>,
		private readonly limit: number,
		readonly partitions: boolean,
	) {}

	async *pages(): AsyncGenerator<VersionRow[]> {
		for await (const page of this.listed) {
			const left = this.limit - this.count;
			const entries = page.length > left ? page.slice(0, left) : page;
			for (const entry of entries) this.note(entry);
			const [next] = page.slice(entries.length);
			this.truncated = next !== undefined;
			this.nextStartAfter = next && this.before(next);
			this.count += entries.length;
			yield this.partitions ? entries.map(withPartitions) : entries;
		}
	}

	private note(entry: ListedVersionEntry): void {
		const { last } = this;
		const name = nameOfEntry(entry);
		const begin = name === last?.name ? last.begin : last?.end;
		this.last = { name, begin, end: startAfterEntry(entry) };
	}

	/** Where a listing goes on with all that has the key of an entry. */
	private before(next: ListedVersionEntry): string | undefined {
		const { last } = this;
		return nameOfEntry(next) === last?.name ? last.begin : last?.end;
	}
}

const COLUMNS = [
	'key',
	'versionId',
	'isLatest',
	'isDeleteMarker',
	'size',
	'etag',
	'lastModified',
	'storageClass',
] as const satisfies ReadonlyArray<keyof ListedVersion>;

/**
 * The versions of a listing as lines of CSV.
 *
 * @param spreadsheetSafe whether no text may be taken for a formula
 */
export function csvVersions(listing: VersionListing, spreadsheetSafe: boolean): Lines<VersionRow> {
	const { request, partitions } = listing;
	const columns: CsvColumn<VersionRow>[] = [
		{ name: 'bucket', valueOf: (row) => row.bucket },
		...(request.delimiter === undefined ? [] : [prefixColumn]),
		...COLUMNS.map((name) => ({
			name,
			valueOf: (row: VersionRow) => ('key' in row ? row[name] : undefined),
		})),
		...(request.fetchOwner === true ? ownerColumns : []),
		...(request.includeRestoreStatus === true ? restoreColumns : []),
		...(partitions ? [partitionsColumn] : []),
	];
	return csvTable(columns, listing.pages(), spreadsheetSafe);
}
