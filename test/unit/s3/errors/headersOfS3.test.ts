import { hasHeaderOfS3 } from '../../../../s3/errors/headersOfS3';

it.each([
	['x-amz-request-id', true],
	['x-amzn-requestid', true],
	['x-guploader-uploadid', true],
	['x-goog-generation', true],
	['x-amz-cf-id', false],
	['content-type', false],
	['not-x-amz-id-2', false],
])('the header %s shows that a response is of S3: %s', (name, expected) => {
	expect(hasHeaderOfS3({ date: 'today', [name]: 'value' })).toBe(expected);
});
