/** Attempts for one request, the first included. */
const MOST_ATTEMPTS = 5;
/** Attempts for a request that the server throttles: to ask again later does no harm. */
export const MOST_WHEN_THROTTLED = 10;

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

/** Whether a status says that requests come too fast. */
export const isThrottled = (status: number | undefined): boolean =>
	status === TOO_MANY_REQUESTS || status === SERVICE_UNAVAILABLE;

/** How often a request may be sent that ended with this status, the first time included. */
export const mostAttempts = (status: number | undefined): number =>
	isThrottled(status) ? MOST_WHEN_THROTTLED : MOST_ATTEMPTS;
