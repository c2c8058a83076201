/** A buffer of a size in bytes, of which each byte is what a function makes of its index. */
export function bytesFrom(size: number, byteAt: (index: number) => number): Buffer {
	// An array of as many numbers first would take a second and 500 MB for 30 MiB.
	const bytes = Buffer.alloc(size);
	for (let index = 0; index < size; index++) bytes[index] = byteAt(index);
	return bytes;
}
