import { notKnown, wordsOf } from '../../../../nodes/AmazonS3Trigger/requestsWords';
import type { Estimate } from '../../../../nodes/AmazonS3Trigger/requestsWords';
import { S3Failure } from '../../../../s3/S3Failure';

const estimate: Estimate = {
	requests: 1,
	objects: 320,
	isMore: false,
	prefix: undefined,
	polls: 1440,
	isAws: true,
};

it.each<[string, Partial<Estimate>, string]>([
	[
		'a small bucket every minute',
		{},
		'About 1,440 requests a day, $0.22 a month on AWS: 1 request for each of 1,440 polls a day, as there are 320 objects.',
	],
	[
		'a prefix on another server',
		{ prefix: 'incoming/', isAws: false, objects: 1 },
		'About 1,440 requests a day for “incoming/”: 1 request for each of 1,440 polls a day, as there is 1 object.',
	],
	[
		'more than is counted',
		{ requests: 15, objects: 14_000, isMore: true },
		'At least 21,600 requests a day, $3.29 a month on AWS: 15 requests for each of 1,440 polls a day, as there are more than 14,000 objects.',
	],
	[
		'growing keys once a week',
		{ objects: undefined, polls: 1 / 7 },
		'About 4 requests a month, under $0.01 a month on AWS: 1 request for each of 4 polls a month, which reads only what comes after the last key.',
	],
	[
		'much',
		{ requests: 1100, objects: 1_000_000 },
		'About 1,584,000 requests a day, $241 a month on AWS: 1,100 requests for each of 1,440 polls a day, as there are 1,000,000 objects.',
	],
	[
		'poll times that cannot be told',
		{ polls: undefined, requests: 15, isMore: true, objects: 14_000, prefix: 'a/' },
		'At least 15 requests for each poll for “a/”, as there are more than 14,000 objects. How often polls come cannot be told.',
	],
	['no poll times', { polls: 0 }, 'No requests, as there are no Poll Times.'],
])('the form says of %s what it takes', (_, more, words) => {
	expect(wordsOf({ ...estimate, ...more })).toBe(words);
});

it('the form says why nothing is known, and what to do', () => {
	expect(notKnown(S3Failure.invalid('No bucket is given', 'Choose one.'))).toBe(
		'How many requests the polls send is not known. No bucket is given. Choose one.',
	);
	expect(notKnown(S3Failure.cancelled('Listing', { bucket: 'files' }))).toContain(
		'Bucket “files” could not be listed within 20 seconds. Find out',
	);
	expect(notKnown(new TypeError('surprise'))).toContain('TypeError: surprise');
});
