/** Attempts for one request, the first included, that are made however long they take. */
const LEAST_ATTEMPTS = 5;
/** Such attempts for a request that the server throttles: to ask again later does no harm. */
export const LEAST_WHEN_THROTTLED = 10;
/** Milliseconds, as long as suits a request. Who wants less does not wait half a minute for ten attempts. */
const SHORT = 20_000;

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

/** Whether a status says that requests come too fast. */
export const isThrottled = (status: number | undefined): boolean =>
	status === TOO_MANY_REQUESTS || status === SERVICE_UNAVAILABLE;

/**
 * How often a request may be sent, the first time included, when its time is over.
 * @param wasThrottled whether the server said that requests come too fast
 * @param retryFor milliseconds for which it was to be repeated
 */
export const leastAttempts = (wasThrottled: boolean, retryFor: number): number =>
	wasThrottled && retryFor >= SHORT ? LEAST_WHEN_THROTTLED : LEAST_ATTEMPTS;
