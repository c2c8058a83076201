import {
	brokenOff,
	cancelled,
	damaged,
	rangeIgnored,
	replaced,
} from '../../../../s3/download/downloadErrors';
import { FakeS3 } from './FakeS3';

const download = new FakeS3(Buffer.alloc(10)).download({ ChecksumSHA256: 'sum' });
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

it.each([
	['cancelled', cancelled(download), 'cancelled', false, 'it was cancelled'],
	[
		'broken off',
		brokenOff(download, 4, reset),
		'corrupt',
		true,
		'the download broke off after 4 of 10 bytes',
	],
	[
		'replaced',
		replaced(download),
		'corrupt',
		true,
		'the object was replaced while it was being read',
	],
	[
		'damaged',
		damaged(download),
		'corrupt',
		true,
		'its bytes do not have the SHA256 that S3 has stored for it',
	],
	['ignored', rangeIgnored(download), 'corrupt', false, 'the server ignored the range'],
] as const)(
	'the failure of a download that was %s names the object and what happened',
	(_, failure, kind, retryable, what) => {
		expect(failure).toMatchObject({
			message: `Could not get “key” in bucket “bucket”: ${what}`,
			kind,
			retryable,
			operation: 'GetObject',
			bucket: 'bucket',
			key: 'key',
		});
	},
);

it('a download that broke off has the code and the cause of what broke it off', () => {
	expect(brokenOff(download, 4, reset)).toMatchObject({ code: 'ECONNRESET', cause: reset });
});

it('a download of unknown length broke off after the bytes that had arrived', () => {
	const unknown = new FakeS3(Buffer.alloc(0)).download({ ContentLength: undefined });
	expect(brokenOff(unknown, 4, reset).message).toMatch(/broke off after 4 bytes$/);
});
