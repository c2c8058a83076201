import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { verify } from './authentication';
import { checkEmptyBody, receiveBody } from './body';
import { discard, read } from './content';
import { afterEffects, beforeEffects, sendBody } from './effects';
import { Exchange } from './Exchange';
import type { S3Response } from './Exchange';
import type { Effect, Faults } from './faults';
import { receiveForm } from './postObject';
import { operationOf } from './operations';
import type { RequestRecord } from './RequestRecord';
import { ACCOUNT, accessDenied, notImplemented, S3Error } from './S3Error';
import { decode } from './signature';
import { keyText } from './store';
import type { Store } from './store';
import { checkKey, targetOf } from './target';
import type { Target } from './target';
import type { User } from './users';
import { whenClosed } from './whenClosed';
import { element, XML_HEAD } from './xml';

export interface Settings {
	store: Store;
	faults: Faults;
	requests: RequestRecord[];
	inFlight: Set<RequestRecord>;
	users: () => readonly User[];
	region: string;
	/** How a request signed for another region than the bucket's is refused. */
	regionErrors: 'redirect' | 'malformed';
	minimumPartSize: number;
	maximumCopySize: number;
	directory: string | undefined;
	virtualHostSuffix: string | undefined;
	/** Whether clients come over TLS. */
	secure: boolean;
	/** Milliseconds to add to the clock. */
	skew: () => number;
}

/** One request and what its response needs. */
interface Work {
	message: IncomingMessage;
	response: ServerResponse;
	target: Target;
	record: RequestRecord;
	effects: readonly Effect[];
	settings: Settings;
}

/** Handles one request as S3 does. */
export async function handle(
	message: IncomingMessage,
	response: ServerResponse,
	settings: Settings,
): Promise<void> {
	const target = targetOf(message, settings.virtualHostSuffix);
	const { bucket, key, query, headers, method } = target;
	const operation = operationOf(method, bucket !== '', key !== '', query, headers);
	const record = recordOf(target, operation?.name);
	record.port = message.socket.remotePort;
	settings.requests.push(record);
	settings.inFlight.add(record);
	whenClosed(response, () => settings.inFlight.delete(record));
	const effects = settings.faults.meet(record);
	response.on('finish', () => (record.status = response.statusCode));
	const requestId = randomBytes(8).toString('hex').toUpperCase();
	response.setHeader('x-amz-request-id', requestId);
	response.setHeader('x-amz-id-2', randomBytes(24).toString('base64'));
	response.setHeader('server', 'EmbeddedS3');
	response.setHeader('date', new Date(Date.now() + settings.skew()).toUTCString());
	try {
		if (await beforeEffects(effects, message, response)) return;
		const work = { message, response, target, record, effects, settings };
		const exchange =
			operation?.name === 'PostObject'
				? await receiveForm({ ...work, region: regionFor(target, settings) ?? settings.region })
				: authenticate(work);
		if (operation === undefined) throw noOperation(target);
		const result = await operation.run(exchange);
		try {
			await finish(message);
			if (afterEffects(effects, message, response)) return;
			await send(response, result, effects);
		} finally {
			if (result.content !== undefined) discard(result.content);
		}
	} catch (error) {
		// The client is gone.
		if (message.destroyed && !message.complete) return;
		// A client that waits for 100 Continue is not sent it, and has no body to be read.
		if (message.headers.expect === undefined) message.resume();
		else response.shouldKeepAlive = false;
		sendError(response, error, target, { requestId, effects });
	}
}

function recordOf(target: Target, operation: string | undefined): RequestRecord {
	const headers = { ...target.headers };
	delete headers.authorization;
	return {
		method: target.method,
		operation,
		bucket: target.bucket,
		key: keyText(target.key),
		query: Object.fromEntries(target.query),
		headers,
		status: 0,
		bytesReceived: 0,
		user: undefined,
		port: undefined,
	};
}

function authenticate(work: Work): Exchange {
	const { message, response, target, record, effects, settings } = work;
	const { store, region, regionErrors, directory } = settings;
	const { bucket, key, query, headers, method } = target;
	checkKey(target);
	const bucketRegion = regionFor(target, settings);
	const redirected =
		regionErrors === 'redirect' &&
		bucketRegion !== undefined &&
		bucketRegion !== region &&
		!isSignedFor(target, bucketRegion);
	const verified = verify(target, {
		users: settings.users(),
		region: redirected ? region : bucketRegion,
		now: new Date(Date.now() + settings.skew()),
	});
	if (verified === undefined) throw accessDenied();
	record.user = verified.user.name;
	if (redirected) throw permanentRedirect(bucket, bucketRegion);
	const owner = headers['x-amz-expected-bucket-owner'];
	const ofSource = headers['x-amz-source-expected-bucket-owner'];
	if ([owner, ofSource].some((id) => id !== undefined && id !== ACCOUNT)) throw accessDenied();
	checkEmptyBody(target, verified);
	const count = (bytes: number) => (record.bytesReceived += bytes);
	return new Exchange({
		method,
		store,
		user: verified.user,
		signedRegion: verified.region,
		bucketName: bucket,
		key,
		query,
		headers,
		effects,
		settings,
		receive: (purpose) =>
			receiveBody({ message, response, target, verified, count }, purpose, directory),
	});
}

/** The region to sign for; any for a bucket that is only to be made. */
function regionFor({ bucket, key, method }: Target, { store, region }: Settings) {
	const existing = store.buckets.get(bucket);
	if (existing !== undefined) return existing.region;
	return method === 'PUT' && bucket !== '' && key === '' ? undefined : region;
}

const isSignedFor = ({ headers, rawQuery }: Target, region: string): boolean =>
	(headers.authorization ?? decode(rawQuery)).includes(`/${region}/s3/aws4_request`);

/** Reads what is left of the request, so that the connection can be used again. */
async function finish(message: IncomingMessage): Promise<void> {
	if (message.complete) return;
	message.resume();
	await new Promise((resolve) => message.once('end', resolve).once('close', resolve));
}

async function send(
	response: ServerResponse,
	{ status, headers, xml, content }: S3Response,
	effects: Effect[],
): Promise<void> {
	for (const [name, value] of Object.entries(headers ?? {})) {
		if (value !== undefined) response.setHeader(name, value);
	}
	const text = xml === undefined ? undefined : Buffer.from(xml);
	if (text !== undefined) {
		response.setHeader('content-type', 'application/xml');
		response.setHeader('content-length', String(text.length));
	} else if (status === 200 && !response.hasHeader('content-length')) {
		response.setHeader('content-length', '0');
	}
	response.writeHead(status);
	if (content !== undefined) await sendBody(response, read(content), effects);
	else if (text !== undefined) await sendBody(response, [text], effects);
	else response.end();
}

function sendError(
	response: ServerResponse,
	error: unknown,
	{ method, bucket, key }: Target,
	{ requestId, effects }: { requestId: string; effects: Effect[] },
): void {
	if (response.headersSent) {
		response.destroy();
		return;
	}
	const known = error instanceof S3Error ? error : new S3Error(500, 'InternalError', String(error));
	for (const [name, value] of Object.entries(known.extra.headers ?? {}))
		response.setHeader(name, value);
	response.statusCode = known.status;
	if (method === 'HEAD' || known.status === 304) {
		response.end();
		return;
	}
	const empty = effects.some(({ kind }) => kind === 'emptyMessage');
	const fields = Object.entries({
		...known.extra.fields,
		Resource: `/${bucket}/${keyText(key)}`,
		RequestId: requestId,
	});
	const inside = [
		element('Code', known.code),
		element('Message', empty ? '' : known.message),
		...fields.map(([name, value]) => element(name, value)),
	];
	const xml = Buffer.from(`${XML_HEAD}<Error>${inside.join('')}</Error>`);
	response.setHeader('content-type', 'application/xml');
	response.setHeader('content-length', String(xml.length));
	response.end(xml);
}

function noOperation({ method, bucket }: Target): S3Error {
	const known = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(method);
	if (known && bucket !== '') return notImplemented();
	return new S3Error(
		405,
		'MethodNotAllowed',
		'The specified method is not allowed against this resource.',
		{ fields: { Method: method } },
	);
}

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
