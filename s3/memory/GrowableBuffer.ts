/** Memory that is filled from its beginning, and becomes larger where it is too small. */
export class GrowableBuffer {
	/** Bytes in use. */
	length = 0;

	/** @param memory to begin with */
	constructor(public memory: Buffer) {}

	/** What it was filled with; it changes with what comes later. */
	filled(): Buffer {
		return this.memory.subarray(0, this.length);
	}

	/** Makes sure that so many further bytes fit. */
	makeRoom(further: number): void {
		const length = this.length + further;
		if (length <= this.memory.length) return;
		const larger = Buffer.allocUnsafeSlow(2 * length);
		this.memory.copy(larger, 0, 0, this.length);
		this.memory = larger;
	}
}
