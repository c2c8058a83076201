import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Call } from '../Call';
import type { OpenS3 } from '../client/S3';
import type { Connection } from '../Connection';
import { attachment, fileNameIn, inline, plainName } from '../headers/contentDisposition';
import { agentsFor } from '../http/agentsFor';
import type { Agents } from '../http/Agents';
import { sendRequest } from '../http/sendRequest';
import type { Patience } from '../http/sendRequest';
import { bodyChunks } from '../retry/bodyChunks';
import type { LeastProgress } from '../retry/Progress';
import { delayAfterFailure, retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import {
	about,
	brokenOff,
	cancelled,
	failure,
	failureOfNetwork,
	failureOfStatus,
} from './failures';
import type { Target } from './failures';
import { firstRequest } from './firstRequest';
import type { UrlRequest } from './firstRequest';
import { redirect } from './redirect';
import type { FileRequest } from './redirect';
import { nameOfServer } from './serverName';
import type { ServerName } from './serverName';

export type { UrlRequest } from './firstRequest';

/** Redirects that are followed, one after the other. */
const MAX_REDIRECTS = 10;
/** Statuses of a response that has the whole file; 203 is one that a proxy has changed. */
const WITH_FILE = [200, 201, 203];

/** Milliseconds for which a server may be silent, and how much it has to send. */
interface FilePatience extends Patience {
	/** Between two pieces of the body. */
	readonly body: number;
	/** Of the body. */
	readonly least: LeastProgress;
}

/** Reports are often made while somebody waits for them. */
const PATIENCE: FilePatience = {
	connect: 10_000,
	response: 300_000,
	body: 120_000,
	least: { bytes: 64 * 1024, within: 300_000 },
};

/** A file on another server, of which the response has begun. */
export interface UrlFile {
	/** Bytes; undefined if the server does not say. */
	readonly size: number | undefined;
	readonly contentType: string | undefined;
	/** The bytes are stored as they come, so the object needs it, too. */
	readonly contentEncoding: string | undefined;
	/** Made of the name that the server gives the file; undefined if it gives none. */
	readonly contentDisposition: string | undefined;
	/** The name that the server gives the file, else the end of its URL; undefined if that has none, either. */
	readonly fileName: string | undefined;
	/** Whether only the end of the connection tells the end of the file, which may then be cut short. */
	readonly mayBeCutShort: boolean;
	/** Costs a transfer each time. */
	readonly readOnce: true;
	/**
	 * The bytes from the first one. The first stream is that of the response; for each further one the server is
	 * asked again, and has to say that the file is still the same.
	 * @throws S3Failure
	 */
	open(): Promise<Readable>;
	/** Ends the response if nobody has read it. */
	close(): void;
}

type PutInput = Calls['PutObject']['input'];

/** A response that has a file. */
interface Opened {
	readonly url: URL;
	readonly server: ServerName;
	readonly response: IncomingMessage;
	readonly size: number | undefined;
}

/** What all requests for one file have in common. */
interface Way {
	readonly agents: Agents;
	readonly target: Target;
	readonly call: Call;
	readonly patience: FilePatience;
}

/** The agents for other servers, by connection. */
const known = new WeakMap<Connection, Promise<Agents>>();

/**
 * Asks another server for a file that is to be stored, and follows redirects. It is reached over the proxy of the
 * connection, and has to have a certificate that is trusted, whatever the connection says of S3's. If the connection
 * may not store the object, no request is made. Internal addresses are asked only if the owner of the machine allows it.
 * @param target the object that the file is to become
 * @throws S3Failure, also for a response that has no file
 */
export async function openUrl(
	s3: OpenS3,
	request: UrlRequest,
	target: Target & { readonly acl?: string | undefined },
	call: Call,
	patience: Partial<FilePatience> = {},
): Promise<UrlFile> {
	const first = firstRequest(request);
	const { bucket, key = '-', acl } = target;
	await s3.build('PutObject', { Bucket: bucket, Key: key, ACL: acl as PutInput['ACL'] });
	const way = {
		agents: await agentsOf(s3.connection),
		target,
		call,
		patience: { ...PATIENCE, ...patience },
	};
	const { url, server, response, size } = await openAgain(first, way);
	const { headers } = response;
	const given = fileNameIn(headers['content-disposition']);
	const isInline = headers['content-disposition']?.trimStart().toLowerCase().startsWith('inline');
	let unread: IncomingMessage | undefined = response;
	return {
		size,
		contentType: typeIn(headers),
		contentEncoding: encodingOf(headers),
		contentDisposition: given && (isInline === true ? inline(given) : attachment(given)),
		fileName: given ?? nameInPath(url),
		mayBeCutShort: size === undefined && headers['transfer-encoding'] === undefined,
		readOnce: true,
		open: async () => {
			const opened = unread
				? { url, server, response: unread, size }
				: await openSame(first, response, way);
			unread = undefined;
			return streamOf(opened, way);
		},
		close: () => {
			unread?.destroy();
			unread = undefined;
		},
	};
}

function agentsOf(connection: Connection): Promise<Agents> {
	const trusting = { ...connection, ignoreSslIssues: false };
	const agents = known.get(connection) ?? agentsFor(trusting, { egress: connection.urlEgress });
	known.set(connection, agents);
	agents.catch(() => known.delete(connection));
	return agents;
}

/** Asks for the file, again if that may help: to ask for it changes nothing on the server. */
async function openAgain(request: FileRequest, way: Way): Promise<Opened> {
	const mayRetry = ({ retryable }: S3Failure) => retryable && request.method === 'GET';
	return await retry(
		() => openOnce(request, way),
		delayAfterFailure(mayRetry, way.call),
		way.call.signal,
	);
}

async function openOnce(request: FileRequest, way: Way): Promise<Opened> {
	let next = request;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const response = await send(next, way);
		const server = serverOf(next);
		const { statusCode: status = 0, headers } = response;
		if (WITH_FILE.includes(status)) {
			return { url: next.url, server, response, size: sizeIn(headers) };
		}
		response.destroy();
		const followed = follow(next, response, way);
		if (followed === undefined) {
			throw failureOfStatus(way.target, server, status, headers['retry-after']);
		}
		next = followed;
	}
	throw failure(way.target, `${request.url.origin} redirects more than ${MAX_REDIRECTS} times`, {
		kind: 'rejected',
		advice: 'Enter the URL at which the file itself is.',
	});
}

function follow(
	request: FileRequest,
	{ statusCode = 0, headers }: IncomingMessage,
	{ target }: Way,
): FileRequest | undefined {
	try {
		return redirect(request, statusCode, headers.location);
	} catch (error) {
		throw error instanceof S3Failure ? about(target, error) : error;
	}
}

async function send(request: FileRequest, way: Way): Promise<IncomingMessage> {
	const { agents, target, call, patience } = way;
	try {
		return await sendRequest(request, agents, call.signal, patience);
	} catch (error) {
		if (call.signal?.aborted === true) throw cancelled(target);
		const proxy = agents.proxyTo?.(request.url.origin);
		throw failureOfNetwork(target, serverOf(request), error, proxy);
	}
}

/** How errors name the server that a request goes to. */
const serverOf = ({ url, secrets }: FileRequest): ServerName => nameOfServer(url, secrets);

/** Asks again for a file of which bytes were read already: those of another one must not be mixed with them. */
async function openSame(
	request: FileRequest,
	{ headers: before }: IncomingMessage,
	way: Way,
): Promise<Opened> {
	if (request.method !== 'GET') throw notAgain(way.target, 'a POST is not sent twice');
	const opened = await openAgain(request, way);
	if (isSame(before, opened.response.headers)) return opened;
	opened.response.destroy();
	throw notAgain(way.target, 'the server does not say that it is still the same');
}

/** By a strong ETag, else by date and size. */
function isSame(before: IncomingHttpHeaders, after: IncomingHttpHeaders): boolean {
	const isStrong = before.etag !== undefined && !before.etag.startsWith('W/');
	const names = isStrong
		? (['etag', 'content-encoding'] as const)
		: (['last-modified', 'content-length', 'content-encoding'] as const);
	const isMarked = isStrong || before['last-modified'] !== undefined;
	return isMarked && names.every((name) => before[name] === after[name]);
}

function notAgain(target: Target, why: string): S3Failure {
	return failure(target, `the file had to be read a second time, but ${why}`, {
		kind: 'corrupt',
		advice: 'Run it again. Nothing was stored.',
	});
}

function streamOf({ server, response, size }: Opened, { target, call, patience }: Way): Readable {
	async function* chunks(): AsyncGenerator<Buffer> {
		let bytes = 0;
		try {
			const { body, least } = patience;
			for await (const chunk of bodyChunks(response, call.signal, body, least)) {
				bytes += chunk.length;
				yield chunk;
			}
		} catch (error) {
			if (call.signal?.aborted === true) throw cancelled(target);
			const { code } = error as { code?: string };
			throw brokenOff(target, server, bytes, size, code);
		}
	}
	return Readable.from(chunks(), { objectMode: false });
}

/** The length that was announced; Node fails a body that is shorter. */
function sizeIn({ 'content-length': length }: IncomingHttpHeaders): number | undefined {
	return length === undefined ? undefined : Number(length);
}

/** What a header of an object can carry. */
const CARRIED = /^[\t\x20-\x7e]+$/;

/** The type of the content; without its parameters if the name of a file in them has other characters. */
function typeIn({ 'content-type': type = '' }: IncomingHttpHeaders): string | undefined {
	const [bare = ''] = type.split(';', 1);
	return [type, bare.trim()].find((one) => CARRIED.test(one));
}

/** How the content is packed; undefined if it is not. */
function encodingOf({
	'content-encoding': encoding = '',
}: IncomingHttpHeaders): string | undefined {
	const isNone = ['', 'identity'].includes(encoding.trim().toLowerCase());
	return isNone || !CARRIED.test(encoding) ? undefined : encoding;
}

/** The end of a path, decoded; undefined for a folder. */
function nameInPath({ pathname }: URL): string | undefined {
	const last = pathname.split('/').at(-1) ?? '';
	try {
		return plainName(decodeURIComponent(last));
	} catch {
		return plainName(last);
	}
}
