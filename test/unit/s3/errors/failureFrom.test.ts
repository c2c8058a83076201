import { failureFrom, failureOfCode } from '../../../../s3/errors/failureFrom';
import { LongResponse } from '../../../../s3/errors/LongResponse';
import { SlowResponse } from '../../../../s3/errors/SlowResponse';
import { S3Failure } from '../../../../s3/S3Failure';

const attempt = {
	operation: 'GetObject',
	phrase: 'get',
	permissions: () => [{ action: 's3:GetObject', on: { bucket: 'photos', key: 'cat.jpg' } }],
	bucket: 'photos',
	key: 'cat.jpg',
	server: 'http://127.0.0.1:9000',
};

const answered = (status: number, name: string, message = '', headers = {}) =>
	Object.assign(new Error(message), {
		name,
		$metadata: { httpStatusCode: status, requestId: 'R1' },
		$response: { statusCode: status, headers },
	});

describe('what went wrong, for a person', () => {
	it('a failure names bucket, key, code, status and request ID', () => {
		const failure = failureFrom(answered(404, 'NoSuchKey'), attempt);
		expect(failure).toMatchObject({
			kind: 'notFound',
			code: 'NoSuchKey',
			status: 404,
			requestId: 'R1',
			bucket: 'photos',
			key: 'cat.jpg',
			operation: 'GetObject',
		});
		expect(failure.message).toBe(
			'Could not get “cat.jpg” in bucket “photos”: there is no object with this key',
		);
		expect(failure.description).toContain('(NoSuchKey · 404 · request R1)');
	});

	it('a failure names the permission that is missing and on what', () => {
		const failure = failureFrom(answered(403, 'AccessDenied'), attempt);
		expect(failure.kind).toBe('denied');
		expect(failure.advice).toContain('s3:GetObject on arn:aws:s3:::photos/cat.jpg');
	});

	it.each([
		['HeadObject', 403, true, 'RequestTimeTooSkewed'],
		['HeadObject', 403, false, undefined],
		['HeadObject', 404, true, undefined],
		['GetObject', 403, true, undefined],
	])(
		'a response to %s without a body and with status %i, by which the clock is corrected: %s, has the code %s',
		(operation, status, isCorrected, code) => {
			const about = { ...attempt, operation, isClockCorrected: () => isCorrected };
			expect(failureFrom(answered(status, 'Unknown'), about).code).toBe(code);
		},
	);

	it.each([
		[403, 'InvalidAccessKeyId', 'credentials', false],
		[403, 'SignatureDoesNotMatch', 'credentials', false],
		[400, 'ExpiredToken', 'credentials', false],
		[401, 'Unknown', 'credentials', false],
		[403, 'Forbidden', 'denied', false],
		[403, 'Unknown', 'denied', false],
		[304, 'Unknown', 'precondition', false],
		[412, 'PreconditionFailed', 'precondition', false],
		[409, 'ConditionalRequestConflict', 'precondition', true],
		[416, 'Unknown', 'rejected', false],
		[429, 'Unknown', 'throttled', true],
		[503, 'SlowDown', 'throttled', true],
		[500, 'InternalError', 'unavailable', true],
		[502, 'Unknown', 'unavailable', true],
		[400, 'BadDigest', 'corrupt', true],
		[400, 'SomethingNew', 'rejected', false],
		[301, 'PermanentRedirect', 'rejected', false],
	])(
		'the status %i with the code %s is a failure of kind %s, retryable: %s',
		(status, name, kind, retryable) => {
			expect(failureFrom(answered(status, name), attempt)).toMatchObject({ kind, retryable });
		},
	);

	it('a failure repeats the server’s own words if its code is not known', () => {
		const failure = failureFrom(answered(400, 'SomethingNew', 'The moon is full.'), attempt);
		expect(failure.message).toMatch(/: The moon is full$/);
	});

	it('a failure says how long the server asks to wait', () => {
		const failure = failureFrom(answered(503, 'SlowDown', '', { 'retry-after': '7' }), attempt);
		expect(failure.retryAfterMs).toBe(7000);
	});

	it.each([
		['ECONNREFUSED', true],
		['ECONNRESET', true],
		['EPIPE', true],
		['ENOTFOUND', false],
		['SELF_SIGNED_CERT_IN_CHAIN', false],
		['ERR_TLS_CERT_ALTNAME_INVALID', false],
		['CERT_HAS_EXPIRED', false],
		['ESOMETHING', true],
	])('the failure with the network error %s names the server, retryable: %s', (code, retryable) => {
		const failure = failureFrom(Object.assign(new Error('x'), { code }), attempt);
		expect(failure).toMatchObject({ kind: 'unreachable', code, retryable });
		expect(failure.message).toContain('http://127.0.0.1:9000 could not be reached');
	});

	it('a failure says that a response is not one of S3', () => {
		const failure = failureFrom(answered(200, 'SyntaxError'), attempt);
		expect(failure.kind).toBe('corrupt');
		expect(failure.advice).toContain('web console');
	});

	it('a response that is longer than any of S3 is corrupt, whatever its status', () => {
		const failure = failureFrom(new LongResponse(1024 * 1024), attempt);
		expect(failure).toMatchObject({
			kind: 'corrupt',
			message:
				'Could not get “cat.jpg” in bucket “photos”: the response of http://127.0.0.1:9000 is longer than any of S3 (more than 1 MiB)',
			operation: attempt.operation,
		});
	});

	it('a response that comes too slowly is one that did not come in time', () => {
		expect(failureFrom(new SlowResponse(300_000), attempt)).toMatchObject({
			kind: 'unreachable',
			code: 'ETIMEDOUT',
			message:
				'Could not get “cat.jpg” in bucket “photos”: http://127.0.0.1:9000 could not be reached, it did not answer in time',
		});
	});

	it('all that a server says is one line of bounded length', () => {
		const long = `a\n\n${'b'.repeat(1e6)}`;
		const error = Object.assign(answered(400, long), {
			message: long,
			$metadata: { requestId: long },
		});
		for (const { message, code, requestId } of [
			failureFrom(error, attempt),
			failureOfCode({ code: long, message: long }, attempt),
		]) {
			expect(message).toMatch(/: a b+…$/);
			expect(message.length).toBeLessThan(1100);
			expect(code).toMatch(/^a b{997}…$/);
			expect(requestId ?? code).toBe(code);
		}
	});

	it('an error without a message has its code for words, and not those of the SDK', () => {
		for (const message of ['UnknownError', '']) {
			const failure = failureFrom(answered(400, 'InvalidTag', message), attempt);
			expect(failure.message).toBe('Could not get “cat.jpg” in bucket “photos”: InvalidTag');
		}
	});

	it('an error about an argument names it once', () => {
		const about = { ArgumentName: 'x-amz-acl' };
		for (const [message, words] of [
			['', 'InvalidArgument (x-amz-acl)'],
			['x-amz-acl is no ACL', 'x-amz-acl is no ACL'],
		] as const) {
			const error = Object.assign(answered(400, 'InvalidArgument', message), about);
			expect(failureFrom(error, attempt).message).toBe(
				`Could not get “cat.jpg” in bucket “photos”: ${words}`,
			);
		}
	});

	it('an error whose code says too little has the server’s own words and our advice', () => {
		const failure = failureFrom(answered(400, 'InvalidTag', 'The TagKey is invalid.'), attempt);
		expect(failure.message).toBe(
			'Could not get “cat.jpg” in bucket “photos”: The TagKey is invalid',
		);
		expect(failure.advice).toContain('letters, digits, spaces');
	});

	const html = { 'content-type': 'text/html; charset=utf-8' };

	it.each([400, 403, 404, 405])(
		'a web page with status %i is not taken for a response of S3',
		(status) => {
			const failure = failureFrom(answered(status, 'NotFound', '', html), attempt);
			expect(failure.kind).toBe('rejected');
			expect(failure.message).toBe(
				`Could not get “cat.jpg” in bucket “photos”: the response of http://127.0.0.1:9000 is not one of S3, but a web page with HTTP ${status}`,
			);
		},
	);

	it.each<[number, string, object, string]>([
		[304, 'NotModified', {}, 'precondition'],
		[412, 'PreconditionFailed', {}, 'precondition'],
		[401, 'Unknown', {}, 'credentials'],
		[413, 'Unknown', {}, 'rejected'],
		[429, 'Unknown', {}, 'throttled'],
		[503, 'Unknown', {}, 'unavailable'],
	])(
		'the status %i of %s keeps its meaning whatever its content type',
		(status, name, changes, kind) => {
			const error = answered(status, name, '', html);
			expect(failureFrom(error, { ...attempt, ...changes }).kind).toBe(kind);
		},
	);

	it('a web page is not taken for a missing object, but what S3 calls one in response to a HEAD is', () => {
		const head = { ...attempt, operation: 'HeadObject' };
		const ofS3 = { ...html, 'x-amz-request-id': 'tx1' };
		expect(failureFrom(answered(404, 'NotFound', '', html), head).kind).toBe('rejected');
		expect(failureFrom(answered(404, 'NotFound', '', ofS3), head).kind).toBe('notFound');
	});

	it('an error of S3 keeps its meaning if it is said to be a web page', () => {
		const error = Object.assign(answered(403, 'AccessDenied', '', html), { Code: 'AccessDenied' });
		expect(failureFrom(error, attempt).kind).toBe('denied');
	});

	it('a missing key is taken for a wrong address if no key was asked for', () => {
		const listing = { ...attempt, operation: 'ListObjectsV2', key: undefined };
		const failure = failureFrom(answered(404, 'NoSuchKey'), listing);
		expect(failure.advice).toContain('without bucket and path');
	});

	it('the failure of a request that is too large for a proxy names its setting', () => {
		const failure = failureFrom(answered(413, 'Unknown', '', html), attempt);
		expect(failure.advice).toContain('client_max_body_size of nginx');
	});

	it('the description of a failure with a status alone says that it is one of HTTP', () => {
		expect(failureFrom(answered(401, 'Unknown'), attempt).description).toMatch(/\(HTTP 401 · /);
	});

	it('a cancel is a failure of that kind, and failures of our own are passed through', () => {
		const abort = Object.assign(new Error('Request aborted'), { name: 'AbortError' });
		expect(failureFrom(abort, attempt).kind).toBe('cancelled');
		const own = new S3Failure({ kind: 'corrupt', message: 'm', advice: 'a' });
		expect(failureFrom(own, attempt)).toBe(own);
	});

	it('a failure has no header and no cause, which might hold a secret', () => {
		const error = answered(403, 'AccessDenied', '', { authorization: 'AWS4 Signature=abc' });
		const failure = failureFrom(error, attempt);
		expect(JSON.stringify([failure, failure.message, failure.description])).not.toContain(
			'Signature=',
		);
		expect(failure.cause).toBeUndefined();
	});
});
