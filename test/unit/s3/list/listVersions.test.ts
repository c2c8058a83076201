import { nameOfEntry } from '../../../../s3/list/ListedEntry';
import { listVersionEntries, listVersions } from '../../../../s3/list/listVersions';
import type { ListVersionsRequest } from '../../../../s3/list/listVersions';
import type { S3 } from '../../../../s3/client/S3';
import { rejectionOf } from '../../failureOf';
import { scriptedS3 } from '../objects/scriptedS3';

const call = { signal: undefined };

async function ids(s3: S3, request: Partial<ListVersionsRequest> = {}): Promise<string[]> {
	const found: string[] = [];
	for await (const page of listVersions(s3, { bucket: 'b', ...request }, call)) {
		expect(page).not.toEqual([]);
		found.push(...page.map(({ key, versionId }) => `${key}:${versionId}`));
	}
	return found;
}

const entry = (id: string, second = 0, IsLatest = false) => {
	const [Key, VersionId] = id.split(':');
	return { Key, VersionId, LastModified: new Date(1000 * second), IsLatest };
};

describe('listVersions', () => {
	it('listVersions goes on with both markers of the page before, which are decoded', async () => {
		const { s3, sent } = scriptedS3((_, all) =>
			all.length === 1
				? {
						EncodingType: 'url',
						IsTruncated: true,
						NextKeyMarker: 'a%2Bb+c',
						NextVersionIdMarker: 'v',
						Versions: [entry('a%2Bb+c:v')],
					}
				: { Versions: [entry('d:w')] },
		);
		expect(await ids(s3)).toEqual(['a+b c:v', 'd:w']);
		expect(sent[1]?.input).toMatchObject({ KeyMarker: 'a+b c', VersionIdMarker: 'v' });
	});

	it.each(['', 'x'.repeat(1025), '\ud83d'])(
		'listVersions refuses to look for the versions of what can be no key: %j',
		async (versionsOf) => {
			const { s3, sent } = scriptedS3(() => ({}));
			const { kind } = await rejectionOf(ids(s3, { versionsOf }));
			expect([kind, sent.length]).toEqual(['invalid', 0]);
		},
	);

	it('listVersions goes on by the key alone if the server gives an empty version marker', async () => {
		const { s3, sent } = scriptedS3((_, all) =>
			all.length === 1
				? { IsTruncated: true, NextKeyMarker: 'a', NextVersionIdMarker: '' }
				: { Versions: [entry('b:v')] },
		);
		expect(await ids(s3)).toEqual(['b:v']);
		expect(sent[1]?.input).toMatchObject({ KeyMarker: 'a', VersionIdMarker: undefined });
	});

	it('listVersions puts versions and delete markers of a key in order, the newest first', async () => {
		const { s3 } = scriptedS3(() => ({
			Versions: [entry('a:v2', 5), entry('a:v1', 1), entry('b:v1', 9, true)],
			DeleteMarkers: [entry('a:m2', 5, true), entry('a:m1', 3)],
		}));
		expect(await ids(s3)).toEqual(['a:m2', 'a:v2', 'a:m1', 'a:v1', 'b:v1']);
	});

	it.each([
		['of S3', ['Version', 'Version', 'DeleteMarker', 'Version'], ['a:v3', 'a:v2', 'a:m1', 'a:v1']],
		[
			'of all versions before all markers',
			['Version', 'Version', 'Version', 'DeleteMarker'],
			['a:v3', 'a:m1', 'a:v2', 'a:v1'],
		],
		['of fewer entries', ['Version', 'DeleteMarker'], ['a:v3', 'a:m1', 'a:v2', 'a:v1']],
	])(
		'listVersions takes what was made in one second in the order %s: %j',
		async (_, kinds, all) => {
			const { s3 } = scriptedS3(() => ({
				Versions: [entry('a:v3', 9, true), entry('a:v2', 5), entry('a:v1', 1)],
				DeleteMarkers: [entry('a:m1', 5)],
				kinds,
			}));
			expect(await ids(s3)).toEqual(all);
		},
	);

	it('listVersions asks for the state of restores only if it is wanted, and reads it', async () => {
		const until = new Date('2026-12-21T00:00:00.000Z');
		const { s3, sent } = scriptedS3(() => ({
			Versions: [
				{ ...entry('a:v3'), RestoreStatus: { IsRestoreInProgress: true } },
				{ ...entry('a:v2'), RestoreStatus: { RestoreExpiryDate: until } },
				entry('a:v1'),
			],
		}));
		const request = { bucket: 'b', includeRestoreStatus: true };
		const { value: page } = await listVersions(s3, request, call).next();
		expect(page?.map(({ restoreStatus }) => restoreStatus)).toEqual([
			{ state: 'inProgress', expiresAt: undefined },
			{ state: 'restored', expiresAt: until.toISOString() },
			undefined,
		]);
		expect(page?.[2]).not.toHaveProperty('restoreStatus');
		expect(sent[0]?.input).toMatchObject({ OptionalObjectAttributes: ['RestoreStatus'] });
		await ids(s3);
		expect(sent[1]?.input).toMatchObject({ OptionalObjectAttributes: undefined });
	});

	it('listVersions asks for no page that is not needed', async () => {
		const respond = () => ({
			IsTruncated: true,
			NextKeyMarker: 'b',
			NextVersionIdMarker: 'v',
			Versions: [entry('a:v2'), entry('a:v1'), entry('b:v')],
		});
		const limited = scriptedS3(respond);
		expect(await ids(limited.s3, { limit: 2 })).toEqual(['a:v2', 'a:v1']);
		expect(limited.sent).toHaveLength(1);
		const ofOne = scriptedS3(respond);
		expect(await ids(ofOne.s3, { versionsOf: 'a' })).toEqual(['a:v2', 'a:v1']);
		expect(ofOne.sent).toHaveLength(1);
		expect(ofOne.sent[0]?.input).toMatchObject({ Prefix: 'a' });
	});

	it('listVersions begins after a key, also at a server that does not', async () => {
		const { s3, sent } = scriptedS3(() => ({
			Versions: [entry('a:v'), entry('b:v2'), entry('b:v1'), entry('c:v')],
		}));
		expect(await ids(s3, { startAfter: 'b' })).toEqual(['c:v']);
		expect(sent[0]?.input).toMatchObject({ KeyMarker: 'b', VersionIdMarker: undefined });
	});

	it('listVersionEntries gives common prefixes, counts them, and goes on after those that were given', async () => {
		const { s3, sent } = scriptedS3(() => ({
			Versions: [entry('a:v'), entry('c:v')],
			CommonPrefixes: [{ Prefix: 'b/' }, { Prefix: 'd/' }],
		}));
		const namesOf = async (request: Partial<ListVersionsRequest>) => {
			const names: string[] = [];
			const all = { bucket: 'b', delimiter: '/', modifiedAfter: new Date(0), ...request };
			for await (const page of listVersionEntries(s3, all, call))
				names.push(...page.map(nameOfEntry));
			return names;
		};
		expect(await namesOf({})).toEqual(['a', 'b/', 'c', 'd/']);
		expect(sent[0]?.input).toMatchObject({ Delimiter: '/' });
		expect(await namesOf({ limit: 2 })).toEqual(['a', 'b/']);
		expect(await namesOf({ startAfter: 'b/\u{10FFFF}' })).toEqual(['c', 'd/']);
		expect(await namesOf({ startAfter: 'b/x' })).toEqual(['b/', 'c', 'd/']);
	});

	it('listVersions keeps only what the filter lets through', async () => {
		const { s3 } = scriptedS3(() => ({ Versions: [entry('a:v', 9), entry('b:v', 1)] }));
		expect(await ids(s3, { modifiedBefore: new Date(5000) })).toEqual(['b:v']);
	});

	it.each([
		['with no marker', { IsTruncated: true }],
		['with the same marker again', { IsTruncated: true, NextKeyMarker: 'a' }],
	])('listVersions ends at a server that says there is more %s', async (_, page) => {
		const { s3, sent } = scriptedS3(() => page);
		expect(await rejectionOf(ids(s3))).toMatchObject({ kind: 'corrupt' });
		expect(sent.length).toBeLessThanOrEqual(2);
	});

	it('listVersions ends at a server that sends empty pages for ever', async () => {
		const { s3, sent } = scriptedS3((_, all) => ({
			IsTruncated: true,
			NextKeyMarker: `k${all.length}`,
		}));
		expect(await rejectionOf(ids(s3))).toMatchObject({ kind: 'corrupt' });
		expect(sent).toHaveLength(100);
	});

	it('listVersions says so if a key is not encoded as it should be', async () => {
		const { s3 } = scriptedS3(() => ({ EncodingType: 'url', Versions: [entry('%E0%A4%A:v')] }));
		expect(await rejectionOf(ids(s3))).toMatchObject({ kind: 'corrupt' });
	});

	it('listVersions refuses a size that is none, which filters would not heed', async () => {
		for (const Size of [NaN, -1]) {
			const { s3 } = scriptedS3(() => ({ Versions: [{ ...entry('a:v'), Size }] }));
			expect(await rejectionOf(ids(s3, { maxSize: 10 }))).toMatchObject({ kind: 'corrupt' });
		}
	});

	it('listVersions takes a version without an ID for the one that has none', async () => {
		const { s3 } = scriptedS3(() => ({ DeleteMarkers: [entry('a:')], Versions: [entry('b')] }));
		expect(await ids(s3)).toEqual(['a:null', 'b:null']);
	});

	it('listVersions puts the latest version first, also before a delete marker of the same second', async () => {
		const { s3 } = scriptedS3(() => ({
			Versions: [entry('a:v2', 5, true)],
			DeleteMarkers: [entry('a:m1', 5)],
		}));
		expect(await ids(s3)).toEqual(['a:v2', 'a:m1']);
	});
});
