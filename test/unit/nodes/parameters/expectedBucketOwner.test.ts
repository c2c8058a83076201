import { expectedBucketOwner } from '../../../../nodes/parameters/expectedBucketOwner';
import { sourceOf } from './sourceOf';

it('the expected owner of a bucket is read without spaces around it', () => {
	const source = sourceOf({ 'options.expectedBucketOwner': ' 111122223333 ' });
	expect(expectedBucketOwner.read(source)).toBe('111122223333');
	expect(expectedBucketOwner.read(sourceOf({}))).toBeUndefined();
});
