/** A buffer that is filled from its beginning and replaced by a larger one when it is full. */
export class GrowableBuffer {
	/** Bytes in use. */
	length = 0;

	/** @param memory to begin with */
	constructor(public memory: Buffer) {}

	/** The bytes in use, not a copy: they change with what is written later. */
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
