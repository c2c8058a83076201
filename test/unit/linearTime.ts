/** Microseconds of CPU time that work takes, to which other processes do not add. */
function cpuTimeOf(work: () => void): number {
	const begin = process.cpuUsage();
	work();
	return process.cpuUsage(begin).user;
}

/**
 * Fails if work on ten times as much takes more than 30 times as long.
 * @param work is given a length, of which its input has to be a small multiple
 */
export function expectLinearTime(work: (length: number) => void, length = 20_000): void {
	work(length);
	const short = cpuTimeOf(() => {
		work(length);
	});
	const long = cpuTimeOf(() => {
		work(10 * length);
	});
	// Within 5 ms there may be a garbage collection.
	expect(long).toBeLessThan(30 * Math.max(short, 5000));
}
