import { S3Failure } from '../../s3/S3Failure';

function failureIn(thrown: unknown): S3Failure {
	if (thrown instanceof S3Failure) return thrown;
	throw new Error('Something else than an S3Failure was thrown', { cause: thrown });
}

/** The S3Failure that the work throws; any other end is an error. */
export function failureOf(work: () => unknown): S3Failure {
	try {
		work();
	} catch (error) {
		return failureIn(error);
	}
	throw new Error('Nothing was thrown');
}

/** The S3Failure that a promise is rejected with; any other end is an error. */
export async function rejectionOf(promise: Promise<unknown>): Promise<S3Failure> {
	const end = await promise.then(
		() => undefined,
		(error: unknown) => ({ error }),
	);
	if (end === undefined) throw new Error('The promise was not rejected');
	return failureIn(end.error);
}
