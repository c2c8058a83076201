import { putSummary } from '../../../../../nodes/AmazonS3/object/putSummary';

const into = (...buckets: string[]) => buckets.map((bucket, key) => ({ json: { bucket, key } }));

it.each([
	[into(), []],
	[into('a'), ['1 object put into bucket “a”.']],
	[into('a', 'b', 'a'), ['2 objects put into bucket “a”, 1 object put into bucket “b”.']],
	[
		into('a', 'b', 'c', 'd', 'e'),
		[
			'1 object put into bucket “a”, 1 object put into bucket “b”, 1 object put into bucket “c”, others into 2 more buckets.',
		],
	],
	[[...into('a'), ...into('a')], ['1 object put into bucket “a”.']],
])('putSummary says of %j where the objects are', (made, summary) => {
	expect(putSummary(made)).toEqual(summary);
});
