import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { stringify } from 'flatted';
import type { IDataObject } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { requestWithCredential } from './n8n';

/** Both of n8n's ways to send a request with a credential; the HTTP Request node uses the first. */
const helpers = ['requestWithAuthentication', 'httpRequestWithAuthentication'] as const;
type Helper = (typeof helpers)[number];

/** How each of them is told to give the response as a stream, with status and headers. */
const STREAMED: Record<Helper, IDataObject> = {
	requestWithAuthentication: { useStream: true, encoding: null, resolveWithFullResponse: true },
	httpRequestWithAuthentication: { encoding: 'stream', returnFullResponse: true },
};

const BASIC = { username: 'me', password: 'planted', scheme: 'http' };
const TEMPORARY = { sessionToken: 'planted', temporaryCredentials: true };

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
const { credential } = server;
let base: string;

beforeAll(async () => {
	base = `${credential.endpoint}/${bucket}`;
	await putAll(credential, bucket, { 'a b+(c).txt': 'hello' });
});

const addressed = (helper: Helper, url: string): IDataObject => ({
	method: 'GET',
	...(helper === 'requestWithAuthentication' ? { uri: url } : { url }),
});

async function request(helper: Helper, url: string, options: IDataObject = {}) {
	const settings = { ...addressed(helper, url), ...options };
	return await requestWithCredential(helper, credential, settings);
}

/** Stops the servers of a test, also of one that failed. */
const stops: Array<() => void> = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** Starts a server and gives its URL. */
async function listen(listener: RequestListener): Promise<string> {
	const listening = createServer(listener);
	await once(listening.listen(0, '127.0.0.1'), 'listening');
	stops.push(() => {
		listening.closeAllConnections();
		listening.close();
	});
	return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
}

it.each(helpers)('%s signs a listing with query parameters', async (helper) => {
	const qs = { 'list-type': '2', prefix: 'a b+' };
	expect(await request(helper, base, { qs })).toContain('<Key>a b+(c).txt</Key>');
});

it.each(helpers)('%s signs a key with odd characters', async (helper) => {
	expect(await request(helper, `${base}/a b%2B(c).txt`)).toBe('hello');
});

const bodies: Array<[string, unknown, string]> = [
	['JSON', { a: 'ü', n: [1] }, '{"a":"ü","n":[1]}'],
	['text', ' {"not": trimmed} ', ' {"not": trimmed} '],
	['binary data', Buffer.from([0, 255, 13, 10]), Buffer.from([0, 255, 13, 10]).toString()],
	['nothing', undefined, ''],
	['a form', new URLSearchParams({ 'a b': 'ü&=+' }), 'a+b=%C3%BC%26%3D%2B'],
];

it.each(
	helpers.flatMap((helper) => bodies.map((body): [Helper, ...typeof body] => [helper, ...body])),
)('%s puts %s unchanged', async (helper, what, body, stored) => {
	const key = `${base}/put ${what} ${helper}`;
	const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
	await request(helper, key, {
		method: 'PUT',
		headers,
		json: typeof body === 'object' && !Buffer.isBuffer(body),
		...(body === undefined ? {} : { body: body as IDataObject }),
	});
	// n8n's older helper gives undefined for an empty body.
	expect((await request(helper, key, { json: false, encoding: 'text' })) ?? '').toBe(stored);
});

it.each(
	helpers.flatMap((helper) =>
		[301, 302, 303, 307, 308].map((status): [Helper, number] => [helper, status]),
	),
)(
	'%s does not follow a redirect with status %i, and n8n stores neither signature nor session token',
	async (helper, status) => {
		let requests = 0;
		const elsewhere = await listen((_, response) => {
			requests += 1;
			response.end('elsewhere');
		});
		const redirecting = await listen((_, response) => {
			response.writeHead(status, { location: elsewhere }).end();
		});
		const temporary = { ...credential, ...TEMPORARY };
		const settings = {
			...addressed(helper, redirecting),
			followRedirect: true,
			followAllRedirects: true,
			maxRedirects: 21,
		};
		const error: unknown = await requestWithCredential(helper, temporary, settings).catch(
			(thrown: unknown) => thrown,
		);
		expect(error).toMatchObject({ httpCode: String(status) });
		expect(stringify(error)).not.toMatch(/planted|AWS4-HMAC|Signature=/);
		expect(requests).toBe(0);
	},
);

it.each(helpers)('%s sends no request with the Scheme HTTP Basic', async (helper) => {
	let requests = 0;
	const gateway = await listen((_, response) => {
		requests += 1;
		response.end();
	});
	const basic = { ...credential, ...BASIC, endpoint: gateway };
	const settings = addressed(helper, gateway);
	await expect(requestWithCredential(helper, basic, settings, 'basicAuth')).rejects.toThrow(
		'use n8n’s own Basic Auth credential there',
	);
	expect(requests).toBe(0);
});

/**
 * When a person runs an HTTP Request node of n8n 2.41 by hand, the node keeps its first response in
 * its context (HttpRequestV3, `nodeContext.response`), and n8n stores the context with the execution
 * as flatted JSON. Of a response that is a file, of a given one as of a detected one, the stream is
 * kept: Node's IncomingMessage, with the ClientRequest and its headers as text. So what n8n stored
 * had the signature and, of temporary keys, the session token. Responses that are text or JSON, and
 * errors, were stored without their request.
 *
 * Everything that the node keeps is in what n8n gives it. Here it is made JSON as n8n does, with the
 * request still in it, which the node deletes.
 */
it.each(helpers)(
	'a response that %s gives as a stream is stored without signature and session token',
	async (helper) => {
		const seen: Array<string | undefined> = [];
		const answering = await listen(({ headers }, response) => {
			seen.push(headers.authorization, String(headers['x-amz-security-token']));
			response.setHeader('x-shown', 'yes').end('the file');
		});
		const temporary = { ...credential, ...TEMPORARY, endpoint: answering };
		const settings = { ...addressed(helper, answering), ...STREAMED[helper] };
		const response = await requestWithCredential(helper, temporary, settings);
		const stored = stringify(response);
		expect(seen).toEqual([expect.stringMatching(/^AWS4-HMAC-SHA256 /), 'planted']);
		expect(stored).toContain('"x-shown":');
		expect(stored).not.toMatch(/planted|AWS4-HMAC|Signature=/);
		expect(await text((response as { body: Readable }).body)).toBe('the file');
	},
);

it.each(helpers)('%s stores a file as it is, also with the type of a form', async (helper) => {
	const key = `form-${helper}`;
	await request(helper, `${base}/${key}`, {
		method: 'PUT',
		body: Readable.from([Buffer.from('the file')]) as unknown as IDataObject,
		headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 8 },
	});
	expect(await request(helper, `${base}/${key}`)).toBe('the file');
});

it.each(helpers)('%s is refused with a wrong secret', async (helper) => {
	const wrong = { ...credential, secretAccessKey: 'wrong' };
	const refused = requestWithCredential(helper, wrong, addressed(helper, `${base}/a`));
	await expect(refused).rejects.toMatchObject({ httpCode: '403' });
});

it.each(helpers)(
	'%s sends no header past the limits of a credential, however its name is written',
	async (helper) => {
		const limited = { ...credential, bucket, bucketOnly: true, privacyLevel: 'private' };
		const before = server.requests.length;
		for (const headers of [
			{ ' x-amz-copy-source': '/other/secret' },
			{ '\u00a0x-amz-acl': 'public-read' },
			{ '\tx-amz-grant-read': 'id="7012"' },
		]) {
			const put = { ...addressed(helper, `${base}/copied`), method: 'PUT', headers };
			await expect(requestWithCredential(helper, limited, put)).rejects.toThrow(
				/^(This credential is only for bucket|The Privacy Level)/,
			);
		}
		expect(server.requests).toHaveLength(before);
	},
);

it.each(helpers)(
	'%s reads with a credential that is only for reading, and changes nothing',
	async (helper) => {
		const reading = { ...credential, readOnly: true };
		const url = `${base}/a b%2B(c).txt`;
		expect(await requestWithCredential(helper, reading, addressed(helper, url))).toBe('hello');
		const del = { ...addressed(helper, url), method: 'DELETE' };
		await expect(requestWithCredential(helper, reading, del)).rejects.toThrow('only for reading');
		expect(await request(helper, url)).toBe('hello');
	},
);
