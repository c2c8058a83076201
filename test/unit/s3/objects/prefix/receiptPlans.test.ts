import type { S3 } from '../../../../../s3/client/S3';
import { receiptPlans } from '../../../../../s3/objects/prefix/receiptPlans';
import type { Receipt } from '../../../../../s3/objects/prefix/receiptPlans';
import { rejectionOf } from '../../../failureOf';
import { names, refusal, scriptedS3 } from '../scriptedS3';

interface Entry {
	VersionId: string;
	isMarker?: boolean;
}

async function allOf(s3: S3, receipt: Receipt) {
	const plans = [];
	for await (const plan of receiptPlans(s3, { bucket: 'b' }, receipt, { signal: undefined })) {
		plans.push(plan);
	}
	return plans;
}

/** What is planned for a receipt if the key `a` has these versions, the newest first, and what was asked for it. */
async function plansFor(receipt: Receipt, entries: Entry[] = []) {
	const { s3, sent } = scriptedS3(() => {
		const listed = entries.map(({ VersionId, isMarker }, index) => ({
			isMarker,
			Key: 'a',
			VersionId,
			LastModified: new Date(1000 * (entries.length - index)),
			Size: 3,
		}));
		return {
			Versions: listed.filter(({ isMarker }) => isMarker !== true),
			DeleteMarkers: listed.filter(({ isMarker }) => isMarker === true),
		};
	});
	const plans = await allOf(s3, receipt);
	return { plans, asked: names(sent) };
}

const marker = { key: 'a', versionId: 'm', deleteMarker: true, permanent: undefined };

describe('the plans for a receipt', () => {
	it('a marker that is named is removed without a look at its versions', async () => {
		const { plans, asked } = await plansFor([marker]);
		expect(plans).toMatchObject([{ key: 'a', markers: ['m'], isHidden: false }]);
		expect(asked).toEqual([]);
	});

	it('the marker null is removed if there is a version below it', async () => {
		const entries = [{ VersionId: 'null', isMarker: true }, { VersionId: 'v' }];
		const { plans, asked } = await plansFor([{ ...marker, versionId: 'null' }], entries);
		expect(plans).toMatchObject([{ key: 'a', markers: ['null'], versionId: 'v' }]);
		expect(asked).toEqual(['ListObjectVersions']);
	});

	it.each<[string, Entry[]]>([
		['an object has taken its place', [{ VersionId: 'null' }, { VersionId: 'v' }]],
		['there is nothing below it', [{ VersionId: 'null', isMarker: true }]],
		['it is gone', []],
	])('nothing is removed for the marker null if %s', async (_, entries) => {
		const { plans } = await plansFor([{ ...marker, versionId: 'null' }], entries);
		expect(plans).toMatchObject([{ key: 'a', code: 'noVersion' }]);
	});

	it('all markers of a deletion whose request was repeated are removed, down to the object', async () => {
		const entries = [
			{ VersionId: 'newer', isMarker: true },
			{ VersionId: 'm', isMarker: true },
			{ VersionId: 'm0', isMarker: true },
			{ VersionId: 'v' },
			{ VersionId: 'older', isMarker: true },
		];
		const { plans } = await plansFor([{ ...marker, repeated: true }], entries);
		expect(plans).toMatchObject([{ key: 'a', markers: ['m', 'm0'], versionId: 'v' }]);
	});

	it.each([
		[{ ...marker, versionId: undefined }, 'noDeleteMarker'],
		[{ ...marker, deleteMarker: undefined }, 'noDeleteMarker'],
		[{ ...marker, deleteMarker: false }, 'deletedForGood'],
		[{ ...marker, permanent: true as const }, 'deletedForGood'],
	])('the entry %j gets no plan but the code %s', async (entry, code) => {
		const { plans, asked } = await plansFor([entry]);
		expect(plans).toMatchObject([{ key: 'a', code }]);
		expect(asked).toEqual([]);
	});

	it('a key whose versions cannot be listed fails alone, and a run that is cancelled as a whole', async () => {
		const receipt = [
			{ ...marker, key: 'certain' },
			{ ...marker, versionId: 'null' },
		];
		const over = (refused: Parameters<typeof refusal>[0]) => {
			const { s3 } = scriptedS3(() => {
				throw refusal(refused);
			});
			return allOf(s3, receipt);
		};
		expect(await over({ code: 'AccessDenied' })).toMatchObject([
			{ key: 'certain', markers: ['m'] },
			{ key: 'a', versionId: 'null', markers: [], failure: { code: 'AccessDenied' } },
		]);
		expect(await rejectionOf(over({ kind: 'cancelled' }))).toMatchObject({ kind: 'cancelled' });
	});
});
