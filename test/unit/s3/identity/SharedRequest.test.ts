import { SharedRequest } from '../../../../s3/identity/SharedRequest';
import { S3Failure } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';

const outage = (retryAfterMs?: number) =>
	new S3Failure({
		kind: 'unreachable',
		message: 'no service',
		advice: '',
		retryable: true,
		retryAfterMs,
	});
const cancelled = () => S3Failure.cancelled('The waiting');

/** A service that is away until a test says that it is back, and asks to wait for so many milliseconds. */
function service(retryAfterMs?: number) {
	const state = { isAway: true, requests: 0 };
	const request = () => {
		state.requests += 1;
		return state.isAway ? Promise.reject(outage(retryAfterMs)) : Promise.resolve('session');
	};
	return { state, shared: new SharedRequest(request) };
}

it('a request is repeated for its most patient caller, and another one is told at once', async () => {
	const { state, shared } = service();
	const patient = shared.wait({ retryFor: 20_000 }, cancelled);
	const failure = await rejectionOf(shared.wait({ retryFor: 0 }, cancelled));
	expect(failure.message).toBe('no service');
	expect(state.requests).toBe(1);
	// One that comes in between is told, too.
	expect((await rejectionOf(shared.wait({ retryFor: 0 }, cancelled))).kind).toBe('unreachable');
	state.isAway = false;
	expect(await patient).toBe('session');
	expect(state.requests).toBe(2);
});

it('a caller with little time is told when it is over, and the others wait on', async () => {
	const { state, shared } = service();
	const patient = shared.wait({}, cancelled);
	await rejectionOf(shared.wait({ retryFor: 300 }, cancelled));
	state.isAway = false;
	expect(await patient).toBe('session');
});

it('a caller whose time is over before the next attempt is told before it', async () => {
	const { state, shared } = service(1000);
	const patient = shared.wait({}, cancelled);
	await rejectionOf(shared.wait({ retryFor: 300 }, cancelled));
	expect(state.requests).toBe(1);
	state.isAway = false;
	expect(await patient).toBe('session');
});

it('a request that nobody wants repeated is sent once', async () => {
	const { state, shared } = service();
	await rejectionOf(shared.wait({ retryFor: 0 }, cancelled));
	await rejectionOf(shared.result);
	expect(state.requests).toBe(1);
});

it('a failure that stays is not repeated', async () => {
	let requests = 0;
	const shared = new SharedRequest(() => {
		requests += 1;
		return Promise.reject(S3Failure.refused('no', ''));
	});
	expect((await rejectionOf(shared.wait({}, cancelled))).kind).toBe('refused');
	expect(requests).toBe(1);
});

it('a signal ends the waiting of its caller alone', async () => {
	const { state, shared } = service();
	const controller = new AbortController();
	const stopped = shared.wait({ signal: controller.signal }, cancelled);
	const other = shared.wait({}, cancelled);
	controller.abort();
	expect((await rejectionOf(stopped)).kind).toBe('cancelled');
	state.isAway = false;
	expect(await other).toBe('session');
});
