/** A signal of one's own that also fires when the caller's does. */
export interface LinkedSignal {
	signal: AbortSignal;
	abort: () => void;
	/** Takes the listener off the caller's signal, which may live much longer. */
	unlink: () => void;
}

/** Links a new signal to the caller's, so that a task can be stopped from inside and outside. */
export function linkedSignal(outer: AbortSignal | undefined): LinkedSignal {
	const controller = new AbortController();
	const abort = () => {
		controller.abort();
	};
	if (outer?.aborted === true) abort();
	outer?.addEventListener('abort', abort, { once: true });
	return {
		signal: controller.signal,
		abort,
		unlink: () => outer?.removeEventListener('abort', abort),
	};
}
