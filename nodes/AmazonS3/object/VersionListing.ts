import type { ListedVersion } from '../../../s3/list/listVersions';
import { csvTable, type CsvColumn } from '../../files/csv';
import type { Lines } from '../../files/lines';
import { restoreColumns } from './Listing';

/** A listing of versions, page by page, and what is known at its end. */
export class VersionListing {
	/** Versions given so far. */
	count = 0;

	/** Whether there are more than the limit. */
	truncated = false;

	/**
	 * @param listed one version more than the limit, if there are as many
	 * @param limit versions to give at most
	 */
	constructor(
		private readonly listed: AsyncIterable<ListedVersion[]>,
		private readonly limit: number,
	) {}

	async *pages(): AsyncGenerator<ListedVersion[]> {
		for await (const page of this.listed) {
			const left = this.limit - this.count;
			const versions = page.length > left ? page.slice(0, left) : page;
			this.truncated = page.length > left;
			this.count += versions.length;
			yield versions;
		}
	}
}

const COLUMNS = [
	'bucket',
	'key',
	'versionId',
	'isLatest',
	'isDeleteMarker',
	'size',
	'etag',
	'lastModified',
	'storageClass',
] as const;

/**
 * The versions of a listing as lines of CSV.
 *
 * @param spreadsheetSafe whether no text may be taken for a formula
 * @param withRestores whether the listing tells how far restores are
 */
export function csvVersions(
	listing: VersionListing,
	spreadsheetSafe: boolean,
	withRestores = false,
): Lines<ListedVersion> {
	const columns = COLUMNS.map((name): CsvColumn<ListedVersion> => ({
		name,
		valueOf: (version) => version[name],
	}));
	const all = withRestores ? [...columns, ...restoreColumns] : columns;
	return csvTable(all, listing.pages(), spreadsheetSafe);
}
