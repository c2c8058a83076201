import { isMissing, markMissing, saysMissing } from '../../../../s3/objects/missingCalls';
import { AWS, refusal, scriptedS3 } from './scriptedS3';

const { s3 } = scriptedS3(() => undefined);

describe('a call that a server does not have', () => {
	it.each([
		{ status: 405 },
		{ status: 501 },
		{ status: 400, code: 'NotImplemented' },
		{ status: 400, code: 'MethodNotAllowed' },
		{ status: 411, code: 'MissingContentLength', operation: 'UploadPartCopy' },
	])('a call that a server does not have is told by %j on a server other than AWS', (details) => {
		expect(saysMissing(s3, refusal(details))).toBe(true);
		expect(saysMissing(scriptedS3(() => undefined, AWS).s3, refusal(details))).toBe(false);
	});

	it.each([
		{ status: 400, code: 'InvalidArgument' },
		{ status: 403, code: 'AccessDenied' },
		{ status: 411, code: 'MissingContentLength', operation: 'UploadPart' },
		{ status: 404, code: 'NoSuchBucket' },
		{ status: 500, code: 'InternalError' },
		{ code: 'ECONNRESET' },
	])('a call that a server does not have is not told by %j', (details) => {
		expect(saysMissing(s3, refusal(details))).toBe(false);
	});

	it('a call that a server does not have is kept in mind for its connection alone', () => {
		expect(isMissing(s3, 'DeleteObjects')).toBe(false);
		markMissing(s3, 'DeleteObjects');
		markMissing(s3, 'GetObjectAttributes');
		expect(isMissing(s3, 'DeleteObjects')).toBe(true);
		expect(isMissing(s3, 'GetObjectAttributes')).toBe(true);
		expect(isMissing(s3, 'HeadObject')).toBe(false);
		expect(isMissing(scriptedS3(() => undefined).s3, 'DeleteObjects')).toBe(false);
	});
});
