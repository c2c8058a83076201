import type { RequestRecord } from './RequestRecord';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeChunked } from './chunked';
import { receive } from './content';
import { Exchange } from './Exchange';
import type { Answer } from './Exchange';
import type { Effect, Faults } from './faults';
import { utf8 } from './objectFields';
import { operationOf } from './operations';
import { afterEffects, beforeEffects, sendBody } from './effects';
import { accessDenied, invalidArgument, S3Error } from './S3Error';
import { decode, queryOf, verify } from './signature';
import type { SigningContext, Verified } from './signature';
import type { Store } from './store';
import type { User } from './users';
import { element, XML_HEAD } from './xml';

export interface Settings {
	store: Store;
	faults: Faults;
	requests: RequestRecord[];
	users: () => readonly User[];
	region: string;
	/** How a request signed for another region than the bucket's is refused. */
	regionErrors: 'redirect' | 'malformed';
	minimumPartSize: number;
	directory: string | undefined;
	virtualHostSuffix: string | undefined;
	/** Milliseconds to add to the clock. */
	skew: () => number;
}

/** Answers one request as S3 does. */
export async function handle(
	message: IncomingMessage,
	response: ServerResponse,
	settings: Settings,
): Promise<void> {
	const target = targetOf(message, settings.virtualHostSuffix);
	const { bucket, key, query, headers } = target;
	const operation = operationOf(message.method ?? '', bucket !== '', key !== '', query, headers);
	const record = recordOf(message, target, operation?.name);
	settings.requests.push(record);
	const effects = settings.faults.meet(record);
	response.on('finish', () => (record.status = response.statusCode));
	const requestId = randomBytes(8).toString('hex').toUpperCase();
	response.setHeader('x-amz-request-id', requestId);
	response.setHeader('x-amz-id-2', randomBytes(24).toString('base64'));
	response.setHeader('server', 'EmbeddedS3');
	response.setHeader('date', new Date(Date.now() + settings.skew()).toUTCString());
	try {
		if (await beforeEffects(effects, message, response)) return;
		if (operation === undefined) throw notImplemented();
		const exchange = authenticate(message, target, record, settings);
		const answer = await operation.run(exchange);
		await finish(message);
		if (afterEffects(effects, message, response)) return;
		await send(response, answer, effects);
	} catch (error) {
		if (message.destroyed && !message.complete) return;
		message.resume();
		sendError(message, response, error, { ...target, requestId, effects });
	}
}

interface Target {
	rawPath: string;
	rawQuery: string;
	bucket: string;
	/** One character per byte. */
	key: string;
	query: Map<string, string>;
	headers: Record<string, string | undefined>;
}

function targetOf(message: IncomingMessage, virtualHostSuffix: string | undefined): Target {
	const url = message.url ?? '/';
	const mark = url.indexOf('?');
	const rawPath = mark === -1 ? url : url.slice(0, mark);
	const rawQuery = mark === -1 ? '' : url.slice(mark + 1);
	const headers = Object.fromEntries(
		Object.entries(message.headers).map(([name, value]) => [
			name,
			Array.isArray(value) ? value.join(',') : value,
		]),
	);
	const query = new Map(queryOf(rawQuery).map(([name, value]) => [name, utf8(value)]));
	const path = decode(rawPath).slice(1);
	const host = (headers.host ?? '').replace(/:\d+$/, '');
	const suffix = virtualHostSuffix === undefined ? undefined : `.${virtualHostSuffix}`;
	if (suffix !== undefined && host.endsWith(suffix)) {
		return { rawPath, rawQuery, bucket: host.slice(0, -suffix.length), key: path, query, headers };
	}
	const slash = path.indexOf('/');
	const bucket = slash === -1 ? path : path.slice(0, slash);
	return {
		rawPath,
		rawQuery,
		bucket,
		key: slash === -1 ? '' : path.slice(slash + 1),
		query,
		headers,
	};
}

function recordOf(
	message: IncomingMessage,
	target: Target,
	operation: string | undefined,
): RequestRecord {
	const headers = { ...target.headers };
	delete headers.authorization;
	return {
		method: message.method ?? '',
		operation,
		bucket: target.bucket,
		key: utf8(target.key),
		query: Object.fromEntries(target.query),
		headers,
		status: 0,
		bytesReceived: 0,
		user: undefined,
	};
}

function authenticate(
	message: IncomingMessage,
	target: Target,
	record: RequestRecord,
	settings: Settings,
): Exchange {
	const { store, region, regionErrors } = settings;
	const bucketRegion = store.buckets.get(target.bucket)?.region ?? region;
	const request = { method: message.method ?? '', ...target };
	const context: SigningContext = {
		users: settings.users(),
		region:
			regionErrors === 'redirect' && !isSignedFor(target, bucketRegion) ? region : bucketRegion,
		now: new Date(Date.now() + settings.skew()),
	};
	const verified = verify(request, context);
	if (verified === undefined) throw accessDenied();
	record.user = verified.user.name;
	if (context.region !== bucketRegion) throw permanentRedirect(target.bucket, bucketRegion);
	if (target.key.length > 1024) {
		throw new S3Error(400, 'KeyTooLongError', 'Your key is too long', {
			fields: { Size: String(target.key.length), MaxSizeAllowed: '1024' },
		});
	}
	return new Exchange(
		message,
		store,
		verified.user,
		target.bucket,
		target.key,
		target.query,
		target.headers,
		() => receiveBody(counted(message, record), target, verified, settings),
		settings,
	);
}

const isSignedFor = ({ headers, rawQuery }: Target, region: string): boolean =>
	(headers.authorization ?? decode(rawQuery)).includes(`/${region}/s3/aws4_request`);

async function receiveBody(
	body: AsyncIterable<Buffer>,
	{ headers }: Target,
	verified: Verified,
	{ directory }: Settings,
) {
	const { payload } = verified;
	const trailers = new Map<string, string>();
	const chunked = payload.startsWith('STREAMING-');
	if (!chunked && headers['content-length'] === undefined && headers['transfer-encoding']) {
		throw new S3Error(
			411,
			'MissingContentLength',
			'You must provide the Content-Length HTTP header.',
		);
	}
	if (chunked && headers['x-amz-decoded-content-length'] === undefined) {
		throw new S3Error(
			411,
			'MissingContentLength',
			'You must provide the x-amz-decoded-content-length HTTP header.',
		);
	}
	if (!chunked && payload !== 'UNSIGNED-PAYLOAD' && !/^[0-9a-f]{64}$/.test(payload)) {
		throw invalidArgument(
			'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a valid sha256 value.',
		);
	}
	const content = chunked ? decodeChunked(body, { payload, verified, trailers }) : body;
	const received = await receive(content, { headers, trailers, payload }, directory);
	if (chunked && received.content.size !== Number(headers['x-amz-decoded-content-length'])) {
		throw new S3Error(
			400,
			'IncompleteBody',
			'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
		);
	}
	return received;
}

async function* counted(message: IncomingMessage, record: RequestRecord): AsyncGenerator<Buffer> {
	for await (const chunk of message as AsyncIterable<Buffer>) {
		record.bytesReceived += chunk.length;
		yield chunk;
	}
}

/** Reads what is left of the request, so that the connection can be used again. */
async function finish(message: IncomingMessage): Promise<void> {
	if (message.complete) return;
	message.resume();
	await new Promise((resolve) => message.once('end', resolve).once('close', resolve));
}

async function send(
	response: ServerResponse,
	{ status, headers, xml, body }: Answer,
	effects: Effect[],
): Promise<void> {
	for (const [name, value] of Object.entries(headers ?? {})) {
		if (value !== undefined) response.setHeader(name, value);
	}
	if (xml !== undefined) response.setHeader('content-type', 'application/xml');
	const text = xml === undefined ? undefined : Buffer.from(xml);
	if (text !== undefined) response.setHeader('content-length', String(text.length));
	else if (status === 200 && body === undefined && response.req.method !== 'HEAD')
		response.setHeader('content-length', '0');
	response.writeHead(status);
	if (body !== undefined) await sendBody(response, body.stream, effects);
	else if (text !== undefined) await sendBody(response, [text], effects);
	else response.end();
}

function sendError(
	message: IncomingMessage,
	response: ServerResponse,
	error: unknown,
	{ bucket, key, requestId, effects }: Target & { requestId: string; effects: Effect[] },
): void {
	if (response.headersSent) {
		response.destroy();
		return;
	}
	const known = error instanceof S3Error ? error : new S3Error(500, 'InternalError', String(error));
	for (const [name, value] of Object.entries(known.extra.headers ?? {}))
		response.setHeader(name, value);
	response.statusCode = known.status;
	if (message.method === 'HEAD' || known.status === 304) {
		response.end();
		return;
	}
	const empty = effects.some(({ kind }) => kind === 'emptyMessage');
	const fields = Object.entries({
		Resource: `/${bucket}/${utf8(key)}`,
		...known.extra.fields,
		RequestId: requestId,
	});
	const xml = `${XML_HEAD}<Error>${element('Code', known.code)}${element('Message', empty ? '' : known.message)}${fields.map(([name, value]) => element(name, value)).join('')}</Error>`;
	response.setHeader('content-type', 'application/xml');
	response.setHeader('content-length', String(Buffer.byteLength(xml)));
	response.end(xml);
}

const notImplemented = () =>
	new S3Error(501, 'NotImplemented', 'A header or operation you asked for is not implemented');

const permanentRedirect = (bucket: string, region: string) =>
	new S3Error(
		301,
		'PermanentRedirect',
		'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
		{
			headers: { 'x-amz-bucket-region': region },
			fields: { Bucket: bucket, Endpoint: `s3.${region}.amazonaws.com` },
		},
	);
