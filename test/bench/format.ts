const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

/** A count with thousands separators. */
export const count = (value: number): string =>
	value.toLocaleString('en-US', { maximumSignificantDigits: 12 });

/** A duration with three digits. */
export function duration(seconds: number): string {
	if (seconds < 0.0995) return `${(seconds * 1000).toFixed(seconds < 0.00995 ? 1 : 0)} ms`;
	return `${seconds.toFixed(seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0)} s`;
}

/** A size, in the unit in which it is read most easily. */
export function size(bytes: number): string {
	if (bytes >= GiB) return `${trimmed(bytes / GiB)} GiB`;
	if (bytes >= MiB || bytes === 0) return `${trimmed(bytes / MiB)} MiB`;
	return bytes >= 1024 ? `${trimmed(bytes / 1024)} KiB` : `${bytes} B`;
}

/** How many times as fast, or as small. */
export function ratio(value: number): string {
	return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)}×`;
}

function trimmed(value: number): string {
	return value.toFixed(value < 9.95 && !Number.isInteger(value) ? 1 : 0);
}
