/** A whole number from 0 up to, but not including, `below`. */
export type Random = (below: number) => number;

/** Numbers that look random and are the same in every run: Mulberry32. */
export function randomFrom(seed: number): Random {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let value = Math.imul(state ^ (state >>> 15), 1 | state);
		value ^= value + Math.imul(value ^ (value >>> 7), 61 | value);
		return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

export const oneOf = <T>(random: Random, values: readonly T[]): T => values[random(values.length)]!;
