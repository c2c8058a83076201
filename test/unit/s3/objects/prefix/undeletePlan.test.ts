import { undeletePlans } from '../../../../../s3/objects/prefix/undeletePlan';
import type { UndeletePlan } from '../../../../../s3/objects/prefix/undeletePlan';
import type { ListedVersion } from '../../../../../s3/list/versionsPage';

/** `k:v1@3` is a version of key `k` made in second 3, `k:-m1@3.5` a delete marker half a second later. */
function version(text: string): ListedVersion {
	const [, key = '', marker = '', versionId = '', second = ''] =
		/^(\w+):(-?)(\w+)@([\d.]+)$/.exec(text) ?? [];
	return {
		bucket: 'b',
		key,
		versionId,
		isLatest: false,
		isDeleteMarker: marker === '-',
		size: 1,
		etag: undefined,
		lastModified: new Date(1000 * Number(second)).toISOString(),
		storageClass: undefined,
	};
}

async function plans(pages: string[], asOf?: number): Promise<string[]> {
	async function* listed() {
		for (const page of pages) yield await Promise.resolve(page.split(' ').map(version));
	}
	const found: UndeletePlan[] = [];
	const moment = asOf === undefined ? undefined : new Date(1000 * asOf);
	for await (const plan of undeletePlans(listed(), moment)) found.push(plan);
	return found.map(({ key, markers, versionId, isHidden }) =>
		[key, isHidden ? 'copy' : `-${markers.join('-')}`, versionId].join(' '),
	);
}

describe('undeletePlans', () => {
	it('undeletePlans removes all delete markers above the newest version', async () => {
		expect(await plans(['a:-m2@9 a:-m1@8 a:v2@7 a:-m0@6 a:v1@5'])).toEqual(['a -m2-m1 v2']);
	});

	it('undeletePlans leaves alone what is there, and what has no version any more', async () => {
		expect(await plans(['a:v2@7 a:-m1@6 a:v1@5', 'b:-m1@9'])).toEqual([]);
	});

	it('undeletePlans knows the versions of a key on several pages', async () => {
		expect(await plans(['a:-m1@9', 'a:-m2@8', 'a:v1@7 b:-m1@9', 'b:v1@1'])).toEqual([
			'a -m1-m2 v1',
			'b -m1 v1',
		]);
	});

	it('undeletePlans copies the version of a moment over newer ones', async () => {
		expect(await plans(['a:v3@9 a:v2@7 a:v1@5'], 7)).toEqual(['a copy v2']);
		expect(await plans(['a:-m1@9 a:v3@8 a:v1@5'], 7)).toEqual(['a copy v1']);
	});

	it('undeletePlans removes the delete markers after a moment if nothing else is newer', async () => {
		expect(await plans(['a:-m1@9 a:v1@5'], 7)).toEqual(['a -m1 v1']);
	});

	it('undeletePlans leaves alone what was the same at a moment, was deleted then or did not exist', async () => {
		expect(await plans(['a:v1@5', 'b:v2@9 b:-m1@6 b:v1@5', 'c:v1@8'], 7)).toEqual([]);
	});

	it('undeletePlans compares dates as exactly as the moment is given', async () => {
		// Get dates a version by the second, which other servers than AWS list by the millisecond.
		expect(await plans(['a:v3@8 a:v2@7.5 a:v1@5'], 7)).toEqual(['a copy v2']);
		expect(await plans(['a:v3@8 a:v2@7.5 a:v1@5'], 7.4)).toEqual(['a copy v1']);
		expect(await plans(['a:-m1@7.6 a:v2@7.5'], 7.5)).toEqual(['a -m1 v2']);
	});

	it('undeletePlans takes a version without a date for newer than any moment', async () => {
		const dateless = { ...version('a:v2@1'), lastModified: undefined };
		async function* listed() {
			yield await Promise.resolve([dateless, version('a:v1@1')]);
		}
		const found: UndeletePlan[] = [];
		for await (const plan of undeletePlans(listed(), new Date(5000))) found.push(plan);
		expect(found).toMatchObject([{ key: 'a', markers: [], versionId: 'v1', isHidden: true }]);
	});

	it('undeletePlans without a moment needs no dates: what is there stays as it is', async () => {
		const dateless = { ...version('a:v2@1'), lastModified: undefined };
		const deleted = { ...version('b:v1@1'), lastModified: undefined };
		async function* listed() {
			yield await Promise.resolve([dateless, version('a:v1@1'), version('b:-m1@9'), deleted]);
		}
		const found: UndeletePlan[] = [];
		for await (const plan of undeletePlans(listed(), undefined)) found.push(plan);
		expect(found).toMatchObject([{ key: 'b', markers: ['m1'], versionId: 'v1', isHidden: false }]);
	});

	it('undeletePlans removes no delete marker of an object that is copied over newer versions', async () => {
		async function* listed() {
			yield await Promise.resolve(['a:-m1@9', 'a:v3@8', 'a:v1@5'].map(version));
		}
		const found: UndeletePlan[] = [];
		for await (const plan of undeletePlans(listed(), new Date(7000))) found.push(plan);
		expect(found).toMatchObject([{ key: 'a', markers: [], versionId: 'v1', isHidden: true }]);
	});

	it('undeletePlans tells the storage class of the version that comes back', async () => {
		const wanted = { ...version('a:v1@1'), storageClass: 'GLACIER_IR' };
		async function* listed() {
			yield await Promise.resolve([version('a:v2@9'), wanted]);
		}
		const found: UndeletePlan[] = [];
		for await (const plan of undeletePlans(listed(), new Date(5000))) found.push(plan);
		expect(found).toMatchObject([{ versionId: 'v1', storageClass: 'GLACIER_IR' }]);
	});
});
