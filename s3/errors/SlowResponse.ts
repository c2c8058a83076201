/** Thrown for a response that comes in drops, so that no silence ends it, and takes too long as a whole. */
export class SlowResponse extends Error {
	override name = 'SlowResponse';
	/** As of a response that does not come: what is said of it and done about it is the same. */
	readonly code = 'ETIMEDOUT';

	/** @param limitMs milliseconds that a response to this call may take */
	constructor(limitMs: number) {
		super(`not complete after ${limitMs / 1000} s`);
	}
}
