/**
 * Puts the clock under the control of a test: `jest.setSystemTime` sets what `Date` says. Timers go by the
 * real clock. To be imported first: the cache of sessions takes `Date.now` as it is when it is loaded.
 */
const others = Object.keys(globalThis).filter((name) => name !== 'Date');
const doNotFake = [...others, 'hrtime', 'nextTick', 'performance', 'queueMicrotask'];
jest.useFakeTimers({ now: Date.now(), doNotFake: doNotFake as never });

/** Moves the clock on. */
export function pass(seconds: number): void {
	jest.setSystemTime(Date.now() + seconds * 1000);
}
