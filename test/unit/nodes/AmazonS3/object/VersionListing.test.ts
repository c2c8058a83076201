import {
	csvVersions,
	VersionListing,
	type VersionRow,
} from '../../../../../nodes/AmazonS3/object/VersionListing';
import { nameOfEntry } from '../../../../../s3/list/ListedEntry';
import type { ListVersionsRequest } from '../../../../../s3/list/listVersions';
import type { ListedVersion } from '../../../../../s3/list/versionsPage';

const version = (key: string): ListedVersion => ({
	bucket: 'b',
	key,
	versionId: 'v',
	isLatest: true,
	isDeleteMarker: false,
	size: 1,
	etag: 'e',
	lastModified: '2026-01-01T00:00:00.000Z',
	storageClass: undefined,
});

/** A listing of pages of entries, and the names that it gives; what ends with a slash is a common prefix. */
async function listingOf(
	pages: string[][],
	limit: number,
	request: Partial<ListVersionsRequest> = {},
	partitions = false,
) {
	async function* listed() {
		for (const page of pages) {
			yield await Promise.resolve(
				page.map((name) => (name.endsWith('/') ? { bucket: 'b', prefix: name } : version(name))),
			);
		}
	}
	const listing = new VersionListing({ bucket: 'b', ...request }, listed(), limit, partitions);
	const rows: VersionRow[] = [];
	for await (const page of listing.pages()) rows.push(...page);
	return { listing, rows };
}

it.each([
	[
		[
			['a', 'b'],
			['c', 'd'],
		],
		3,
		'abc',
		true,
	],
	[[['a', 'b'], ['c']], 2, 'ab', true],
	[[['a', 'b'], ['c']], 3, 'abc', false],
	[[['a', 'b']], Infinity, 'ab', false],
	[[], 1, '', false],
])(
	'VersionListing gives of %j at most %d, and tells whether there are more',
	async (pages, limit, given, truncated) => {
		const { listing, rows } = await listingOf(pages, limit);
		expect(rows.map(nameOfEntry).join('')).toBe(given);
		expect([listing.count, listing.truncated]).toEqual([given.length, truncated]);
	},
);

it.each([
	[[['a', 'b', 'c']], 2, 'b'],
	[[['a', 'b'], ['c']], 2, 'b'],
	[[['a', 'b', 'b']], 2, 'a'],
	[[['a', 'b'], ['b'], ['b']], 3, 'a'],
	[[['a', 'a', 'a']], 2, undefined],
	[[['a/', 'b']], 1, 'a/\u{10FFFF}'],
	[[['a', 'b']], 2, undefined],
])(
	'VersionListing says of %j with the limit %d after which key to go on: %j, so that no version is left out',
	async (pages, limit, nextStartAfter) => {
		const { listing } = await listingOf(pages, limit);
		expect(listing.nextStartAfter).toBe(nextStartAfter);
	},
);

it('VersionListing adds the partitions in keys if they are asked for', async () => {
	const { rows } = await listingOf([['y=1/a', 'z=2/']], 9, {}, true);
	expect(rows.map(({ partitions }) => partitions)).toEqual([{ y: '1' }, { z: '2' }]);
});

it('csvVersions has a column for each field', async () => {
	const { listing } = await listingOf([], 1);
	const { header, lineOf } = csvVersions(listing, true);
	expect(header?.split(',')).toEqual(Object.keys(version('')));
	expect(lineOf(version('=a'))).toBe("b,'=a,v,true,false,1,e,2026-01-01T00:00:00.000Z,");
});

it('csvVersions has further columns for what was asked for', async () => {
	const request = { delimiter: '/', fetchOwner: true, includeRestoreStatus: true };
	const { listing } = await listingOf([], 1, request, true);
	const { header, lineOf } = csvVersions(listing, false);
	expect(header).toBe(
		'bucket,prefix,key,versionId,isLatest,isDeleteMarker,size,etag,lastModified,storageClass,ownerId,ownerDisplayName,restoreState,restoreExpiresAt,partitions',
	);
	const restored = {
		...version('a'),
		owner: { id: 'o', displayName: 'n' },
		restoreStatus: { state: 'restored' as const, expiresAt: '2026-12-21T00:00:00.000Z' },
		partitions: {},
	};
	expect(lineOf(restored)).toMatch(/^b,,a,.*Z,,o,n,restored,2026-12-21T00:00:00\.000Z,{}$/);
	expect(lineOf(version('a'))).toMatch(/Z,,,,,,$/);
	expect(lineOf({ bucket: 'b', prefix: 'p/' })).toMatch(/^b,p\/,,/);
});
