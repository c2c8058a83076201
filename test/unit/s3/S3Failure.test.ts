import { S3Failure } from '../../../s3/S3Failure';
import type { FailureDetails } from '../../../s3/S3Failure';

const details: Required<FailureDetails> = {
	kind: 'unavailable',
	message: 'Could not put “a” in bucket “b”: the server failed',
	advice: 'Run it again later.',
	retryable: true,
	operation: 'PutObject',
	code: 'InternalError',
	status: 500,
	requestId: 'R1',
	attempts: 5,
	bucket: 'b',
	key: 'a',
	retryAfterMs: 7000,
	cause: new Error('socket hang up'),
};

it('a failure has what it was made of', () => {
	const failure = new S3Failure(details);
	expect(failure).toBeInstanceOf(Error);
	expect(failure).toMatchObject({ name: 'S3Failure', ...details });
});

it('a failure may not be retried unless it says so, and has no cause unless it is given', () => {
	const failure = new S3Failure({ kind: 'invalid', message: 'm', advice: 'a' });
	expect(failure.retryable).toBe(false);
	expect(Object.hasOwn(failure, 'cause')).toBe(false);
});

it('a failure in other words is otherwise the same', () => {
	const failure = new S3Failure(details).reworded('Other words', 'Other advice.');
	expect(failure).toMatchObject({ ...details, message: 'Other words', advice: 'Other advice.' });
});

it('a failure in other words may have another cause', () => {
	const cause = new Error('another');
	expect(new S3Failure(details).reworded('m', 'a', cause).cause).toBe(cause);
});

it.each([
	['invalid', S3Failure.invalid('m', 'a', { bucket: 'b' })],
	['refused', S3Failure.refused('m', 'a', { bucket: 'b' })],
	['corrupt', S3Failure.corrupt('m', 'a', { bucket: 'b' })],
])('S3Failure.%s makes a failure of that kind', (kind, failure) => {
	expect(failure).toMatchObject({ kind, message: 'm', advice: 'a', bucket: 'b', retryable: false });
});

it('a failure of cancelled work says what was being done', () => {
	const failure = S3Failure.cancelled('Could not get “a”', { operation: 'GetObject', key: 'a' });
	expect(failure).toMatchObject({
		kind: 'cancelled',
		message: 'Could not get “a”: it was cancelled',
		advice: 'Run it again if that was not intended.',
		operation: 'GetObject',
		key: 'a',
	});
});

it.each([
	[{}, 'Do this.'],
	[{ code: 'NoSuchKey' }, 'Do this. (NoSuchKey)'],
	[{ status: 401 }, 'Do this. (HTTP 401)'],
	[{ code: 'NoSuchKey', status: 404, requestId: 'R1' }, 'Do this. (NoSuchKey · 404 · request R1)'],
])('the description of a failure with %j is: %s', (facts, description) => {
	const failure = new S3Failure({ kind: 'rejected', message: 'm', advice: 'Do this.', ...facts });
	expect(failure.description).toBe(description);
});
