/** Bytes: what one large object takes in parts or segments of the usual size. */
const MOST = 32 * 1024 * 1024;
/** Bytes; less is not worth keeping. */
const LEAST = 1024 * 1024;
/** Milliseconds since the last of it was in use. */
const KEPT = 60_000;

/** Memory of transfers that have ended, the newest first. */
let spare: Buffer[] = [];
let end: NodeJS.Timeout | undefined;

/**
 * Keeps memory for the next transfer of this process, for a minute. Were it new for each object, V8 would
 * soon collect the garbage of all of n8n, amid a transfer, as it does for every 64 MiB outside of its heap.
 */
export function recycle(buffers: readonly Buffer[]): void {
	const large = buffers.filter(({ length }) => length >= LEAST);
	if (large.length === 0) return;
	let bytes = 0;
	spare = [...large, ...spare].filter(({ length }) => (bytes += length) <= MOST);
	clearTimeout(end);
	end = setTimeout(() => (spare = []), KEPT).unref();
}

/** Memory of exactly so many bytes that nobody uses; undefined where none was kept. */
export function reuse(bytes: number): Buffer | undefined {
	const fitting = spare.findIndex(({ length }) => length === bytes);
	return fitting === -1 ? undefined : spare.splice(fitting, 1)[0];
}
