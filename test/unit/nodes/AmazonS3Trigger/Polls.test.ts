import { Polls } from '../../../../nodes/AmazonS3Trigger/Polls';

const MINUTE = 60_000;
const tick = { must: false, backsOff: true };

it('a poll is left out while another of the same trigger is in flight', async () => {
	const polls = new Polls();
	let end: (result: string) => void = () => undefined;
	const first = polls.run('a', tick, () => new Promise<string>((resolve) => (end = resolve)));
	const second = jest.fn(() => Promise.resolve('second'));
	expect(await polls.run('a', tick, second)).toBeUndefined();
	expect(second).not.toHaveBeenCalled();
	expect(await polls.run('b', tick, () => Promise.resolve('other'))).toBe('other');
	end('first');
	expect(await first).toBe('first');
	expect(await polls.run('a', tick, second)).toBe('second');
});

it('the first poll of an activation waits for one that is in flight', async () => {
	const polls = new Polls();
	const order: string[] = [];
	let end: () => void = () => undefined;
	const first = polls.run('a', tick, async () => {
		await new Promise<void>((resolve) => (end = resolve));
		order.push('first');
	});
	const second = polls.run('a', { ...tick, must: true }, () => {
		order.push('second');
		return Promise.resolve();
	});
	end();
	await Promise.all([first, second]);
	expect(order).toEqual(['first', 'second']);
});

it('polls that fail are made again after one, two, four and at most thirty minutes', async () => {
	let now = 0;
	const polls = new Polls(() => now);
	const failing = jest.fn(() => Promise.reject(new Error('no server')));
	const made: number[] = [];
	for (let minute = 0; minute < 100; minute++) {
		now = minute * MINUTE;
		const calls = failing.mock.calls.length;
		await polls.run('a', tick, failing).catch(() => undefined);
		if (failing.mock.calls.length > calls) made.push(minute);
	}
	expect(made.slice(0, 7)).toEqual([0, 1, 3, 7, 15, 31, 61]);
});

it('polls are made at once after a success, and where n8n itself backs off', async () => {
	const polls = new Polls(() => 0);
	const fail = () => Promise.reject(new Error('no server'));
	const succeed = () => Promise.resolve('made');
	await polls.run('a', tick, fail).catch(() => undefined);
	expect(await polls.run('a', tick, succeed)).toBeUndefined();
	expect(await polls.run('a', { ...tick, backsOff: false }, succeed)).toBe('made');
	expect(await polls.run('a', tick, succeed)).toBe('made');
});

it('people are warned of a trigger once an hour', () => {
	let now = 0;
	const polls = new Polls(() => now);
	const warned = [0, 10, 59, 60, 61, 119, 120].filter((minute) => {
		now = minute * MINUTE;
		return polls.mayWarn('a');
	});
	expect(warned).toEqual([0, 60, 120]);
});

it('what was known before a poll that has found something is stale until n8n has saved what it found', () => {
	let now = 0;
	const polls = new Polls(() => now);
	expect(polls.isStale('a', 'before')).toBe(false);
	polls.noteFound('a', 'before');
	expect([polls.isStale('a', 'before'), polls.isStale('a', 'after')]).toEqual([true, false]);
	expect(polls.isStale('b', 'before')).toBe(false);
	now = 20_000;
	expect(polls.isStale('a', 'before')).toBe(false);
});
