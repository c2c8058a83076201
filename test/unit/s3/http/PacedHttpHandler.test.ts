import { HttpRequest } from '@smithy/core/protocols';
import { connect } from 'node:net';
import type { OnReadOpts } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ProxyError } from '../../../../s3/errors/proxyError';
import { PacedHttpHandler } from '../../../../s3/http/PacedHttpHandler';
import type { HttpParts } from '../../../../s3/http/PacedHttpHandler';
import { RangeConnectionPool } from '../../../../s3/http/range/RangeConnectionPool';
import type { RangeReader, RangeResponse } from '../../../../s3/http/range/RangeReader';
import { bodyBufferOf } from '../../../../s3/memory/BodyBuffer';
import type { BodyBuffer } from '../../../../s3/memory/BodyBuffer';
import { RequestRate } from '../../../../s3/retry/RequestRate';
import { buildQueryString, HttpResponse, NodeHttpHandler } from '../../../../s3/sdk';
import { startRawServer } from '../../../faults/http/range/rawServer';

type Handled = Awaited<ReturnType<PacedHttpHandler['handle']>>;

const responseOf = (statusCode: number, body: unknown, headers = {}): Handled => ({
	response: new HttpResponse({ statusCode, headers, body }),
});

const requestTo = (port?: number) =>
	new HttpRequest({
		protocol: 'http:',
		hostname: '127.0.0.1',
		path: '/key',
		...(port && { port }),
	});
const request = requestTo();

/** A handler of doubles: what the HTTP client and the reader of ranges give, and what the rate is told. */
function handlerOf({
	sent = responseOf(200, Readable.from([])),
	range,
	proxyRefusal,
}: {
	sent?: Handled;
	range?: RangeResponse;
	proxyRefusal?: HttpParts['proxyRefusal'];
}) {
	let turns = 0;
	const rate = new RequestRate();
	jest.spyOn(rate, 'acquire').mockImplementation(() => Promise.resolve(++turns));
	const onResponse = jest.spyOn(rate, 'onResponse');
	const client = new NodeHttpHandler();
	const handle = jest.spyOn(client, 'handle').mockResolvedValue(sent);
	const destroyed = jest.spyOn(client, 'destroy');
	const readInto: RangeReader['readInto'] = (_, body) => {
		if (range?.isRead === true) body.filled = body.memory.write('range');
		return Promise.resolve(range);
	};
	const ranges = { readInto: jest.fn(readInto), destroy: jest.fn() };
	const emptyResponse: HttpParts['emptyResponse'] = ({ statusCode, headers }) =>
		responseOf(statusCode, Readable.from([]), headers);
	const handler = new PacedHttpHandler({
		handler: client,
		emptyResponse,
		rate,
		ranges,
		proxyRefusal,
	});
	return { handler, handle, ranges, destroyed, told: onResponse.mock.calls, turns: () => turns };
}

const bodyText = ({ memory, filled }: BodyBuffer) => memory.toString('latin1', 0, filled);

describe('a request without a buffer for its response', () => {
	it('a request without a buffer for its response goes to the HTTP client when it is its turn, and the rate is told of the response', async () => {
		const sent = responseOf(503, Readable.from(['slow']), { 'retry-after': '2' });
		const { handler, ranges, told } = handlerOf({ sent });
		expect(await handler.handle(request)).toBe(sent);
		expect(told).toEqual([[1, 503, 2000]]);
		expect(ranges.readInto).not.toHaveBeenCalled();
	});

	it('a request without a buffer for its response is not sent when it is cancelled before its turn', async () => {
		const rate = new RequestRate();
		rate.onResponse(await rate.acquire(undefined), 503, 30_000);
		const client = new NodeHttpHandler();
		const handle = jest.spyOn(client, 'handle');
		const parts = { handler: client, rate, ranges: {} as RangeReader, proxyRefusal: undefined };
		const handler = new PacedHttpHandler({ ...parts, emptyResponse: () => responseOf(200, '') });
		const abortSignal = AbortSignal.timeout(20);
		await expect(handler.handle(request, { abortSignal })).rejects.toThrow('Stopped before');
		expect(handle).not.toHaveBeenCalled();
	});

	it('a response that comes from a proxy is thrown as an error', async () => {
		const body = Readable.from(['page']);
		const error = new ProxyError('proxy:3128', 403, undefined);
		const { handler, told } = handlerOf({
			sent: responseOf(403, body, { server: 'squid' }),
			proxyRefusal: (url, status, headers) =>
				url === 'http://127.0.0.1' && status === 403 && headers.server === 'squid'
					? error
					: undefined,
		});
		await expect(handler.handle(request)).rejects.toBe(error);
		expect(body.destroyed).toBe(true);
		expect(told).toEqual([]);
	});
});

describe('a range that goes into a buffer', () => {
	const head = { statusCode: 206, headers: { etag: '"1"' } };

	it('a range that goes into a buffer is read by the reader of ranges in one turn, and the rate is told of the response', async () => {
		const { handler, handle, told, turns } = handlerOf({ range: { isRead: true, head } });
		const body = bodyBufferOf(Buffer.alloc(9));
		const { response } = await handler.handle(request, { body });
		expect(response).toMatchObject(head);
		expect(await buffer(response.body as Readable)).toHaveLength(0);
		expect(bodyText(body)).toBe('range');
		expect(turns()).toBe(1);
		expect(told).toEqual([[1, 206, 0]]);
		expect(handle).not.toHaveBeenCalled();
	});

	it('a range that goes into a buffer goes to the HTTP client in the same turn if it was not sent', async () => {
		const sent = responseOf(206, Readable.from([Buffer.from('he'), Buffer.from('llo')]));
		const { handler, told, turns } = handlerOf({ sent });
		const body = bodyBufferOf(Buffer.alloc(9));
		const { response } = await handler.handle(request, { body });
		expect(response.statusCode).toBe(206);
		expect(await buffer(response.body as Readable)).toHaveLength(0);
		expect(bodyText(body)).toBe('hello');
		expect(body.failure).toBeUndefined();
		expect(turns()).toBe(1);
		expect(told).toEqual([[1, 206, 0]]);
	});

	it('a range that goes into a buffer is sent again in a turn of its own if it was not read', async () => {
		const throttled = { statusCode: 503, headers: { 'retry-after': '1' } };
		const { handler, told, turns } = handlerOf({
			sent: responseOf(206, Readable.from([Buffer.from('hello')])),
			range: { isRead: false, head: throttled },
		});
		const body = bodyBufferOf(Buffer.alloc(9));
		await handler.handle(request, { body });
		expect(bodyText(body)).toBe('hello');
		expect(turns()).toBe(2);
		expect(told).toEqual([
			[1, 503, 1000],
			[2, 206, 0],
		]);
	});

	it('a range that goes into a buffer is sent again if its response was not understood, of which the rate is told nothing', async () => {
		const { handler, told } = handlerOf({
			sent: responseOf(206, Readable.from([])),
			range: { isRead: false, head: undefined },
		});
		await handler.handle(request, { body: bodyBufferOf(Buffer.alloc(9)) });
		expect(told).toEqual([[2, 206, 0]]);
	});

	it('what breaks the body of a range off is left in its buffer', async () => {
		const error = new Error('reset');
		async function* broken() {
			yield await Promise.resolve(Buffer.from('hel'));
			throw error;
		}
		const { handler } = handlerOf({ sent: responseOf(206, Readable.from(broken())) });
		const body = bodyBufferOf(Buffer.alloc(9));
		await handler.handle(request, { body });
		expect(bodyText(body)).toBe('hel');
		expect(body.failure).toBe(error);
	});

	it('the body of a range is destroyed when it is cancelled', async () => {
		const silent = new Readable({ read: () => undefined });
		const { handler } = handlerOf({ sent: responseOf(206, silent) });
		const body = bodyBufferOf(Buffer.alloc(9));
		const abortSignal = AbortSignal.timeout(20);
		await handler.handle(request, { body, abortSignal });
		expect(silent.destroyed).toBe(true);
		expect(body.failure).toMatchObject({ name: 'AbortError' });
	});

	it('a response with another status than 206 to a range is left as it is', async () => {
		const sent = responseOf(404, Readable.from(['not found']));
		const { handler } = handlerOf({ sent });
		const body = bodyBufferOf(Buffer.alloc(9));
		expect(await handler.handle(request, { body })).toBe(sent);
		expect(body.filled).toBe(0);
	});
});

it('the SDK takes the handler as it is', () => {
	const { handler, ranges, destroyed } = handlerOf({});
	expect(NodeHttpHandler.create(handler)).toBe(handler);
	expect(handler.metadata).toEqual({ handlerProtocol: 'http/1.1' });
	expect(handler.httpHandlerConfigs()).toEqual({});
	handler.destroy();
	expect(destroyed).toHaveBeenCalled();
	expect(ranges.destroy).toHaveBeenCalled();
});

it('a server that sends ranges in chunks is asked twice for the first one only', async () => {
	const server = await startRawServer((socket) =>
		socket.write(
			'HTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
		),
	);
	const timeouts = { connect: 1000, response: 1000, body: 1000, unused: 1000 };
	const openSocketTo = () => (onread: OnReadOpts) =>
		connect({ host: '127.0.0.1', port: server.port, onread });
	const handler = new PacedHttpHandler({
		handler: new NodeHttpHandler(),
		emptyResponse: ({ statusCode }) => responseOf(statusCode, Readable.from([])),
		rate: new RequestRate(),
		ranges: new RangeConnectionPool(openSocketTo, timeouts, buildQueryString),
		proxyRefusal: undefined,
	});
	for (let i = 0; i < 3; i++) {
		const body = bodyBufferOf(Buffer.alloc(9));
		await handler.handle(requestTo(server.port), { body });
		expect(bodyText(body)).toBe('hello');
	}
	expect(server.requests).toHaveLength(1 + 3);
	handler.destroy();
	server.stop();
});
