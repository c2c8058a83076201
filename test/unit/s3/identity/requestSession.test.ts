import { rejectionOf } from '../../failureOf';
import { openLab } from './rolesAnywhere/lab';
import type { Lab } from './rolesAnywhere/lab';

const MINUTE = 60_000;

let lab: Lab;
beforeEach(async () => {
	lab = await openLab();
});
afterEach(() => lab.close());

it.each([30, -30])(
	'a clock that is wrong by %i minutes is corrected by the date of the response, with a warning',
	async (off) => {
		const clock = () => Date.now() + off * MINUTE;
		const { expiration, clockWarning } = await lab.session({}, { clock });
		expect(lab.service.handled.map(({ status }) => status)).toEqual([403, 201]);
		expect(clockWarning).toContain(
			`The local clock is 30 min ${off > 0 ? 'ahead of' : 'behind'} the server’s`,
		);
		const life = expiration.getTime() - clock();
		expect(life).toBeGreaterThan(59 * MINUTE);
		expect(life).toBeLessThan(61 * MINUTE);
	},
);

it.each([
	[7, [403, 201]],
	[4, [403]],
])(
	'a clock that is wrong by %i minutes is corrected only if that can be the reason of a refusal',
	async (minutes, statuses) => {
		lab.service.account.skewSeconds = 180;
		const clock = () => Date.now() - minutes * MINUTE;
		await lab.session({}, { clock }).catch(() => undefined);
		expect(lab.service.handled.map(({ status }) => status)).toEqual(statuses);
	},
);

it('a date of the response at which no service would issue a session is not believed', async () => {
	const ahead = await openLab({ clock: () => Date.now() + 40 * MINUTE });
	ahead.service.account.skewSeconds = 7200;
	const { expiration } = await ahead.session();
	await ahead.close();
	expect(expiration).toEqual(ahead.service.lent[0]?.expires);
});

it('a wrong clock is named when the correction does not help', async () => {
	const off = await openLab({ clock: () => Date.now() + 40 * MINUTE });
	off.service.account.skewSeconds = -1;
	const failure = await rejectionOf(off.session());
	await off.close();
	expect(failure.message).toContain('Invalid signature');
	expect(failure.advice).toContain('The local clock is 40 min behind the server’s');
	expect(off.service.requestCount).toBe(2);
});

it('a clock that is right is not named', async () => {
	lab.service.account.skewSeconds = -1;
	const failure = await rejectionOf(lab.session());
	expect(failure).toMatchObject({ code: 'AccessDeniedException', kind: 'credentials' });
	expect(failure.message).toContain('Invalid signature');
	expect(failure.advice).not.toContain('local clock');
	expect(lab.service.requestCount).toBe(1);
});

const throttled = { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' } };

it.each([
	['429', throttled],
	['429 of another kind', { status: 429, body: '{"message":"too fast"}' }],
	['429 with a page', { status: 429, headers: { 'content-type': 'text/html' }, body: '<p>x' }],
	['500', { status: 500 }],
	['502 with a page', { status: 502, headers: { 'content-type': 'text/html' }, body: '<p>x' }],
	['503', { status: 503, body: '{"message":"busy"}' }],
	['a broken connection', { reset: true }],
])('after %s the request is repeated', async (_name, fault) => {
	lab.service.faults.push(fault);
	await lab.session();
	expect(lab.service.requestCount).toBe(2);
});

it('the request is repeated after the time that the service asks to wait', async () => {
	lab.service.faults.push({
		...throttled,
		headers: { ...throttled.headers, 'retry-after': '1' },
	});
	const start = performance.now();
	await lab.session();
	expect(performance.now() - start).toBeGreaterThan(950);
});

it('a request is not repeated if the service asks to wait for too long', async () => {
	const headers = { ...throttled.headers, 'retry-after': '26' };
	lab.service.faults.push({ ...throttled, headers });
	expect(await rejectionOf(lab.session())).toMatchObject({
		kind: 'throttled',
		retryAfterMs: 26_000,
	});
	expect(lab.service.requestCount).toBe(1);
});

it.each([
	['429', throttled, 'throttled', 'ThrottlingException'],
	['502', { status: 502, headers: { 'content-type': 'text/html' } }, 'unavailable', 'HTTP 502'],
	['503', { status: 503, body: '{"message":"busy"}' }, 'unavailable', 'busy'],
])(
	'after %s the request is repeated as long as its caller wants',
	async (_name, fault, kind, words) => {
		lab.service.faults.push(...Array.from({ length: 1000 }, () => fault));
		const failure = await rejectionOf(lab.session({}, { retryFor: 1500 }));
		expect(failure.kind).toBe(kind);
		expect(failure.message).toContain(words);
		expect(lab.service.requestCount).toBeGreaterThan(1);
		const before = lab.service.requestCount;
		expect((await rejectionOf(lab.session({}, { retryFor: 0 }))).kind).toBe(kind);
		expect(lab.service.requestCount).toBe(before + 1);
	},
);

it('a session that the service fails to lend for a while is there afterwards, with more than four requests', async () => {
	lab.service.faults.push(...Array.from({ length: 5 }, () => ({ status: 503 })));
	await lab.session({}, { retryFor: 20_000 });
	expect(lab.service.requestCount).toBe(6);
});

it('requests that are throttled succeed after a while', async () => {
	lab.service.account.requestsPerSecond = 1;
	await lab.session();
	await lab.session();
	expect(lab.service.handled.map(({ status }) => status)).toContain(429);
});
