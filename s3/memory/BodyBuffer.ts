/** Memory for the body of an answer, which is read into it instead of being handed over as a stream. */
export interface BodyBuffer {
	readonly memory: Buffer;
	/** Bytes that have arrived. */
	filled: number;
	/** What broke the body off, where it did not end. */
	failure: unknown;
}

/** For one answer, whose body has at most as many bytes as the memory has. */
export const bodyBufferOf = (memory: Buffer): BodyBuffer => ({
	memory,
	filled: 0,
	failure: undefined,
});
