import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MiB = 1024 * 1024;
/** As much as the largest object that several contenders move. */
const MEBIBYTES = 1024;

/**
 * Lets the system have memory at hand. A virtual machine's host takes free memory back within seconds, and
 * a gigabyte anew takes longer than to write it: who is measured after a rest would pay for all who come
 * soon after. To be called right before each that is measured; takes up to a second.
 * @param folder where a file is written and removed
 */
export function haveMemory(folder: string): void {
	const file = join(folder, 'memory.bin');
	const block = Buffer.alloc(MiB, 1);
	const descriptor = openSync(file, 'w');
	try {
		for (let i = 0; i < MEBIBYTES; i++) writeSync(descriptor, block);
	} finally {
		closeSync(descriptor);
		rmSync(file);
	}
}
