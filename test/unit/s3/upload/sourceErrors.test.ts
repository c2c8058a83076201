import {
	checkSize,
	putCancelled,
	sourceReadFailure,
	tooShort,
} from '../../../../s3/upload/sourceErrors';
import { S3Failure } from '../../../../s3/S3Failure';
import { failureOf } from '../../failureOf';

const requestOf = (size: number | undefined) => ({
	bucket: 'b',
	key: 'k',
	source: { size, open: () => Promise.reject(new Error('not read here')) },
});
const request = requestOf(10);

it('putCancelled names the object', () => {
	expect(putCancelled(request)).toMatchObject({
		kind: 'cancelled',
		message: 'Could not put “k” in bucket “b”: it was cancelled',
		operation: 'PutObject',
		bucket: 'b',
		key: 'k',
	});
});

it('sourceReadFailure says that the file broke, with the cause', () => {
	const cause = new Error('disk gone');
	expect(sourceReadFailure(request, cause)).toMatchObject({
		kind: 'corrupt',
		message: 'Could not put “k” in bucket “b”: the file could not be read to its end',
		cause,
	});
});

it('sourceReadFailure passes failures of S3 on', () => {
	const failure = S3Failure.invalid('message', 'advice');
	expect(sourceReadFailure(request, failure)).toBe(failure);
});

it('sourceReadFailure takes an abort for a cancel', () => {
	const abort = new DOMException('stopped', 'AbortError');
	expect(sourceReadFailure(request, abort).kind).toBe('cancelled');
	const other = new DOMException('stopped', 'DataError');
	expect(sourceReadFailure(request, other).kind).toBe('corrupt');
});

it.each([
	[9, 'only 9'],
	[11, 'more'],
])('checkSize refuses %d bytes of 10', (bytes, words) => {
	const { kind, message } = failureOf(() => checkSize(request, bytes));
	expect(kind).toBe('corrupt');
	expect(message).toContain(`the file should have 10 bytes but gave ${words}`);
});

it('checkSize takes the size announced, and any size if none was', () => {
	checkSize(request, 10);
	checkSize(requestOf(undefined), 3);
});

it('tooShort says so too of a source that announced nothing', () => {
	expect(tooShort(request, 3).message).toContain('should have 10 bytes but gave only 3');
	expect(tooShort(requestOf(undefined), 3).message).toContain('more bytes but gave only 3');
});
