import { withServer } from '../withServer';
import { texts } from './client';
import type { Fault } from './index';

const content = 'x'.repeat(100_000);

const server = withServer({ bucketsOfEachTest: ['b'] });
beforeEach(async () => {
	await server.send('PUT', '/b/key', { body: content });
});

const get = (path = '/b/key') => server.send('GET', path);
const put = () => server.send('PUT', '/b/new', { body: content });
const isThere = async (path: string) => (await server.send('HEAD', path)).status === 200;
const fault = (effect: Fault['effect'], more: Omit<Fault, 'effect'> = {}) =>
	server.faults.add({ effect, ...more });

describe('a fault', () => {
	it('a fault meets the requests it is for, as often as it should', async () => {
		fault(
			{ kind: 'answer', status: 503, code: 'SlowDown' },
			{ operation: 'GetObject', key: 'key', skip: 1, times: 2 },
		);
		const statuses = [];
		for (let i = 0; i < 4; i++) statuses.push((await get()).status);
		expect(statuses).toEqual([200, 503, 503, 200]);
		expect((await get('/b/other')).status).toBe(404);
	});

	it('a fault can look at the request, and ends when it is cleared', async () => {
		fault({ kind: 'answer', status: 500 }, { when: ({ headers }) => headers.range !== undefined });
		const range = () => server.send('GET', '/b/key', { headers: { range: 'bytes=0-1' } });
		expect([(await get()).status, (await range()).status]).toEqual([200, 500]);
		server.faults.clear();
		expect((await range()).status).toBe(206);
	});
});

describe('what goes wrong', () => {
	it('a fault may be a response of the test’s choice', async () => {
		const headers = { 'retry-after': '7' };
		fault({ kind: 'answer', status: 503, code: 'SlowDown', message: 'Slower', headers });
		const reply = await get();
		expect([reply.status, reply.code, reply.headers['retry-after']]).toEqual([
			503,
			'SlowDown',
			'7',
		]);
		expect(texts(reply.text, 'Message')).toEqual(['Slower']);
	});

	it('a fault may be latency', async () => {
		fault({ kind: 'latency', ms: 60 });
		const start = performance.now();
		await get();
		expect(performance.now() - start).toBeGreaterThan(55);
	});

	it('a fault may be a connection that ends within the request, which then has no effect', async () => {
		fault({ kind: 'resetRequest', afterBytes: 10 }, { operation: 'PutObject' });
		await expect(put()).rejects.toThrow();
		expect(await isThere('/b/new')).toBe(false);
	});

	it('a fault may be a response that is lost, although the request took effect', async () => {
		fault({ kind: 'loseAnswer' }, { operation: 'PutObject' });
		await expect(put()).rejects.toThrow();
		expect(await isThere('/b/new')).toBe(true);
	});

	it.each(['resetAnswer', 'truncate'] as const)(
		'a fault may be a response that ends early (%s)',
		async (kind) => {
			fault({ kind, afterBytes: 1000 });
			await expect(get()).rejects.toThrow();
		},
	);

	it('a fault may be one wrong byte', async () => {
		fault({ kind: 'corrupt', offset: 70_000 });
		const { text } = await get();
		expect(text).toHaveLength(content.length);
		expect(text.search(/[^x]/)).toBe(70_000);
	});

	it.each<Fault['effect']>([{ kind: 'stall' }, { kind: 'stallAnswer', afterBytes: 10 }])(
		'a fault may be silence: %j',
		async (effect) => {
			fault(effect);
			const { path } = await server.presign('GET', '/b/key');
			const stalled = async () => {
				const signal = AbortSignal.timeout(100);
				return await (await fetch(`${server.endpoint}${path}`, { signal })).text();
			};
			await expect(stalled()).rejects.toMatchObject({ name: 'TimeoutError' });
		},
	);

	it('a fault may be a slow response', async () => {
		fault({ kind: 'slow', bytesPerSecond: 1_000_000 });
		const start = performance.now();
		expect((await get()).text).toBe(content);
		expect(performance.now() - start).toBeGreaterThan(90);
	});

	it('a fault may be an error with status 200, although the request took effect', async () => {
		fault({ kind: 'errorIn200', code: 'InternalError' }, { operation: 'CopyObject' });
		const reply = await server.send('PUT', '/b/copy', {
			headers: { 'x-amz-copy-source': 'b/key' },
		});
		expect([reply.status, reply.code]).toEqual([200, 'InternalError']);
		expect(await isThere('/b/copy')).toBe(true);
	});

	it('a fault may be an error without a message', async () => {
		fault({ kind: 'emptyMessage' });
		const { text } = await get('/b/none');
		expect(text).toContain('<Code>NoSuchKey</Code><Message></Message>');
	});

	it('the clock of the server may be wrong', async () => {
		server.setClock(3600);
		const reply = await get();
		server.setClock(0);
		expect(reply.code).toBe('RequestTimeTooSkewed');
		expect(Date.parse(reply.headers.date!) - Date.now()).toBeGreaterThan(3_500_000);
		expect((await get()).status).toBe(200);
	});

	it('a checksum may be one that the server does not know, as with some that are not AWS', async () => {
		const when: Fault['when'] = ({ headers }) =>
			Object.keys(headers).some((name) => /^x-amz-(trailer|checksum-|sdk-checksum)/.test(name));
		fault({ kind: 'answer', status: 501, code: 'NotImplemented' }, { when });
		const headers = { 'x-amz-checksum-crc32': 'AAAAAA==' };
		expect((await server.send('PUT', '/b/new', { headers })).status).toBe(501);
		expect((await put()).status).toBe(200);
	});
});

describe('the record of requests', () => {
	it('the record of requests has all but the signature', async () => {
		server.requests.length = 0;
		await put();
		expect(server.requests).toHaveLength(1);
		expect(server.requests[0]).toMatchObject({
			method: 'PUT',
			operation: 'PutObject',
			bucket: 'b',
			key: 'new',
			status: 200,
			bytesReceived: content.length,
			user: 'main',
		});
		expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
		expect(server.requests[0]?.headers).toHaveProperty('x-amz-date');
	});
});
