import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { Agent } from 'node:http';
import { PacedHttpHandler } from './s3/http/PacedHttpHandler';
import { RangeConnectionPool } from './s3/http/range/RangeConnectionPool';
import { bodyBufferOf } from './s3/memory/BodyBuffer';
import { RequestRate } from './s3/retry/RequestRate';
import { buildQueryString, HttpResponse, NodeHttpHandler } from './s3/sdk';
import { HttpRequest } from '@smithy/core/protocols';
async function main() {
	const rate = process.argv[2] ?? '0';
	const child = fork('/tmp/http-exp/server.cjs', [rate], { execArgv: [] });
	const [port] = (await once(child, 'message')) as [number];
	const make = (openSocket: boolean) =>
		new PacedHttpHandler({
			handler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 64 }) }),
			emptyResponse: (h) => ({ response: new HttpResponse({ ...h, body: Readable.from([]) }) }),
			rate: new RequestRate(),
			ranges: new RangeConnectionPool(
				() => (openSocket ? (onread) => connect({ host: '127.0.0.1', port, onread }) : undefined),
				{ connect: 1e4, response: 1e5, unused: 1e4 },
				buildQueryString,
			),
			proxyRefusal: undefined,
		});
	const request = new HttpRequest({ protocol: 'http:', hostname: '127.0.0.1', port, path: '/k' });
	const buffers = Array.from({ length: 24 }, () => Buffer.allocUnsafeSlow(8 * 1024 * 1024));
	async function run(name: string, own: boolean, total: number, together: number) {
		const handler = make(own);
		const times: number[] = [], cpus: number[] = [];
		for (let round = 0; round < 5; round++) {
			const t = performance.now(); const c = process.cpuUsage();
			let next = 0;
			await Promise.all(buffers.slice(0, together).map(async (memory) => {
				while (next++ < total) {
					const body = bodyBufferOf(memory);
					await handler.handle(request, { body });
					if (body.filled !== memory.length) throw new Error('short');
				}
			}));
			const u = process.cpuUsage(c);
			times.push(performance.now() - t); cpus.push((u.user + u.system) / 1000);
		}
		times.sort((a, b) => a - b); cpus.sort((a, b) => a - b);
		console.log(name, 'median ms', Math.round(times[2]!), 'cpu ms', Math.round(cpus[2]!));
		handler.destroy();
	}
	const n = Number(process.argv[3] ?? 128);
	await run('own 4', true, n, 4);
	await run('client 4', false, n, 4);
	await run('own 12', true, n, 12);
	await run('own 16 of 16 (waiting for a slot)', true, n, 16);
	await run('own 16 + client 8 of 24 (bound)', true, n, 24);
	child.kill();
}
void main();
