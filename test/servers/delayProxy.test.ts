import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startDelayProxy } from './delayProxy';
import type { DelayProxy } from './delayProxy';

const ROUND_TRIP = 40;
const MiB = 1024 * 1024;
const body = Buffer.alloc(8 * MiB, 'all of these bytes have to arrive. ');

let connections = 0;
let proxy: DelayProxy;
const server = createServer((message, response) => {
	void buffer(message).then((sent) => {
		if (message.url === '/break') response.destroy();
		else response.end(message.url === '/large' ? body : sent);
	});
});
server.on('connection', () => connections++);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	proxy = await startDelayProxy(`http://127.0.0.1:${port}`, ROUND_TRIP);
});

afterAll(async () => {
	agent.destroy();
	await proxy.stop();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

/** The response's body and the milliseconds that it took. */
async function post(path: string, sent: Buffer | string, { keepAlive = true } = {}) {
	const start = performance.now();
	const response = await new Promise<Buffer>((resolve, reject) => {
		const options = keepAlive ? { agent } : { agent: false as const };
		request(`${proxy.endpoint}${path}`, { method: 'POST', ...options }, (response) => {
			buffer(response).then(resolve, reject);
		})
			.on('error', reject)
			.end(sent);
	});
	return { response, took: performance.now() - start };
}

it('a request through the delay proxy costs one round trip on a connection that is kept, two on a new one', async () => {
	const first = await post('/', 'first');
	const later: number[] = [];
	for (let i = 0; i < 10; i++) later.push((await post('/', 'later')).took);
	expect(first.response.toString()).toBe('first');
	expect(first.took).toBeGreaterThan(2 * ROUND_TRIP - 2);
	// The quickest one: a busy machine slows the others down.
	expect(Math.min(...later)).toBeGreaterThan(ROUND_TRIP - 2);
	expect(Math.min(...later)).toBeLessThan(2 * ROUND_TRIP - 2);
	expect(connections).toBe(1);
});

it('the delay proxy passes every byte on, in order, in both directions', async () => {
	const { response } = await post('/echo', body);
	expect(response.equals(body)).toBe(true);
});

it('the delay proxy does not limit how much is in flight', async () => {
	await post('/', 'a connection');
	const { response, took } = await post('/large', '');
	expect(response.length).toBe(body.length);
	// At 64 KiB for each round trip this would take five seconds.
	expect(took).toBeLessThan(3000);
});

it('the delay proxy delivers what was sent before the server closed', async () => {
	const { response } = await post('/echo', body, { keepAlive: false });
	expect(response.equals(body)).toBe(true);
});

it('the delay proxy passes on that a connection broke', async () => {
	await expect(post('/break', '')).rejects.toThrow('socket hang up');
});
