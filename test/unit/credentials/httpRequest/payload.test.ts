import { Readable } from 'node:stream';

import type { RequestOptions } from '../../../../credentials/httpRequest/RequestOptions';
import { payloadOf } from '../../../../credentials/httpRequest/payload';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const payload = async (options: Partial<RequestOptions>, service = 'sqs') =>
	await payloadOf({ url: '', ...options }, service);

it.each<[string, Partial<RequestOptions>, string, string | undefined]>([
	['an object as JSON', { body: { a: 1 } }, '{"a":1}', 'application/json'],
	['text', { body: 'ü' }, 'ü', 'text/plain; charset=utf-8'],
	['bytes', { body: Buffer.from('x') }, 'x', 'application/octet-stream'],
	['a stream', { body: Readable.from(['x', 'y']) }, 'xy', 'application/octet-stream'],
	['nothing for an empty body', { body: '' }, '', undefined],
	['a form', { form: { a: 'b c', d: ["e'", 'f'] } }, 'a=b%20c&d=e%27&d=f', FORM],
	['a form that is text already', { form: 'a=b%20c&a=d' }, 'a=b%20c&a=d', FORM],
	['search parameters', { body: new URLSearchParams({ a: 'b c' }) }, 'a=b+c', FORM],
])('the payload is %s, with its content type', async (_what, options, text, contentType) => {
	const { bytes, contentType: type } = await payload(options);
	expect(String(bytes)).toBe(text);
	expect(type).toBe(contentType);
});

it.each<[string, unknown]>([
	['text', 'a=b%20c&a=d'],
	['bytes', Buffer.from('a=b%20c&a=d')],
])('a form that is the body as %s is sent as it is', async (_what, body) => {
	const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
	const { bytes, contentType } = await payload({ body, headers });
	expect(String(bytes)).toBe('a=b%20c&a=d');
	expect(contentType).toBe(FORM);
});

it('the content type that was entered is kept', async () => {
	const headers = { 'Content-Type': 'application/x-amz-json-1.0' };
	const { contentType } = await payload({ body: { a: 1 }, headers });
	expect(contentType).toBe('application/x-amz-json-1.0');
});

it('a stream to S3 stays a stream', async () => {
	expect(await payload({ body: Readable.from(['x']) }, 's3')).toEqual({
		bytes: undefined,
		contentType: undefined,
	});
});

it.each(['s3', 'sqs'])('a stream with the type of a form goes to %s as it is', async (service) => {
	const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
	const body = Readable.from([Buffer.from('a file')]);
	const { bytes, contentType } = await payload({ body, headers }, service);
	expect(bytes?.toString()).toBe(service === 's3' ? undefined : 'a file');
	expect(contentType).toBe(FORM);
});

const forms: Array<Partial<RequestOptions>> = [
	{ formData: { file: 'x' } },
	{ body: { getHeaders: () => ({}), pipe: () => undefined } },
];

it.each(forms)(
	'a form with files (%j) to another service is refused in words that say what works',
	async (form) => {
		await expect(payload(form)).rejects.toMatchObject({
			kind: 'invalid',
			message: 'A request to the service sqs cannot be signed with a form with files as body',
			advice: 'Send the body as JSON, form-urlencoded, raw text or a single file.',
		});
	},
);

it.each(forms)('a form with files (%j) to S3 stays as it is', async (form) => {
	expect((await payload(form, 's3')).bytes).toBeUndefined();
});
