/** What a server can send without end, or to keep n8n busy: each becomes one clear error in time. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const MiB = 1024 * 1024;
const FILLER = Buffer.alloc(64 * 1024, 'x');

type ServerOf = (response: ServerResponse) => void;

withBinaryStore();

/** Responds to each request; set by a test. */
let respond: (response: ServerResponse, count: number) => void;
let requests = 0;
/** Bytes that were written to responses. */
let written = 0;
const server = createServer((request, response) => {
	request.resume();
	requests += 1;
	respond(response, requests);
});

beforeAll(async () => {
	await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});
beforeEach(() => {
	requests = 0;
	written = 0;
});

/** Writes a response that has no end. */
function endless(status: number, headers: Record<string, string>, begin = '', filler = FILLER) {
	return (response: ServerResponse) => {
		response.writeHead(status, headers);
		response.write(begin);
		const more = () => {
			while (!response.destroyed) {
				written += filler.length;
				if (!response.write(filler)) break;
			}
		};
		response.on('drain', more);
		more();
	};
}

async function run(parameters: object) {
	const { port } = server.address() as AddressInfo;
	const delay = monitorEventLoopDelay({ resolution: 5 });
	delay.enable();
	const { error } = await runNode({
		parameters: { bucket: 'bucket', key: 'key', ...parameters },
		credential: {
			endpoint: `http://127.0.0.1:${String(port)}`,
			accessKeyId: 'a',
			secretAccessKey: 's',
		},
	});
	// The end of a run that never waited is seen at the next turn of the clock.
	await sleep(20);
	delay.disable();
	return { message: error?.message ?? '', blocked: delay.max / 1e6 };
}

const list = { resource: 'object', operation: 'list', returnAll: true };
const get = { resource: 'object', operation: 'get' };
const buckets = { resource: 'bucket', operation: 'list', returnAll: true };
const xml = { 'content-type': 'application/xml' };
const found = { etag: '"a"', 'last-modified': 'Wed, 21 Oct 2015 07:28:00 GMT' };

it.each<[string, object, ServerOf, number, string]>([
	['a listing', list, endless(200, xml, '<ListBucketResult>'), 40, 'more than 16 MiB'],
	['buckets', buckets, endless(200, xml, '<ListAllMyBucketsResult>'), 20, 'more than 4 MiB'],
	['an error', get, endless(403, xml, '<Error><Message>'), 20, 'more than 1 MiB'],
	['a text', { ...get, as: 'text' }, endless(200, found), 80, 'more than 64 MiB'],
	[
		'a text of gzip',
		{ ...get, as: 'text' },
		endless(200, { ...found, 'content-encoding': 'gzip' }, '', gzipSync(Buffer.alloc(MiB, 'ab'))),
		80,
		'more than',
	],
])(
	'%s without end is one clear error, and read no further',
	async (_, parameters, of, mebibytes, words) => {
		respond = of;
		expect((await run(parameters)).message).toContain(words);
		expect(written).toBeLessThan(mebibytes * MiB);
	},
);

it.each([
	['document types', '<!DOCTYPE a>'],
	['blanks', ' '],
	['line breaks', '\n'],
	['tags', '<a>'],
	['references', '&#x'],
	['references to characters', '&#65;'],
	['ends of tags', '>'],
	['empty elements', '<a/>'],
])('an error of nothing but %s does not keep n8n busy', async (_, unit) => {
	const body = `${unit.repeat(480_000 / unit.length)}<Error><Code>AccessDenied</Code></Error>`;
	respond = (response) => response.writeHead(403, xml).end(body);
	const { message, blocked } = await run(get);
	expect(message).toContain('Could not get “key” in bucket “bucket”');
	// It takes tens of milliseconds; it was 12 s.
	expect(blocked).toBeLessThan(2000);
});

it.each([
	['of an error', get, 403, 'Error', 1],
	['of the list of buckets', buckets, 200, 'ListAllMyBucketsResult', 4],
	['of a list of versions', { ...list, operation: 'listVersions' }, 200, 'ListVersionsResult', 4],
])('attributes %s do not keep n8n busy', async (_, parameters, status, root, mebibytes) => {
	const attributes = Array.from({ length: 75_000 * mebibytes }, (__, i) => `a${i}="x"`);
	const body = `<${root} ${attributes.join(' ').slice(0, mebibytes * MiB - 100)}></${root}>`;
	respond = (response) => response.writeHead(status, xml).end(body);
	const { message, blocked } = await run(parameters);
	expect(message).toContain('Could not');
	// It takes tens of milliseconds; it was 2 s of an idle processor for a MiB.
	expect(blocked).toBeLessThan(2000);
});

const fields = Array.from({ length: 100_000 }, (_, i) => `<a${i}/>`).join('');

it.each([
	['an error of nothing but text', get, 403, 'Error', 'x'.repeat(MiB / 2)],
	['an error of nothing but blanks', get, 403, 'Error', ' '.repeat(MiB / 2)],
	['an error of 100,000 elements', get, 403, 'Error', fields],
	['a page of nothing but text in place of a listing', list, 200, 'X', 'x'.repeat(2 * MiB)],
	['document types in place of a listing', list, 200, '!DOCTYPE a', '<!DOCTYPE a>'.repeat(5e4)],
	['buckets of nothing but text', buckets, 200, 'ListAllMyBucketsResult', 'x'.repeat(8e6)],
	['buckets of nothing but line ends', buckets, 200, 'ListAllMyBucketsResult', '\r'.repeat(8e6)],
])('n8n is not kept busy by %s', async (_, parameters, status, root, content) => {
	respond = (response) => response.writeHead(status, xml).end(`<${root}>${content}</${root}>`);
	const { message, blocked } = await run(parameters);
	expect(message).toContain('Could not');
	// It takes tens of milliseconds; of the first it was 17 s for a MiB.
	expect(blocked).toBeLessThan(2000);
});

it('an error of a long text is shown as one line of bounded length', async () => {
	const words = 'no\n '.repeat(100_000);
	const body = `<Error><Code>Strange</Code><Message>${words}</Message></Error>`;
	respond = (response) => response.writeHead(400, xml).end(body);
	const { message } = await run(get);
	expect(message).toMatch(/: (no )+n?o?…$/);
	expect(message.length).toBeLessThan(1100);
});

it('a response with an impossible date does not keep the next request from being signed', async () => {
	respond = (response, count) => {
		const date = count === 1 ? { date: 'Sat, 13 Sep 275760 00:00:00 GMT' } : {};
		response.writeHead(200, { ...xml, ...date }).end('<ListBucketResult></ListBucketResult>');
	};
	for (const count of [1, 2]) {
		expect((await run(list)).message).toBe('');
		expect(requests).toBe(count);
	}
});

it('a server of something else than HTTP is one clear error', async () => {
	respond = ({ socket }) => socket?.end('SSH-2.0-OpenSSH_9.2\r\n');
	const { message } = await run({ ...get, options: { retryFor: 0 } });
	expect(message).toContain('its response is not one of HTTP');
});

it('a bucket list whose pages never end is an error', async () => {
	respond = (response, count) => {
		const page = `<ListAllMyBucketsResult><Owner><ID>me</ID></Owner><Buckets/><ContinuationToken>${String(count)}</ContinuationToken></ListAllMyBucketsResult>`;
		response.writeHead(200, xml).end(page);
	};
	expect((await run(buckets)).message).toContain('Could not list the buckets to their end');
	expect(requests).toBe(100);
});
