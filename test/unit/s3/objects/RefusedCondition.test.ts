import type { ObjectHead } from '../../../../s3/headers/objectHead';
import { isChecked } from '../../../../s3/objects/guards';
import { RefusedCondition } from '../../../../s3/objects/RefusedCondition';
import { refusal, scriptedS3 } from './scriptedS3';

const head: Pick<ObjectHead, 'etag' | 'versionId' | 'lastModified'> = {
	etag: 'e',
	versionId: undefined,
	lastModified: '2026-11-30T10:00:00.000Z',
};
const ofCompletion = { operation: 'CompleteMultipartUpload', kind: 'precondition' } as const;

/** Looks at an object at these milliseconds, with a failure after each look. */
function watch(times: readonly number[], heads = [head], failure: object = ofCompletion) {
	const { s3 } = scriptedS3(() => ({}));
	const refusals = new RefusedCondition();
	for (const [index, time] of times.entries()) {
		refusals.noteObject(s3, heads[index % heads.length]!, time);
		refusals.noteFailure(refusal(failure));
	}
	return s3;
}

it('a condition that is refused on an object which nobody writes for two seconds is not checked', () => {
	expect(isChecked(watch([0, 2000, 2001]), 'completion')).toBe(false);
	const ofPut = { ...ofCompletion, operation: 'PutObject' };
	const s3 = watch([0, 500, 2500, 4000], [head], ofPut);
	expect([isChecked(s3, 'ifMatch'), isChecked(s3, 'completion')]).toEqual([false, undefined]);
});

it('a condition that is refused within two seconds may be a conflict: the next write has the same date', () => {
	expect(isChecked(watch([10_000, 11_999, 15_000]), 'completion')).toBeUndefined();
});

it.each([
	['ETag', { ...head, etag: 'f' }],
	['version', { ...head, versionId: 'v' }],
	['date', { ...head, lastModified: '2026-11-30T10:00:01.000Z' }],
])('a condition that is refused on an object with another %s is a conflict', (_, other) => {
	expect(isChecked(watch([0, 3000, 6000, 9000], [head, other]), 'completion')).toBeUndefined();
});

it('a condition that is refused on an object without a date may be a conflict', () => {
	const undated = { ...head, lastModified: undefined };
	expect(isChecked(watch([0, 3000, 6000], [undated]), 'completion')).toBeUndefined();
});

it.each([
	['of another call', { ...ofCompletion, operation: 'UploadPartCopy' }],
	['that is no refusal', { operation: 'CompleteMultipartUpload', kind: 'unavailable' }],
	['that is about another write under way', { ...ofCompletion, retryable: true }],
])('a failure %s says nothing of conditions', (_, failure) => {
	const s3 = watch([0, 3000, 6000], [head], failure);
	expect([isChecked(s3, 'ifMatch'), isChecked(s3, 'completion')]).toEqual([undefined, undefined]);
});
