import type { SettledDeletion } from '../../../../../s3/objects/deleteObjects';
import { settle } from '../../../../../s3/objects/prefix/settle';
import { S3Failure } from '../../../../../s3/S3Failure';
import { rejectionOf } from '../../../failureOf';
import { refusal } from '../scriptedS3';

const requests = ['a', 'b', 'c'].map((key) => ({ bucket: 'b', key }));
const done = (key: string) =>
	({ bucket: 'b', key, versionId: undefined, deleteMarker: false, deleted: true }) as const;

async function* each(...settled: SettledDeletion[]): AsyncGenerator<SettledDeletion> {
	for (const one of settled) yield await Promise.resolve(one);
}

describe('settle', () => {
	it('settle gives the deletions in the order of the requests, and the failures with key and code', async () => {
		const settled = each(
			{ index: 2, outcome: done('c') },
			{ index: 1, outcome: refusal({ code: 'AccessDenied' }) },
			{ index: 0, outcome: done('a') },
		);
		expect(await settle(settled, requests)).toEqual({
			done: [done('a'), done('c')],
			failed: [{ key: 'b', versionId: undefined, code: 'AccessDenied', message: 'Refused' }],
		});
	});

	it('settle throws the first failure if nothing could be deleted', async () => {
		const settled = each(
			...[1, 0, 2].map((index) => ({ index, outcome: refusal({ code: `Code${index}` }) })),
		);
		expect(await rejectionOf(settle(settled, requests))).toMatchObject({ code: 'Code1' });
	});

	it('settle throws when the work was cancelled', async () => {
		const settled = each(
			{ index: 0, outcome: done('a') },
			{ index: 1, outcome: S3Failure.cancelled('Could not delete') },
		);
		expect(await rejectionOf(settle(settled, requests))).toMatchObject({ kind: 'cancelled' });
	});

	it('settle gives nothing for no requests', async () => {
		expect(await settle(each(), [])).toEqual({ done: [], failed: [] });
	});
});
