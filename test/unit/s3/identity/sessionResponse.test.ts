import type { RolesAnywhereIdentity } from '../../../../s3/Connection';
import type { S3Failure } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';
import { openLab, serve } from './rolesAnywhere/lab';
import type { Lab } from './rolesAnywhere/lab';

let lab: Lab;
beforeEach(async () => {
	lab = await openLab();
});
afterEach(() => lab.close());

async function refusal(changes: Partial<RolesAnywhereIdentity> = {}): Promise<S3Failure> {
	return rejectionOf(lab.session(changes));
}

const edited = (edit: (set: Record<string, unknown>, whole: Record<string, unknown>) => void) => ({
	edit: (body: string) => {
		const whole = JSON.parse(body) as { credentialSet: Array<Record<string, unknown>> };
		edit(whole.credentialSet[0]!, whole);
		return JSON.stringify(whole);
	},
});
const inKeys = (changes: Record<string, unknown>) =>
	edited((set) => Object.assign(set.credentials as object, changes));

it.each([
	['no set', edited((_set, whole) => (whole.credentialSet = [])), 'it has no credentials'],
	['no list of sets', edited((_set, whole) => delete whole.credentialSet), 'no credentials'],
	[
		'several sets',
		edited((set, whole) => (whole.credentialSet = [set, set])),
		'several sets of credentials',
	],
	['no access key ID', inKeys({ accessKeyId: '' }), 'it has no access key ID'],
	['no secret', inKeys({ secretAccessKey: undefined }), 'it has no secret access key'],
	['no token', inKeys({ sessionToken: null }), 'it has no session token'],
	['no expiration', inKeys({ expiration: undefined }), 'it has no expiration time'],
	['an expiration in words', inKeys({ expiration: 'tomorrow' }), 'it has no expiration time'],
	['an impossible date', inKeys({ expiration: '2026-99-99T00:00:00Z' }), 'cannot be read'],
	['an end in the past', inKeys({ expiration: '2020-01-01T00:00:00Z' }), 'already expired'],
	['another role', edited((set) => (set.roleArn = 'arn:x')), 'credentials are for another role'],
])('a set with %s is an incomplete response', async (_name, fault, words) => {
	lab.service.faults.push(fault);
	const failure = await refusal();
	expect(failure.kind).toBe('unavailable');
	expect(failure.message).toContain(
		`incomplete response from ${new URL(lab.service.endpoint).host}`,
	);
	expect(failure.message).toContain(words);
	const { secretAccessKey, sessionToken } = lab.service.lent[0]!;
	expect(`${failure.message}${failure.description}`).not.toContain(secretAccessKey);
	expect(`${failure.message}${failure.description}`).not.toContain(sessionToken);
});

it('half a response of success is not shown, because it holds keys', async () => {
	lab.service.faults.push({ edit: (body) => body.slice(body.indexOf('"credentials"'), -40) });
	const failure = await refusal();
	expect(failure.message).toContain('unexpected response (HTTP 201, application/json)');
	expect(failure.message).not.toContain(lab.service.lent[0]!.accessKeyId);
});

it('a long message of the service is cut, and so is its code', async () => {
	const body = JSON.stringify({ message: 'no '.repeat(1000), code: 'No'.repeat(1000) });
	lab.service.faults.push({ status: 403, body });
	const { message, code } = await refusal();
	expect(message.length).toBeLessThan(1100);
	expect(code).toHaveLength(1000);
});

it('the beginning of a proxy’s page is shown, without its tags', async () => {
	const body = `<html><h1>Blocked</h1><p>${'by policy '.repeat(100)}</p></html>`;
	lab.service.faults.push({ status: 403, headers: { 'content-type': 'text/html' }, body });
	const failure = await refusal();
	expect(failure.message).toContain('unexpected response (HTTP 403, text/html) from 127.0.0.1');
	expect(failure.message).toContain('Blocked by policy');
	expect(failure.message).not.toContain('<');
	expect(failure.message.length).toBeLessThan(400);
});

it('a redirect is not followed', async () => {
	const headers = { location: `${lab.service.endpoint}/elsewhere` };
	lab.service.faults.push({ status: 307, headers, body: '{"message":"Moved"}' });
	const failure = await refusal();
	expect(failure.message).toContain('unexpected response (HTTP 307');
	expect(failure.advice).toContain('Redirects are not followed');
	expect(lab.service.requestCount).toBe(1);
});

it.each<[string, { headers?: Record<string, string>; body?: string }, object]>([
	[
		'a code only in a header',
		{ headers: { 'x-amzn-errortype': 'ValidationException:http://x/' } },
		{ code: 'ValidationException' },
	],
	[
		'a code only in the body, with its namespace',
		{ body: '{"__type":"com.amazonaws#AccessDeniedException"}' },
		{ code: 'AccessDeniedException', kind: 'denied' },
	],
	[
		'a code in its own member',
		{ body: '{"code":"ValidationException"}' },
		{ code: 'ValidationException' },
	],
	['Message with a capital', { body: '{"Message":"No way"}' }, { code: undefined }],
])('a refusal with %s is shown as far as possible', async (_name, fault, wanted) => {
	lab.service.faults.push({ status: 400, ...fault });
	const failure = await refusal();
	expect(failure).toMatchObject({ status: 400, ...wanted });
	expect(failure.message).toContain(failure.code ?? 'No way');
});

it('a refusal without any body is an unexpected response', async () => {
	lab.service.faults.push({ status: 403 });
	expect((await refusal()).message).toContain('unexpected response (HTTP 403, no content type)');
});

it.each([
	['the Authorization header', (header: string) => header],
	['the signature alone', (header: string) => /[0-9a-f]+$/.exec(header)?.[0] ?? ''],
])('%s of the request is not shown if the response repeats it', async (_what, partOf) => {
	let repeated = '';
	const echo = await serve(({ headers }, response) => {
		repeated = partOf(String(headers.authorization));
		response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
		response.end(JSON.stringify({ message: `You sent ${repeated}` }));
	});
	const failure = await refusal({ endpoint: echo.endpoint });
	echo.close();
	expect(repeated).toMatch(/[0-9a-f]{64,}$/);
	expect(failure.message).toContain('You sent …');
	expect(failure.message).not.toContain(repeated);
});

it('a hostile response with markup that does not end is read in linear time', async () => {
	const body = '<'.repeat(250_000);
	lab.service.faults.push({ status: 403, headers: { 'content-type': 'text/html' }, body });
	const start = performance.now();
	expect((await refusal()).message).toContain('unexpected response (HTTP 403, text/html)');
	expect(performance.now() - start).toBeLessThan(2_000);
});
