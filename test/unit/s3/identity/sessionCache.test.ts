import { SessionCache } from '../../../../s3/identity/sessionCache';
import { S3Failure } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Numbered {
	readonly number: number;
	readonly expiration: Date;
}

interface Pending {
	readonly grant: () => void;
	readonly fail: (error: Error) => void;
}

/** A cache with a clock that is set by hand, and a service that responds when `respond` is called. */
function openCache({ life = HOUR, maxSessions }: { life?: number; maxSessions?: number } = {}) {
	const state = { now: Date.UTC(2026, 10, 20), requests: 0, inflight: 0, maxInflight: 0 };
	const pending: Pending[] = [];
	const cache = new SessionCache<Numbered>(() => state.now, maxSessions);
	const request = () => {
		const number = (state.requests += 1);
		state.maxInflight = Math.max(state.maxInflight, (state.inflight += 1));
		return new Promise<Numbered>((resolve, reject) => {
			pending.push({
				grant: () => resolve({ number, expiration: new Date(state.now + life) }),
				fail: reject,
			});
		}).finally(() => (state.inflight -= 1));
	};
	const respond = async (how: (one: Pending) => void = ({ grant }) => grant()) => {
		pending.splice(0).forEach(how);
		await new Promise(setImmediate);
	};
	const get = (id = 'a', signal?: AbortSignal, life?: number) =>
		cache.get(id, request, { signal, life });
	const open = async (id = 'a') => {
		const first = get(id);
		await respond();
		return first;
	};
	const forget = (session: Numbered, id = 'a') => cache.forget(id, session);
	return { state, get, respond, open, forget };
}

const down = ({ fail }: Pending) =>
	fail(new S3Failure({ kind: 'unavailable', message: 'down', advice: 'wait' }));

it('50 parallel first uses make one request', async () => {
	const { state, get, respond } = openCache();
	const all = Promise.all(Array.from({ length: 50 }, () => get()));
	await respond();
	expect((await all).map(({ number }) => number)).toEqual(Array(50).fill(1));
	expect(state).toMatchObject({ requests: 1, maxInflight: 1 });
});

it('a session is given from memory while it lives', async () => {
	const { state, get, open } = openCache();
	await open();
	state.now += 54 * MINUTE;
	expect(await get()).toMatchObject({ number: 1 });
	expect(state.requests).toBe(1);
});

it('each id has a session of its own', async () => {
	const { open } = openCache();
	expect(await open('a')).toMatchObject({ number: 1 });
	expect(await open('b')).toMatchObject({ number: 2 });
	expect(await open('a')).toMatchObject({ number: 1 });
});

it('five minutes before its end a session is renewed once, without anybody waiting', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 55 * MINUTE - 1;
	expect(await get()).toMatchObject({ number: 1 });
	expect(state.requests).toBe(1);
	state.now += 1;
	expect(await Promise.all([get(), get(), get()])).toMatchObject(Array(3).fill({ number: 1 }));
	expect(state.requests).toBe(2);
	await respond();
	expect(await get()).toMatchObject({ number: 2 });
	expect(state).toMatchObject({ requests: 2, maxInflight: 1 });
});

it('a short session is renewed when a third of its life is left', async () => {
	const { state, get, open } = openCache({ life: 12 * MINUTE });
	await open();
	state.now += 8 * MINUTE - 1;
	await get();
	expect(state.requests).toBe(1);
	state.now += 1;
	await get();
	expect(state.requests).toBe(2);
});

it('the renewal of a session with less than a minute left is waited for', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 59 * MINUTE + 1;
	const renewed = Promise.all(Array.from({ length: 50 }, () => get()));
	await respond();
	expect((await renewed).map(({ number }) => number)).toEqual(Array(50).fill(2));
	expect(state).toMatchObject({ requests: 2, maxInflight: 1 });
});

it('a caller in the last minute of a session joins the renewal in flight', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 56 * MINUTE;
	await get();
	state.now += 3 * MINUTE + SECOND;
	const late = get();
	await respond();
	expect(await late).toMatchObject({ number: 2 });
	expect(state.requests).toBe(2);
});

it('while renewals fail the old session is given until its end, with pauses between requests', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 55 * MINUTE;
	const requestsAt: number[] = [];
	for (let second = 0; second < 300; second += 1) {
		const before = state.requests;
		const item = get();
		await respond(down);
		expect(await item).toMatchObject({ number: 1 });
		if (state.requests > before) requestsAt.push(second);
		state.now += SECOND;
	}
	expect(requestsAt).toEqual([0, 10, 30, 60, 90, 120, 150, 180, 210, 240, 270]);
});

it.each([HOUR, 70 * SECOND])(
	'after a failed renewal no caller waits for the next one while the old session of %d ms is valid',
	async (life) => {
		const { state, get, respond, open } = openCache({ life });
		await open();
		state.now += life - 59 * SECOND;
		const first = get();
		await respond(down);
		expect(await first).toMatchObject({ number: 1 });
		state.now += 30 * SECOND;
		expect(await get()).toMatchObject({ number: 1 });
		expect(state).toMatchObject({ requests: 3, inflight: 1 });
		await respond();
		expect(await get()).toMatchObject({ number: 3 });
	},
);

it('after the end of the old session the failure of the renewal is thrown', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += HOUR;
	const item = rejectionOf(get());
	await respond(down);
	expect(await item).toMatchObject({ kind: 'unavailable', message: 'down' });
});

it('a session that ended while its renewal was waited for is not given', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += HOUR - 10 * SECOND;
	const item = rejectionOf(get());
	state.now += 10 * SECOND;
	await respond(down);
	expect(await item).toMatchObject({ kind: 'unavailable' });
});

it('after a failed request the next one can succeed', async () => {
	const { get, respond } = openCache();
	const items = [get(), get()].map(rejectionOf);
	await respond(down);
	expect(await Promise.all(items)).toMatchObject([{ message: 'down' }, { message: 'down' }]);
	const next = get();
	await respond();
	expect(await next).toMatchObject({ number: 2 });
});

it('a renewal that succeeds after failures ends the pauses', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 55 * MINUTE;
	await get();
	await respond(down);
	state.now += 10 * SECOND;
	await get();
	await respond();
	state.now += 55 * MINUTE + SECOND;
	await get();
	await respond(down);
	expect(state.requests).toBe(4);
	state.now += 10 * SECOND;
	await get();
	expect(state.requests).toBe(5);
});

it('a caller that is cancelled does not cancel the request of the others', async () => {
	const { state, get, respond } = openCache();
	const controller = new AbortController();
	const cancelled = rejectionOf(get('a', controller.signal));
	const other = get();
	controller.abort();
	expect(await cancelled).toMatchObject({ kind: 'cancelled' });
	await respond();
	expect(await other).toMatchObject({ number: 1 });
	expect(await get()).toMatchObject({ number: 1 });
	expect(state.requests).toBe(1);
});

it('a caller that is cancelled in the last minute of a session gets no session', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 59 * MINUTE + SECOND;
	const controller = new AbortController();
	const cancelled = rejectionOf(get('a', controller.signal));
	controller.abort();
	expect(await cancelled).toMatchObject({ kind: 'cancelled' });
	await respond();
	expect(await get()).toMatchObject({ number: 2 });
});

it('a caller that was cancelled before makes no request', async () => {
	const { state, get } = openCache();
	expect(await rejectionOf(get('a', AbortSignal.abort()))).toMatchObject({ kind: 'cancelled' });
	expect(state.requests).toBe(0);
});

it('a session of less than a minute is given to its callers, and the next caller makes a request', async () => {
	const { state, get, respond } = openCache({ life: 30 * SECOND });
	const items = Promise.all([get(), get()]);
	await respond();
	expect(await items).toMatchObject([{ number: 1 }, { number: 1 }]);
	const next = get();
	await respond();
	expect(await next).toMatchObject({ number: 2 });
	expect(state.requests).toBe(2);
});

it('after the clock was set back a session is renewed', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now -= 30 * MINUTE;
	const item = get();
	await respond();
	expect(await item).toMatchObject({ number: 2 });
});

it('after the clock was set back a pause does not become longer', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 58 * MINUTE;
	await get();
	await respond(down);
	state.now -= MINUTE;
	await get();
	expect(state.requests).toBe(3);
});

it('after the machine slept past the end of a session a new one is requested', async () => {
	const { state, get, respond, open } = openCache();
	await open();
	state.now += 30 * HOUR;
	const item = get();
	await respond();
	expect(await item).toMatchObject({ number: 2 });
});

it('the session unused for longest is dropped when there are more than fit', async () => {
	const { open } = openCache({ maxSessions: 2 });
	await open('a');
	await open('b');
	await open('a');
	await open('c');
	expect(await open('a')).toMatchObject({ number: 1 });
	expect(await open('b')).toMatchObject({ number: 4 });
});

it('a refused session is replaced by one request', async () => {
	const { state, get, respond, open, forget } = openCache();
	const refused = await open();
	state.now += MINUTE;
	expect(forget(refused)).toBe(true);
	const all = Promise.all([get(), get()]);
	await respond();
	expect(await all).toMatchObject([{ number: 2 }, { number: 2 }]);
	// Another caller had the old session, too.
	expect(forget(refused)).toBe(true);
	expect(await get()).toMatchObject({ number: 2 });
	expect(state.requests).toBe(2);
});

it('a refused session that is younger than a minute is kept', async () => {
	const { state, get, open, forget } = openCache();
	const refused = await open();
	state.now += MINUTE - 1;
	expect(forget(refused)).toBe(false);
	expect(await get()).toBe(refused);
	expect(state.requests).toBe(1);
});

describe('a session that is to live for a while', () => {
	const getFor = ({ get }: ReturnType<typeof openCache>, life: number) => get('a', undefined, life);

	it('a session that lives long enough is given from memory', async () => {
		const cache = openCache();
		await cache.open();
		cache.state.now += 30 * MINUTE;
		expect((await getFor(cache, 30 * MINUTE)).number).toBe(1);
		expect(cache.state.requests).toBe(1);
	});

	it('a session that ends too early is renewed first', async () => {
		const cache = openCache();
		await cache.open();
		cache.state.now += 50 * MINUTE;
		const renewed = getFor(cache, HOUR);
		await cache.respond();
		expect((await renewed).number).toBe(2);
	});

	it('a session is not renewed if another would live hardly longer', async () => {
		const cache = openCache();
		await cache.open();
		cache.state.now += 59 * SECOND;
		expect((await getFor(cache, 7 * 24 * HOUR)).number).toBe(1);
		cache.state.now += SECOND;
		const renewed = getFor(cache, 7 * 24 * HOUR);
		await cache.respond();
		expect((await renewed).number).toBe(2);
	});

	it('a session that cannot be renewed is given while it lives, and renewed in the background later', async () => {
		const cache = openCache();
		await cache.open();
		cache.state.now += 30 * MINUTE;
		const given = getFor(cache, HOUR);
		await cache.respond(down);
		expect((await given).number).toBe(1);
		expect((await getFor(cache, HOUR)).number).toBe(1);
		expect(cache.state.requests).toBe(2);
		cache.state.now += MINUTE;
		expect((await getFor(cache, HOUR)).number).toBe(1);
		await cache.respond();
		expect((await getFor(cache, HOUR)).number).toBe(3);
	});
});
