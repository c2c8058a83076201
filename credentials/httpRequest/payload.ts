import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { S3Failure } from '../../s3/S3Failure';
import { pairsOf, queryString } from './queryString';
import { headerOf } from './requestHeaders';
import type { RequestOptions } from './RequestOptions';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const JSON_TYPE = 'application/json';
const BINARY = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';

/** The body of a request, decided before the request is signed. */
export interface Payload {
	/** Undefined leaves the body as n8n has it: a stream or a form with files. */
	readonly bytes: Buffer | undefined;
	readonly contentType: string | undefined;
}

/**
 * The body of a request as the bytes that n8n would send. Only S3 takes a body that the signature
 * does not cover, so for any other service a stream is read into memory.
 *
 * @throws {S3Failure} of kind `invalid` for a form with files to another service than S3
 */
export async function payloadOf(request: RequestOptions, service: string): Promise<Payload> {
	const given = headerOf(request.headers, 'content-type');
	const { body, form } = request;
	if (request.formData !== undefined) return formWithFiles(service);
	const isForm = given?.startsWith('application/x-www-form-urlencoded') ?? false;
	if (form === undefined && isStream(body)) {
		// Under the type without a charset n8n would send the properties of the stream as a form.
		const contentType = isForm ? FORM : given;
		if (service === 's3') return { bytes: undefined, contentType };
		return { bytes: await buffer(body), contentType: contentType ?? BINARY };
	}
	if (form !== undefined || isForm) {
		return { bytes: formBytes(body, form), contentType: FORM };
	}
	if (body === undefined || body === null || body === '') {
		return { bytes: Buffer.alloc(0), contentType: given };
	}
	if (Buffer.isBuffer(body)) return { bytes: body, contentType: given ?? BINARY };
	if (body instanceof URLSearchParams) {
		return { bytes: Buffer.from(String(body)), contentType: FORM };
	}
	if (typeof body === 'string') {
		return { bytes: Buffer.from(body), contentType: given ?? TEXT };
	}
	if (typeof body === 'object' && 'getHeaders' in body) return formWithFiles(service);
	return { bytes: Buffer.from(JSON.stringify(body)), contentType: given ?? JSON_TYPE };
}

/** n8n makes the bytes of such a form while it sends it. */
function formWithFiles(service: string): Payload {
	if (service === 's3') return { bytes: undefined, contentType: undefined };
	throw S3Failure.invalid(
		`A request to the service ${service} cannot be signed with a form with files as body`,
		'Send the body as JSON, form-urlencoded, raw text or a single file.',
	);
}

function formBytes(body: unknown, form: RequestOptions['form']): Buffer {
	if (typeof form === 'string') return Buffer.from(form);
	if (form === undefined && typeof body === 'string') return Buffer.from(body);
	if (Buffer.isBuffer(body)) return body;
	const ofBody = pairsOf(Object(body ?? {}) as Record<string, unknown>);
	return Buffer.from(queryString([...ofBody, ...pairsOf(form)]));
}

function isStream(body: unknown): body is Readable {
	return typeof body === 'object' && body !== null && 'pipe' in body && !('getHeaders' in body);
}
