/** A buffer that the body of a response is read into, instead of being handed over as a stream. */
export interface BodyBuffer {
	readonly memory: Buffer;
	/** Bytes that have arrived. */
	filled: number;
	/** What broke the body off; undefined as long as nothing did. */
	failure: unknown;
}

/** A buffer for one response, whose body has at most as many bytes as the memory. */
export const bodyBufferOf = (memory: Buffer): BodyBuffer => ({
	memory,
	filled: 0,
	failure: undefined,
});
