/**
 * How many seeds a simulation or a test with random input tries: `few` in `npm test`, `all` with
 * LONG_TESTS=1, as `npm run test:long` sets it.
 */
export const seeds = (few: number, all: number): number =>
	process.env.LONG_TESTS === '1' ? all : few;
