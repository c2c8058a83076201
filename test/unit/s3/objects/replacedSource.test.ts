import { replacedSource } from '../../../../s3/objects/replacedSource';

it('replacedSource is a failure after which the copy may begin again', () => {
	expect(replacedSource({ bucket: 'b', key: 'k' })).toMatchObject({
		kind: 'precondition',
		retryable: true,
		message: 'Could not copy “k” in bucket “b”: it was replaced while it was being copied',
	});
});
