import { csvVersions, VersionListing } from '../../../../../nodes/AmazonS3/object/VersionListing';
import type { ListedVersion } from '../../../../../s3/list/listVersions';

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

/** A listing of pages of these keys, and the keys that it gives. */
async function listingOf(pages: string[], limit: number) {
	async function* listed() {
		for (const page of pages) yield await Promise.resolve(Array.from(page, (key) => version(key)));
	}
	const listing = new VersionListing(listed(), limit);
	const keys: string[] = [];
	for await (const page of listing.pages()) keys.push(...page.map(({ key }) => key));
	return { listing, keys: keys.join('') };
}

it.each([
	[['ab', 'cd'], 3, 'abc', true],
	[['ab', 'c'], 2, 'ab', true],
	[['ab', 'c'], 3, 'abc', false],
	[['ab'], Infinity, 'ab', false],
	[[], 1, '', false],
])(
	'VersionListing gives of %j at most %d, and tells whether there are more',
	async (pages, limit, given, truncated) => {
		const { listing, keys } = await listingOf(pages, limit);
		expect([keys, listing.count, listing.truncated]).toEqual([given, given.length, truncated]);
	},
);

it('csvVersions has a column for each field', async () => {
	const { listing } = await listingOf([], 1);
	const { header, lineOf } = csvVersions(listing, true);
	expect(header?.split(',')).toEqual(Object.keys(version('')));
	expect(lineOf(version('=a'))).toBe("b,'=a,v,true,false,1,e,2026-01-01T00:00:00.000Z,");
});

it('csvVersions says of each version how far its restore is, if that was asked for', async () => {
	const { listing } = await listingOf([], 1);
	const { header, lineOf } = csvVersions(listing, false, true);
	expect(header).toMatch(/,storageClass,restoreState,restoreExpiresAt$/);
	const expiresAt = '2026-12-21T00:00:00.000Z';
	const restored = { ...version('a'), restoreStatus: { state: 'restored' as const, expiresAt } };
	expect(lineOf(restored)).toMatch(/Z,,restored,2026-12-21T00:00:00\.000Z$/);
	expect(lineOf(version('a'))).toMatch(/Z,,,$/);
});
