import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MiB = 1024 * 1024;
/** MiB that become free in all. */
const ALL = 3072;
/** MiB that become free at a time. */
const STEP = 64;
/** Milliseconds between two times. */
const EVERY = 64;

/** Frees at once what has not been freed yet. */
let freeRest = (): void => undefined;

/**
 * Lets the system have memory at hand from now on, a gigabyte a second for three seconds. A virtual
 * machine's host takes free memory back within seconds, large pieces first, and a gigabyte anew takes longer
 * than to write it: who comes after a rest would pay for that, by chance, and who writes large pieces most.
 * To be called right before each that is measured; takes seconds.
 * @param folder where a file is written, which is gone at the end
 */
export function haveMemory(folder: string): void {
	freeRest();
	const file = join(folder, 'memory.bin');
	const block = Buffer.alloc(MiB, 1);
	const descriptor = openSync(file, 'w');
	rmSync(file);
	let left = 0;
	const timer = setInterval(() => {
		left -= STEP;
		if (left > 0) ftruncateSync(descriptor, left * MiB);
		else freeRest();
	}, EVERY).unref();
	freeRest = () => {
		freeRest = () => undefined;
		clearInterval(timer);
		closeSync(descriptor);
	};
	for (; left < ALL; left++) writeSync(descriptor, block);
}
