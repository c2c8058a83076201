import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

/** Takes requests and never answers; tells when they come and when they are given up. */
function silentServer() {
	let arrived = 0;
	let dropped = 0;
	const waiting: Array<{ count: number; resolve: () => void; of: () => number }> = [];
	const check = () => {
		for (const { count, resolve, of } of waiting) if (of() >= count) resolve();
	};
	const until = async (count: number, of: () => number) =>
		await new Promise<void>((resolve) => {
			waiting.push({ count, resolve, of });
			check();
		});
	const server: Server = createServer((request) => {
		arrived++;
		request.resume();
		request.socket.once('close', () => {
			dropped++;
			check();
		});
		check();
	});
	return {
		start: async () =>
			await new Promise<string>((resolve) => {
				server.listen(0, '127.0.0.1', () =>
					resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
				);
			}),
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
		arrived: async (count: number) => await until(count, () => arrived),
		dropped: async (count: number) => await until(count, () => dropped),
		requests: () => arrived,
	};
}

const fields = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', bucket: 'b' };
const list = { resource: 'object', operation: 'list', options: { concurrency: 3 } };

withBinaryStore();

describe('a workflow that is cancelled', () => {
	it.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'a workflow that is cancelled gives up the requests in flight, begins none and makes no error items (%s)',
		async (onError) => {
			const server = silentServer();
			const endpoint = await server.start();
			try {
				const running = runNode({
					items: Array.from({ length: 10 }, () => ({ json: {} })),
					parameters: list,
					credential: { ...fields, endpoint },
					onError,
					onStart: (cancel) => {
						void server.arrived(3).then(cancel);
					},
				});
				await server.dropped(3);
				const { status, outputs } = await running;
				expect(status).toBe('canceled');
				// where the node is set to continue, n8n itself hands on the input of the stopped node
				expect(outputs.flat().filter(({ json, error }) => error ?? json.error)).toEqual([]);
				expect(server.requests()).toBe(3);
			} finally {
				server.stop();
			}
		},
	);
});

describe('a workflow in which one item fails', () => {
	it('a workflow in which one item fails gives up the requests of those after it', async () => {
		const server = silentServer();
		const endpoint = await server.start();
		try {
			const running = runNode({
				items: [
					{ json: { prefix: { c: 1 } } },
					{ json: { prefix: 'a' } },
					{ json: { prefix: 'b' } },
				],
				parameters: { ...list, prefix: '={{ $json.prefix }}' },
				credential: { ...fields, endpoint },
			});
			const { status, error } = await running;
			expect(status).toBe('error');
			expect(error?.message).toBe('Prefix is not text but an object');
			expect(error).toMatchObject({ context: { itemIndex: 0 } });
		} finally {
			server.stop();
		}
	});
});
