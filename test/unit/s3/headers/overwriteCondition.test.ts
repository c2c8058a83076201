import { overwriteCondition } from '../../../../s3/headers/overwriteCondition';
import { failureOf } from '../../failureOf';

const object = { bucket: 'bucket', key: 'key' };

it('overwriteCondition is none unless the write has one', () => {
	const none = { IfNoneMatch: undefined, IfMatch: undefined };
	expect(overwriteCondition(object)).toEqual(none);
	expect(overwriteCondition({ ...object, overwrite: 'always', etag: 'abc' })).toEqual(none);
});

it('overwriteCondition never lets an object be overwritten', () => {
	expect(overwriteCondition({ ...object, overwrite: 'never', etag: 'abc' })).toEqual({
		IfNoneMatch: '*',
		IfMatch: undefined,
	});
});

it.each(['abc', '"abc"'])('overwriteCondition sends the ETag %s without quotes', (etag) => {
	expect(overwriteCondition({ ...object, overwrite: 'ifMatch', etag })).toEqual({
		IfNoneMatch: undefined,
		IfMatch: 'abc',
	});
});

it.each([undefined, '', '""'])('overwriteCondition refuses %j as an ETag to match', (etag) => {
	const failure = failureOf(() => overwriteCondition({ ...object, overwrite: 'ifMatch', etag }));
	expect(failure).toMatchObject({
		kind: 'invalid',
		message: 'No ETag is given for “key” in bucket “bucket”',
		...object,
	});
});
