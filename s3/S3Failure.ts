/**
 * What went wrong, as far as a caller has to act differently:
 * - `invalid`: the request is wrong before anything was sent
 * - `refused`: the connection's own settings forbid it
 * - `notFound`: no such bucket, key, version or upload
 * - `denied`: the identity lacks a permission
 * - `credentials`: the identity itself is not accepted
 * - `precondition`: a condition of the request was not met (304, 409, 412)
 * - `rejected`: the server understood and refuses for another reason (other 4xx)
 * - `throttled`: too many requests
 * - `unavailable`: the server failed (5xx)
 * - `unreachable`: no response: DNS, connection, TLS, time-out
 * - `corrupt`: bytes, length or checksum are not what was announced
 * - `cancelled`: the caller stopped it
 */
export type FailureKind =
	| 'invalid'
	| 'refused'
	| 'notFound'
	| 'denied'
	| 'credentials'
	| 'precondition'
	| 'rejected'
	| 'throttled'
	| 'unavailable'
	| 'unreachable'
	| 'corrupt'
	| 'cancelled';

export interface FailureDetails {
	kind: FailureKind;
	/** One plain sentence that names bucket and key. */
	message: string;
	/** What the person can do about it. */
	advice: string;
	/** Whether the same request may succeed when it is sent again. */
	retryable?: boolean;
	/** S3's name of the call, e.g. `UploadPart`. */
	operation?: string | undefined;
	/** S3's or the system's error code, e.g. `NoSuchKey`, `ECONNREFUSED`. */
	code?: string | undefined;
	/** HTTP status. */
	status?: number | undefined;
	requestId?: string | undefined;
	/** Requests that were sent, the repeated ones included, where that is known. */
	attempts?: number | undefined;
	bucket?: string | undefined;
	key?: string | undefined;
	/** Milliseconds the server asks to wait. */
	retryAfterMs?: number | undefined;
	cause?: unknown;
}

export type FailureTarget = Pick<FailureDetails, 'operation' | 'bucket' | 'key' | 'cause'>;

/** The one error that `s3/` throws. It never holds a secret. */
export class S3Failure extends Error {
	readonly kind: FailureKind;
	readonly advice: string;
	readonly retryable: boolean;
	readonly operation: string | undefined;
	readonly code: string | undefined;
	readonly status: number | undefined;
	readonly requestId: string | undefined;
	readonly attempts: number | undefined;
	readonly bucket: string | undefined;
	readonly key: string | undefined;
	readonly retryAfterMs: number | undefined;

	/** What it was made of. */
	readonly #details: FailureDetails;

	constructor(details: FailureDetails) {
		super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
		this.#details = details;
		this.name = 'S3Failure';
		this.kind = details.kind;
		this.advice = details.advice;
		this.retryable = details.retryable ?? false;
		this.operation = details.operation;
		this.code = details.code;
		this.status = details.status;
		this.requestId = details.requestId;
		this.attempts = details.attempts;
		this.bucket = details.bucket;
		this.key = details.key;
		this.retryAfterMs = details.retryAfterMs;
	}

	/** What is wrong before anything is sent. */
	static invalid(message: string, advice: string, about: FailureTarget = {}): S3Failure {
		return new S3Failure({ kind: 'invalid', message, advice, ...about });
	}

	/** What the owner of the connection forbids. */
	static refused(message: string, advice: string, about: FailureTarget = {}): S3Failure {
		return new S3Failure({ kind: 'refused', message, advice, ...about });
	}

	/** What is not as it was announced, or not as S3 makes it. */
	static corrupt(message: string, advice: string, about: FailureTarget = {}): S3Failure {
		return new S3Failure({ kind: 'corrupt', message, advice, ...about });
	}

	/** Work that the caller stopped. @param what what was being done, as the beginning of a sentence */
	static cancelled(what: string, about: FailureTarget = {}): S3Failure {
		return new S3Failure({
			kind: 'cancelled',
			message: `${what}: it was cancelled`,
			advice: 'Run it again if that was not intended.',
			...about,
		});
	}

	/** The same failure in better words, where the caller knows more; with another cause, if given. */
	reworded(message: string, advice: string, cause: unknown = this.cause): S3Failure {
		return new S3Failure({ ...this.#details, message, advice, cause });
	}

	/** The advice, then the server's code, status and request id where there are any. */
	get description(): string {
		const facts = [
			this.code,
			this.status === undefined
				? undefined
				: `${this.code === undefined ? 'HTTP ' : ''}${this.status}`,
			this.requestId === undefined ? undefined : `request ${this.requestId}`,
		].filter((fact) => fact !== undefined);
		return facts.length === 0 ? this.advice : `${this.advice} (${facts.join(' · ')})`;
	}
}
