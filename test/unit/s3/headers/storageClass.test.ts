import { classOf } from '../../../../s3/headers/storageClass';

it('the class of an object is STANDARD if S3 names none', () => {
	expect(classOf({ storageClass: undefined })).toBe('STANDARD');
	expect(classOf({ storageClass: 'GLACIER' })).toBe('GLACIER');
});
