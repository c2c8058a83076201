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

it.each<[string, Partial<Estimate>, string, string]>([
	[
		'a small bucket every minute',
		{},
		'About 1,440 requests a day, $0.22 a month',
		'1 request for each of 1,440 polls a day. There are 320 objects.',
	],
	[
		'a prefix on another server',
		{ prefix: 'incoming/', isAws: false, objects: 1 },
		'About 1,440 requests a day for “incoming/”',
		'1 request for each of 1,440 polls a day. There is 1 object.',
	],
	[
		'more than is counted',
		{
			requests: 21,
			objects: 20_000,
			isMore: true,
			prefix: 'a/very/long/prefix/that/nobody/reads/',
		},
		'At least 30,240 requests a day for “a/very/long/pr…y/reads/”, $4.60 a month',
		'21 requests for each of 1,440 polls a day. There are more than 20,000 objects.',
	],
	[
		'growing keys once a week',
		{ objects: undefined, polls: 1 / 7 },
		'About 4 requests a month, under $0.01 a month',
		'1 request for each of 4 polls a month. A poll reads only what comes after the last key.',
	],
	[
		'a million objects',
		{ requests: 1001, objects: 1_000_000 },
		'About 1,441,440 requests a day, $219 a month',
		'1,001 requests for each of 1,440 polls a day. There are 1,000,000 objects.',
	],
	[
		'poll times that cannot be told',
		{ polls: undefined, requests: 21, isMore: true, objects: 20_000 },
		'At least 21 requests for each poll',
		'There are more than 20,000 objects. How often polls come cannot be told.',
	],
])('the field says of %s what it takes', (_, more, name, description) => {
	expect(wordsOf({ ...estimate, ...more })).toEqual({ name, description });
});

it('the field says that there are no polls', () => {
	expect(wordsOf({ ...estimate, polls: 0 })).toEqual({ name: 'None, as there are no Poll Times' });
});

it('the field says in a sentence why nothing is known, and what to do', () => {
	expect(notKnown(S3Failure.invalid('No bucket is given', 'Choose one.'))).toEqual({
		name: 'Not known. No bucket is given',
		description: 'Choose one.',
	});
	expect(notKnown(S3Failure.cancelled('Listing', { bucket: 'files' }))).toMatchObject({
		name: 'Not known. Bucket “files” could not be listed within 20 seconds',
	});
	expect(notKnown(new TypeError('surprise'))).toEqual({ name: 'Not known. TypeError: surprise' });
});
