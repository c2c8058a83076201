import { MiB } from '../bytes';

/** Thrown for a response that is to be read as a whole, but is longer than any of S3. */
export class LongResponse extends Error {
	override name = 'LongResponse';

	/** @param limit bytes that a response to this call may have */
	constructor(readonly limit: number) {
		super(`longer than any of S3 (more than ${limit / MiB} MiB)`);
	}
}
