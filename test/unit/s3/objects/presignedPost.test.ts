/** Upload forms that plain `fetch` sends, as the page of anybody would. */
import type { Connection } from '../../../../s3/Connection';
import { presignedPost } from '../../../../s3/objects/presignedPost';
import type { Form, FormRequest } from '../../../../s3/objects/presignedPost';
import { withServer } from '../../../servers/withServer';
import { rejectionOf } from '../../failureOf';

const bucket = 'data';
const key = 'a b/ü.txt';
const call = { signal: undefined };

const server = withServer({ bucketsOfEachTest: [bucket] });

const formFor = async (
	wish: Partial<FormRequest> = {},
	settings: Partial<Connection> = {},
): Promise<Form> =>
	await presignedPost(
		await server.connect(settings),
		{ bucket, key, keyIsPrefix: false, expiresIn: 60, ...wish },
		call,
	);

const prefixed = (wish: Partial<FormRequest> = {}) =>
	formFor({ key: 'in/', keyIsPrefix: true, ...wish });

/** Sends a form with a file, and with other fields in place of its own or besides. */
async function submit(
	{ url, fields }: Form,
	content: string,
	{ name = 'file.txt', other = {} }: { name?: string; other?: Record<string, string> } = {},
) {
	const data = new FormData();
	for (const [field, value] of Object.entries({ ...fields, ...other })) data.append(field, value);
	data.append('file', new Blob([content]), name);
	const response = await fetch(url, { method: 'POST', body: data, redirect: 'manual' });
	const text = await response.text();
	const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1];
	return { status: response.status, headers: response.headers, text, code };
}

const stored = (name: string) =>
	server.store.bucket(bucket).get(Buffer.from(name).toString('latin1'));

const policyOf = ({ fields }: Form) =>
	JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString()) as {
		expiration: string;
		conditions: unknown[];
	};

describe('a form', () => {
	it('a form stores the file under its key, and responds with XML', async () => {
		const form = await formFor();
		expect(server.requests).toEqual([]);
		const { status, text } = await submit(form, 'content');
		expect(status).toBe(201);
		expect(text).toContain(`<Key>${key}</Key>`);
		expect(stored(key)?.content?.size).toBe(7);
	});

	it('the fields of a form are in its policy, each with a condition', async () => {
		const form = await formFor({ contentType: 'text/csv', metadata: { who: 'grüße' } });
		const { expiration, conditions } = policyOf(form);
		const fields = Object.entries(form.fields).filter(
			([name]) => name !== 'policy' && name !== 'x-amz-signature',
		);
		const asConditions = fields.map(([name, value]) => ({ [name]: value }));
		expect(conditions).toEqual([{ bucket }, ...asConditions]);
		expect(expiration).toBe(form.expiresAt.toISOString());
		expect(form.fields).toMatchObject({
			key,
			'Content-Type': 'text/csv',
			'x-amz-meta-who': '=?UTF-8?B?Z3LDvMOfZQ==?=',
			success_action_status: '201',
		});
	});

	it('a form with another key, another value or a further field is refused', async () => {
		const form = await formFor();
		for (const other of [
			{ key: 'elsewhere' },
			{ success_action_status: '200' },
			{ acl: 'public-read' },
			{ 'x-amz-meta-a': '1' },
		]) {
			expect(await submit(form, 'x', { other })).toMatchObject({
				status: 403,
				code: 'AccessDenied',
			});
		}
		const policy = Buffer.from(JSON.stringify({ ...policyOf(form), conditions: [] }));
		const forged = await submit(form, 'x', { other: { policy: policy.toString('base64') } });
		expect(forged).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
		expect(server.store.bucket(bucket).get('elsewhere')).toBeUndefined();
	});

	it('a form is good until it expires', async () => {
		const form = await formFor({ expiresIn: 60 });
		server.setClock(61);
		const late = await submit(form, 'x').finally(() => server.setClock(0));
		expect(late).toMatchObject({ status: 403, code: 'AccessDenied' });
		expect((await submit(form, 'x')).status).toBe(201);
	});

	it('a form is sent to the public endpoint', async () => {
		const publicEndpoint = 'https://files.example.com/s3';
		expect((await formFor({}, { publicEndpoint })).url).toBe('https://files.example.com/s3/data/');
		const local = server.endpoint.replace('127.0.0.1', 'localhost');
		const form = await formFor({ publicEndpoint: local }, { publicEndpoint });
		expect(form.url).toBe(`${local}/data/`);
		expect((await submit(form, 'x')).status).toBe(201);
	});

	it('a form can send the browser to a page after the upload', async () => {
		const form = await formFor({ successRedirect: 'https://example.com/thanks?a=1' });
		const { status, headers } = await submit(form, 'x');
		expect(status).toBe(303);
		expect(headers.get('location')).toMatch(
			/^https:\/\/example\.com\/thanks\?a=1&bucket=data&key=/,
		);
		for (const successRedirect of ['example.com', 'javascript:alert(1)', 'https://']) {
			expect((await rejectionOf(formFor({ successRedirect }))).kind).toBe('invalid');
		}
	});

	it('a form holds no secret', async () => {
		const form = await formFor();
		expect(JSON.stringify([form, policyOf(form)])).not.toContain(server.users.main.secretAccessKey);
		expect(form.cappedBy).toBeUndefined();
	});
});

describe('the size of a file', () => {
	it('a file that is too large or too small is refused by the server', async () => {
		const form = await formFor({ minSize: 2, maxSize: 4 });
		expect(policyOf(form).conditions).toContainEqual(['content-length-range', 2, 4]);
		expect(await submit(form, 'x')).toMatchObject({ status: 400, code: 'EntityTooSmall' });
		expect(await submit(form, 'xxxxx')).toMatchObject({ status: 400, code: 'EntityTooLarge' });
		expect(stored(key)).toBeUndefined();
		expect((await submit(form, 'xxxx')).status).toBe(201);
	});

	it('a form with one limit has the limit of S3 for the other', async () => {
		expect(policyOf(await formFor({ minSize: 1 })).conditions).toContainEqual([
			'content-length-range',
			1,
			5_368_709_120,
		]);
		expect(policyOf(await formFor({ maxSize: 9 })).conditions).toContainEqual([
			'content-length-range',
			0,
			9,
		]);
	});

	it.each([
		{ minSize: 5, maxSize: 4 },
		{ minSize: -1 },
		{ maxSize: 0.5 },
		{ maxSize: 5_368_709_121 },
	])('a form cannot have the limits %p', async (limits) => {
		expect((await rejectionOf(formFor(limits))).kind).toBe('invalid');
	});
});

describe('the key of a file', () => {
	it('the name of the file follows a prefix', async () => {
		const form = await prefixed();
		expect(form.fields.key).toBe('in/${filename}');
		expect((await submit(form, 'x', { name: 'März.txt' })).status).toBe(201);
		expect(stored('in/März.txt')).toBeDefined();
	});

	it('the name of the file also goes into metadata and into the page after the upload', async () => {
		const form = await formFor({
			metadata: { original: 'of ${filename}' },
			successRedirect: 'https://example.com/?file=${filename}&a=b',
		});
		const { status, headers } = await submit(form, 'x', { name: 'a.txt' });
		expect([status, headers.get('location')]).toEqual([
			303,
			expect.stringMatching(/^https:\/\/example\.com\/\?file=a\.txt&a=b&/),
		]);
		expect(stored(key)?.headers).toMatchObject({ 'x-amz-meta-original': 'of a.txt' });
	});

	it('a form with a prefix takes any key that begins with it, and no other', async () => {
		const form = await prefixed({ key: 'in/${filename}' });
		expect((await submit(form, 'x', { other: { key: 'in/chosen' } })).status).toBe(201);
		expect((await submit(form, 'x', { other: { key: 'out/chosen' } })).status).toBe(403);
	});

	it.each(['', '${filename}'])(
		'a form with the prefix %p is refused, as it could write every object',
		async (prefix) => {
			const failure = await rejectionOf(prefixed({ key: prefix }));
			expect(failure).toMatchObject({ kind: 'invalid', bucket });
		},
	);

	it.each(['a/${filename}', 'a\nb'])('a form with the key %p is refused', async (odd) => {
		expect((await rejectionOf(formFor({ key: odd }))).kind).toBe('invalid');
	});
});

describe('the type of a file', () => {
	it('a form for one type sends it, and takes no other', async () => {
		const form = await formFor({ contentType: 'text/csv' });
		expect(form.typePrefix).toBeUndefined();
		expect((await submit(form, 'x', { other: { 'Content-Type': 'text/html' } })).status).toBe(403);
		expect((await submit(form, 'x')).status).toBe(201);
		expect(stored(key)?.headers['content-type']).toBe('text/csv');
	});

	it.each([
		['image/*', 'image/', 'image/png', 'text/html'],
		['*/*', '', 'text/html', undefined],
		['*', '', 'text/html', undefined],
	])(
		'a form for the types %s leaves the field to who uploads',
		async (contentType, typePrefix, good, bad) => {
			const form = await formFor({ contentType });
			expect(form.typePrefix).toBe(typePrefix);
			expect(Object.keys(form.fields)).not.toContain('Content-Type');
			expect((await submit(form, 'x', { other: { 'Content-Type': good } })).status).toBe(201);
			expect(stored(key)?.headers['content-type']).toBe(good);
			const refused = bad === undefined ? {} : { 'Content-Type': bad };
			expect((await submit(form, 'x', { other: refused })).status).toBe(403);
		},
	);

	it('a type that no header can carry is refused', async () => {
		for (const contentType of ['bild/ü', 'bild/ü*']) {
			expect((await rejectionOf(formFor({ contentType }))).kind).toBe('invalid');
		}
	});
});

describe('what the connection forbids', () => {
	it('a connection for one bucket makes no form for another', async () => {
		const failure = await rejectionOf(formFor({}, { bucket: 'other', bucketOnly: true }));
		expect(failure.kind).toBe('refused');
	});

	it('a connection for reading makes no form', async () => {
		expect((await rejectionOf(formFor({}, { readOnly: true }))).kind).toBe('refused');
	});

	it('a private connection makes no form', async () => {
		const failure = await rejectionOf(formFor({}, { privacyLevel: 'private' }));
		expect(failure).toMatchObject({ kind: 'refused', bucket, key });
	});

	it('a form for data of the organization lives for an hour', async () => {
		const form = await formFor({ expiresIn: 7200 }, { privacyLevel: 'organizational' });
		expect(form.cappedBy).toBe('privacyLevel');
	});
});
