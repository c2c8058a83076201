import { linkedSignal } from '../../../../s3/retry/linkedSignal';

beforeEach(() => {
	jest.useFakeTimers();
});
afterEach(() => {
	jest.useRealTimers();
});

it('a linked signal fires when the outer one does', () => {
	const outer = new AbortController();
	const { signal } = linkedSignal(outer.signal);
	expect(signal.aborted).toBe(false);
	outer.abort();
	expect(signal.aborted).toBe(true);
});

it('a linked signal has fired from the beginning if the outer one had', () => {
	expect(linkedSignal(AbortSignal.abort()).signal.aborted).toBe(true);
	expect(linkedSignal(AbortSignal.abort(), 1000).signal.aborted).toBe(true);
});

it('a linked signal that is fired leaves the outer one alone', () => {
	const outer = new AbortController();
	const { signal, abort } = linkedSignal(outer.signal);
	abort();
	expect([signal.aborted, outer.signal.aborted]).toEqual([true, false]);
});

it('a linked signal can be fired without an outer one', () => {
	const { signal, abort, unlink } = linkedSignal(undefined);
	unlink();
	abort();
	expect(signal.aborted).toBe(true);
});

it('a linked signal fires after its grace', () => {
	const outer = new AbortController();
	const { signal } = linkedSignal(outer.signal, 1000);
	outer.abort();
	jest.advanceTimersByTime(999);
	expect(signal.aborted).toBe(false);
	jest.advanceTimersByTime(1);
	expect(signal.aborted).toBe(true);
});

it('a signal that was unlinked does not fire any more, and leaves neither timer nor listener', () => {
	const outer = new AbortController();
	const remove = jest.spyOn(outer.signal, 'removeEventListener');
	const [quick, slow] = [linkedSignal(outer.signal), linkedSignal(outer.signal, 1000)];
	quick.unlink();
	outer.abort();
	slow.unlink();
	jest.runAllTimers();
	expect([quick.signal.aborted, slow.signal.aborted]).toEqual([false, false]);
	expect(remove).toHaveBeenCalledTimes(2);
	expect(jest.getTimerCount()).toBe(0);
});
