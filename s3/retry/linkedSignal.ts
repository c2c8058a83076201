/** A signal of one's own that also fires when the caller's does. */
export interface LinkedSignal {
	signal: AbortSignal;
	abort: () => void;
	/** Takes the listener off the caller's signal, which may live much longer. */
	unlink: () => void;
}

/**
 * Links a new signal to the caller's, so that a task can be stopped from inside and outside.
 * @param grace milliseconds for which a task that is under way may go on after the caller's has fired
 */
export function linkedSignal(outer: AbortSignal | undefined, grace = 0): LinkedSignal {
	const controller = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const abort = () => {
		controller.abort();
	};
	const follow = grace === 0 ? abort : () => (timer = setTimeout(abort, grace));
	if (outer?.aborted === true) abort();
	else outer?.addEventListener('abort', follow, { once: true });
	return {
		signal: controller.signal,
		abort,
		unlink: () => {
			clearTimeout(timer);
			outer?.removeEventListener('abort', follow);
		},
	};
}
