/** The double takes nothing that the service would not: else what passes it would prove nothing. */
import { constants, createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { accountTrusting, PROFILE_ARN, ROLE_ARN, TRUST_ANCHOR_ARN } from './account';
import { issue } from './authority';
import { startRolesAnywhere } from './server';
import type { RolesAnywhereServer } from './server';

const root = issue({ name: 'Root', ca: true });
const ec = issue({ name: 'ec.example' }, root);
const { privateKey: rsaKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsa = issue({ name: 'rsa.example', key: rsaKey }, root);

let service: RolesAnywhereServer;

beforeAll(async () => {
	service = await startRolesAnywhere({ account: accountTrusting(root) });
});
afterAll(() => service.stop());

/** A request for a session, as the protocol wants it unless something is changed. */
interface Request {
	method: string;
	path: string;
	members: object;
	body: (json: string) => string;
	certificate: typeof ec;
	headers: Record<string, string | string[]>;
	date: Date;
	/** Of the scope. */
	day: (date: string) => string;
	region: string;
	serial: (serial: bigint) => string;
	algorithm: string;
	names: (names: string[]) => string[];
	/** What is hashed in place of the body. */
	hashed: (body: string) => string;
	signature: (text: string, key: KeyObject) => Buffer;
	/** Changes what was signed afterwards. */
	afterwards: (headers: Record<string, string | string[]>) => void;
}

const same = <T>(value: T): T => value;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signs and sends; gives the status. */
async function send(changes: Partial<Request>): Promise<number | undefined> {
	const { certificate = ec, date = new Date(), method = 'POST', path = '/sessions' } = changes;
	const { body: edit = same, members, hashed = same, names: choose = same } = changes;
	const arns = { trustAnchorArn: TRUST_ANCHOR_ARN, profileArn: PROFILE_ARN, roleArn: ROLE_ARN };
	const body = edit(JSON.stringify({ ...arns, ...members }));
	const time = date.toISOString().replace(/[-:]|\.\d+/g, '');
	const headers: Record<string, string | string[]> = {
		'content-type': 'application/json',
		host: new URL(service.endpoint).host,
		'x-amz-date': time,
		'x-amz-x509': certificate.certificate.raw.toString('base64'),
		...changes.headers,
	};
	const names = choose(Object.keys(headers).sort());
	const lines = names.map((name) => `${name}:${[headers[name] ?? ''].flat().join(',')}\n`);
	const canonical = `${method}\n${path}\n\n${lines.join('')}\n${names.join(';')}\n${sha256(hashed(body))}`;
	const {
		day = (text: string) => text.slice(0, 8),
		region = 'eu-central-1',
		serial = String,
	} = changes;
	const scope = `${day(time)}/${region}/rolesanywhere/aws4_request`;
	const { algorithm = `AWS4-X509-${certificate === rsa ? 'RSA' : 'ECDSA'}-SHA256` } = changes;
	const text = `${algorithm}\n${time}\n${scope}\n${sha256(canonical)}`;
	const { signature = (data: string, key: KeyObject) => sign('sha256', Buffer.from(data), key) } =
		changes;
	const number = serial(BigInt(`0x${certificate.certificate.serialNumber}`));
	const signed = signature(text, certificate.key).toString('hex');
	headers.authorization = `${algorithm} Credential=${number}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signed}`;
	changes.afterwards?.(headers);
	const sent = requestHttp(`${service.endpoint}${path}`, { method, headers });
	const [answer] = (await once(sent.end(body), 'response')) as [IncomingMessage];
	answer.resume();
	return answer.statusCode;
}

const change = (name: string, edit: (value: string) => string | string[]) => ({
	afterwards: (headers: Record<string, string | string[]>) => {
		headers[name] = edit(String(headers[name]));
	},
});

it.each([
	['EC', ec],
	['RSA', rsa],
])('grants a session for a request that an %s key has signed', async (_type, certificate) => {
	expect(await send({ certificate })).toBe(201);
});

it.each<[string, number, RegExp, Partial<Request>]>([
	['another method', 404, /^PUT/, { method: 'PUT' }],
	['another path', 404, /\/session$/, { path: '/session' }],
	['a query', 404, /\?a=b$/, { path: '/sessions?a=b' }],
	['another content type', 400, /content type/, { headers: { 'content-type': 'text/json' } }],
	['half a body', 400, /not a JSON object/, { body: (json) => json.slice(0, -1) }],
	['a member that nobody knows', 400, /Unknown member region/, { members: { region: 'x' } }],
	[
		'a profile for a trust anchor',
		400,
		/trustAnchorArn/,
		{ members: { trustAnchorArn: PROFILE_ARN } },
	],
	['no role', 400, /roleArn/, { members: { roleArn: undefined } }],
	['899 seconds', 400, /900 and 43200/, { members: { durationSeconds: 899 } }],
	['seconds in quotes', 400, /900 and 43200/, { members: { durationSeconds: '3600' } }],
	['a session name with a blank', 400, /roleSessionName/, { members: { roleSessionName: 'a b' } }],
	['a date twice', 403, /x-amz-date is there twice/, change('x-amz-date', (date) => [date, date])],
	['no signature', 403, /another form/, change('authorization', () => 'Basic eDp5')],
	[
		'digits in capitals',
		403,
		/another form/,
		change('authorization', (all) =>
			all.replace(/[0-9a-f]+$/, (signature) => signature.toUpperCase()),
		),
	],
	['a serial number in hex', 403, /another form|in decimal/, { serial: (n) => n.toString(16) }],
	['another serial number', 403, /in decimal/, { serial: (n) => String(n + 1n) }],
	[
		'a certificate without padding',
		403,
		/strict base64/,
		{
			headers: { 'x-amz-x509': ec.certificate.raw.toString('base64url') + '-' },
		},
	],
	[
		'a certificate as PEM',
		403,
		/strict base64/,
		{
			headers: { 'x-amz-x509': ec.pem.replaceAll('\n', ' ') },
		},
	],
	[
		'something behind the certificate',
		403,
		/something follows/,
		{
			headers: {
				'x-amz-x509': Buffer.concat([ec.certificate.raw, Buffer.from('more')]).toString('base64'),
			},
		},
	],
	['an empty chain', 403, /strict base64/, { headers: { 'x-amz-x509-chain': '' } }],
	[
		'a chain of six',
		403,
		/too long/,
		{
			headers: {
				'x-amz-x509-chain': Array(6).fill(root.certificate.raw.toString('base64')).join(','),
			},
		},
	],
	[
		'a chain that is not signed',
		403,
		/x-amz-x509-chain is not signed/,
		{
			headers: { 'x-amz-x509-chain': root.certificate.raw.toString('base64') },
			names: (names) => names.filter((name) => name !== 'x-amz-x509-chain'),
		},
	],
	[
		'a host that is not signed',
		403,
		/host is not signed/,
		{
			names: (names) => names.filter((name) => name !== 'host'),
		},
	],
	[
		'a header that is signed and not sent',
		403,
		/x-gone is signed but absent/,
		{
			names: (names) => [...names, 'x-gone'],
		},
	],
	['names out of order', 403, /not sorted/, { names: (names) => [...names].reverse() }],
	[
		'a date in another form',
		403,
		/another form/,
		change('x-amz-date', () => new Date().toISOString()),
	],
	[
		'a clock 16 minutes behind',
		403,
		/ 9[67]\d(\.\d+)? s off/,
		{ date: new Date(Date.now() - 960_000) },
	],
	['a scope of another day', 403, /another day/, { day: () => '20200101' }],
	['another region', 403, /for region eu-west-1/, { region: 'eu-west-1' }],
	[
		'the algorithm of another key',
		403,
		/algorithm AWS4-X509-RSA/,
		{ algorithm: 'AWS4-X509-RSA-SHA256' },
	],
	[
		'r and s one after the other',
		403,
		/not DER/,
		{
			signature: (text, key) =>
				sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }),
		},
	],
	[
		'another hash',
		403,
		/with sha384/,
		{
			signature: (text, key) => sign('sha384', Buffer.from(text), key),
		},
	],
	[
		'PSS',
		403,
		/PSS padding/,
		{
			certificate: rsa,
			signature: (text, key) =>
				sign('sha256', Buffer.from(text), { key, padding: constants.RSA_PKCS1_PSS_PADDING }),
		},
	],
	['the hash of no body', 403, /does not verify/, { hashed: () => '' }],
	['another body than was signed', 403, /does not verify/, { hashed: (body) => `${body} ` }],
	['another host than was signed', 403, /does not verify/, change('host', () => '127.0.0.1')],
	[
		'the key of another certificate',
		403,
		/does not verify/,
		{
			signature: (text) => sign('sha256', Buffer.from(text), root.key),
		},
	],
])('refuses %s', async (_what, status, reason, changes) => {
	const lent = service.lent.length;
	expect(await send(changes)).toBe(status);
	expect(service.handled.at(-1)?.reason).toMatch(reason);
	expect(service.lent).toHaveLength(lent);
});
