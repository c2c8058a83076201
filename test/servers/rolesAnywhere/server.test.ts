/** The double takes nothing that the service would not: else what passes it would prove nothing. */
import { constants, createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { accountTrusting, PROFILE_ARN, ROLE_ARN, TRUST_ANCHOR_ARN } from './account';
import type { Account } from './account';
import { issue } from './authority';
import type { CertificateOptions, Issued } from './authority';
import { send, sha256 } from './handmadeRequest';
import type { Making } from './handmadeRequest';
import { revocationList } from './revocationList';
import { startRolesAnywhere } from './server';
import type { RolesAnywhereServer } from './server';

/** What is wrong with a request, or with what the account has set up for it. */
interface Wrong extends Making {
	/** Of the certificate. */
	leaf?: CertificateOptions;
	issuer?: Issued;
	account?: (account: Account, leaf: Issued) => void;
}

const DAY = 24 * 3600_000;
const root = issue({ name: 'Root', ca: true });
const rootless = issue({ name: 'n8n' });
const ec = issue({ name: 'ec.example' }, root);
const { privateKey: rsaKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsa = { leaf: { key: rsaKey } };
const shortKey = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

const middle = issue({ name: 'Middle', ca: true, pathLength: 1 }, root);
const low = issue({ name: 'Low', ca: true, pathLength: 0 }, middle);
const lowest = issue({ name: 'Lowest', ca: true }, low);

let service: RolesAnywhereServer;

beforeAll(async () => {
	service = await startRolesAnywhere({ account: accountTrusting(root) });
});
beforeEach(() => {
	Object.assign(service.account, accountTrusting(root));
});
afterAll(() => service.stop());

/** Gives the status, and the reason that the service has noted for itself. */
async function responseTo({ leaf: options, issuer = root, account, ...making }: Wrong) {
	const leaf =
		options === undefined && issuer === root ? ec : issue({ name: 'n8n', ...options }, issuer);
	account?.(service.account, leaf);
	const { status, body } = await send(service.endpoint, leaf, making);
	return { status, body, reason: service.handled.at(-1)?.reason };
}

const inHeader = (name: string, edit: (value: string) => string | string[]): Wrong => ({
	afterwards: (headers) => {
		headers[name] = edit(String(headers[name]));
	},
});

const signedBy = (signature: (text: string, key: KeyObject) => Buffer): Wrong => ({ signature });
const withCanonical = (canonical: (request: string) => string): Wrong => ({ canonical });
/** A certificate by an intermediate like this. */
function under(options: CertificateOptions): Wrong {
	const issuer = issue({ name: 'Middle', ...options }, root);
	return { issuer, chain: [issuer] };
}

const anchorOf = (account: Account) => account.anchors[0]!;
const profileOf = (account: Account) => account.profiles[0]!;
const roleOf = (account: Account) => account.roles[0]!;

describe('grants a session', () => {
	const arns = { trustAnchorArn: TRUST_ANCHOR_ARN, profileArn: PROFILE_ARN, roleArn: ROLE_ARN };
	const none = { trustAnchorArn: undefined, profileArn: undefined, roleArn: undefined };
	const query = new URLSearchParams(Object.entries(arns).sort()).toString();

	it.each<[string, Wrong]>([
		['to an EC key', {}],
		['to an RSA key', rsa],
		['to a key on P-521', { leaf: { key: curve('P-521') } }],
		['with the ARNs in the query', { path: `/sessions?${query}`, members: none }],
		['with the ARNs in query and body', { path: `/sessions?${query}` }],
		['with a chain', { issuer: low, chain: [low, middle] }],
		['with a chain to the root', { issuer: low, chain: [low, middle, root] }],
		[
			'with a chain in another order, and others in it, if that is allowed',
			{
				issuer: low,
				chain: [root, rootless, middle, low],
				account: (account) => (account.chainOrder = 'any'),
			},
		],
		[
			'if others are revoked',
			{
				account: (account) =>
					anchorOf(account).revocationLists.push(revocationList(root, [rootless])),
			},
		],
		[
			'if nobody is revoked, or only by those who have not issued',
			{
				account: (account, leaf) => {
					const lists = [revocationList(root, []), revocationList(middle, [leaf])];
					anchorOf(account).revocationLists.push(...lists);
				},
			},
		],
	])('the server grants a session %s', async (_how, wrong) => {
		expect(await responseTo(wrong)).toMatchObject({ status: 201, reason: undefined });
	});
});

/** In the order in which the service looks; what it says and what it notes. */
const refusals: Array<[string, number, RegExp, Wrong]> = [
	['another method', 404, /^PUT/, { method: 'PUT' }],
	['another path', 404, /\/session$/, { path: '/session' }],
	[
		'a date twice',
		403,
		/x-amz-date is there twice/,
		inHeader('x-amz-date', (date) => [date, date]),
	],
	[
		'no signature',
		403,
		/Authorization header has another form/,
		inHeader('authorization', () => 'Basic eDp5'),
	],
	['another content type', 400, /content type/, { headers: { 'content-type': 'text/json' } }],
	['half a body', 400, /not a JSON object/, { body: (json) => json.slice(0, -1) }],
	['a member that nobody knows', 400, /Unknown member region/, { members: { region: 'x' } }],
	['a query that nobody knows', 400, /query parameter a,/, { path: '/sessions?a=b' }],
	[
		'a profile for a trust anchor',
		400,
		/trustAnchorArn/,
		{ members: { trustAnchorArn: PROFILE_ARN } },
	],
	['no role', 400, /roleArn/, { members: { roleArn: undefined } }],
	[
		'another role in the query',
		400,
		/different values of roleArn/,
		{ path: `/sessions?roleArn=${encodeURIComponent(ROLE_ARN)}s` },
	],
	['899 seconds', 400, /900 and 43200/, { members: { durationSeconds: 899 } }],
	['seconds in quotes', 400, /900 and 43200/, { members: { durationSeconds: '3600' } }],
	['a session name with a blank', 400, /roleSessionName/, { members: { roleSessionName: 'a b' } }],
	[
		'a certificate without padding',
		403,
		/strict base64/,
		inHeader('x-amz-x509', (base64) => base64.replace(/=*$/, '-')),
	],
	[
		'a certificate as PEM',
		403,
		/strict base64/,
		{ headers: { 'x-amz-x509': ec.pem.replaceAll('\n', ' ') } },
	],
	['a certificate that is none', 403, /not DER/, { headers: { 'x-amz-x509': 'bm9uZQ==' } }],
	[
		'something behind the certificate',
		403,
		/something follows/,
		inHeader('x-amz-x509', (base64) =>
			Buffer.concat([Buffer.from(base64, 'base64'), Buffer.from('more')]).toString('base64'),
		),
	],
	['an empty chain', 403, /strict base64/, { headers: { 'x-amz-x509-chain': '' } }],
	['a chain of six', 403, /chain is too long/, { chain: Array<Issued>(6).fill(root) }],
	['names out of order', 403, /not sorted/, { names: (names) => [...names].reverse() }],
	[
		'a header that is signed and not sent',
		403,
		/x-gone is signed but absent/,
		{ names: (names) => [...names, 'x-gone'] },
	],
	...['content-type', 'host', 'x-amz-date', 'x-amz-x509', 'x-amz-x509-chain'].map(
		(header): [string, number, RegExp, Wrong] => [
			`${header} without signature`,
			403,
			RegExp(`header ${header} is not signed`),
			{ chain: [root], names: (names) => names.filter((name) => name !== header) },
		],
	),
	[
		'a date in another form',
		403,
		/date has another form/,
		inHeader('x-amz-date', () => new Date().toISOString()),
	],
	[
		'a clock 16 minutes behind',
		403,
		/ 9[67]\d(\.\d+)? s off/,
		{ date: new Date(Date.now() - 960_000) },
	],
	['a serial number in hex', 403, /in hex and not in decimal/, { serial: (n) => n.toString(16) }],
	['another serial number', 403, /not that of the certificate/, { serial: (n) => String(n + 1n) }],
	['a scope of another day', 403, /another day/, { day: '20200101' }],
	['another region', 403, /for region eu-west-1/, { region: 'eu-west-1' }],
	['another service', 403, /ends with s3\/aws4_request/, { service: 's3' }],
	[
		'the algorithm of another key',
		403,
		/algorithm AWS4-X509-RSA/,
		{ algorithm: 'AWS4-X509-RSA-SHA256' },
	],
	[
		'digits in capitals',
		403,
		/hex in lower case/,
		inHeader('authorization', (all) => all.replace(/[0-9a-f]+$/, (hex) => hex.toUpperCase())),
	],
	[
		'r and s one after the other',
		403,
		/P1363/,
		signedBy((text, key) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })),
	],
	[
		'PSS',
		403,
		/PSS padding/,
		{
			...rsa,
			...signedBy((text, key) =>
				sign('sha256', Buffer.from(text), { key, padding: constants.RSA_PKCS1_PSS_PADDING }),
			),
		},
	],
	[
		'another hash',
		403,
		/with sha384/,
		signedBy((text, key) => sign('sha384', Buffer.from(text), key)),
	],
	[
		'a hash of the hash',
		403,
		/hashed twice/,
		signedBy((text, key) => sign('sha256', createHash('sha256').update(text).digest(), key)),
	],
	[
		'a hash of the hash in hex',
		403,
		/hashed twice/,
		signedBy((text, key) => sign('sha256', Buffer.from(sha256(text)), key)),
	],
	[
		'a hash of the hash by an RSA key',
		403,
		/hashed twice/,
		{ ...rsa, ...signedBy((text, key) => sign('sha256', Buffer.from(sha256(text)), key)) },
	],
	[
		'the hash of no body',
		403,
		/hash is that of an empty body/,
		withCanonical((request) => request.replace(/[^\n]*$/, sha256(''))),
	],
	[
		'a query as it was sent',
		403,
		/query was signed raw/,
		{ path: `/sessions?roleArn=${ROLE_ARN}`, members: { roleArn: undefined } },
	],
	[
		'a host without its port',
		403,
		/without its port/,
		withCanonical((request) => request.replace(/\nhost:(.*):\d+\n/, '\nhost:$1\n')),
	],
	[
		'no blank line behind the headers',
		403,
		/blank line .* is missing/,
		withCanonical((request) => request.replace('\n\ncontent-type;', '\ncontent-type;')),
	],
	[
		'another body than was signed',
		403,
		/does not verify/,
		withCanonical((request) => `${request}0`),
	],
	['another host than was signed', 403, /does not verify/, inHeader('host', () => 'localhost:1')],
	[
		'the key of another certificate',
		403,
		/does not verify/,
		signedBy((text) => sign('sha256', Buffer.from(text), root.key)),
	],
	[
		'an unknown trust anchor',
		404,
		/wasn't found/,
		{ account: (account) => (account.anchors = []) },
	],
	[
		'a disabled trust anchor',
		403,
		/disabled/,
		{ account: (account) => (anchorOf(account).enabled = false) },
	],
	[
		'a trust anchor of another region',
		403,
		/anchor is of another region/,
		{
			members: { trustAnchorArn: TRUST_ANCHOR_ARN.replace('eu-central-1', 'eu-west-1') },
			account: (account) => {
				anchorOf(account).arn = TRUST_ANCHOR_ARN.replace('eu-central-1', 'eu-west-1');
			},
		},
	],
	['X.509 version 1', 403, /not X\.509 v3/, { leaf: { version: 1 } }],
	['a CA', 403, /leaf is a CA/, { leaf: { ca: true } }],
	['a CA that may sign', 403, /leaf is a CA/, { leaf: { ca: true, keyUsage: 'digitalSignature' } }],
	['a certificate not made to sign', 403, /lacks digitalSignature/, { leaf: { keyUsage: 'none' } }],
	['a certificate with SHA-1', 403, /leaf has a weak signature/, { leaf: { hash: 'sha1' } }],
	['a certificate of nobody', 403, /no subject/, { leaf: { name: undefined } }],
	['a short RSA key', 403, /only 1024 bits/, { leaf: { key: shortKey } }],
	['a key on another curve', 403, /on curve secp256k1/, { leaf: { key: curve('secp256k1') } }],
	[
		'a curve that the policy leaves out',
		403,
		/on curve secp384r1/,
		{ leaf: { key: curve('P-384') }, account: (account) => (account.curves = ['prime256v1']) },
	],
	[
		'an expired certificate',
		403,
		/leaf is outside its dates/,
		{ leaf: { notAfter: new Date(Date.now() - DAY) } },
	],
	[
		'a certificate of tomorrow',
		403,
		/leaf is outside its dates/,
		{ leaf: { notBefore: new Date(Date.now() + DAY) } },
	],
	['another authority', 403, /is not by CN=Root/, { issuer: issue({ name: 'Other', ca: true }) }],
	[
		'another authority of the same name',
		403,
		/key of CN=Root has not signed/,
		{ issuer: issue({ name: 'Root', ca: true }) },
	],
	['an intermediate that is no CA', 403, /CN=Middle is no CA/, under({})],
	[
		'an intermediate not made to sign',
		403,
		/CN=Middle lacks keyCertSign/,
		under({ ca: true, keyUsage: 'digitalSignature' }),
	],
	[
		'an intermediate out of date',
		403,
		/CN=Middle is outside its dates/,
		under({ ca: true, notAfter: new Date(Date.now() - DAY) }),
	],
	[
		'an intermediate with SHA-1',
		403,
		/CN=Middle has a weak signature/,
		under({ ca: true, hash: 'sha1' }),
	],
	[
		'a path that is too long',
		403,
		/below CN=Low is too long/,
		{ issuer: lowest, chain: [lowest, low, middle] },
	],
	[
		'a path that is too long, in any order',
		403,
		/below CN=Low is too long/,
		{
			issuer: lowest,
			chain: [middle, lowest, low],
			account: (account) => (account.chainOrder = 'any'),
		},
	],
	['a chain in another order', 403, /is not by/, { issuer: low, chain: [middle, low] }],
	['a chain with others in it', 403, /is not by/, { issuer: low, chain: [low, rootless, middle] }],
	[
		'a revoked certificate',
		403,
		/revoked/,
		{
			account: (account, leaf) =>
				anchorOf(account).revocationLists.push(revocationList(root, [ec, leaf])),
		},
	],
	[
		'a revoked intermediate',
		403,
		/revoked/,
		{
			issuer: middle,
			chain: [middle],
			account: (account) => anchorOf(account).revocationLists.push(revocationList(root, [middle])),
		},
	],
	[
		'what an intermediate has revoked',
		403,
		/revoked/,
		{
			issuer: middle,
			chain: [middle],
			account: (account, leaf) =>
				anchorOf(account).revocationLists.push(revocationList(middle, [leaf])),
		},
	],
	[
		'a forged revocation list',
		403,
		/revocation list of CN=Root has another signature/,
		{
			account: (account) =>
				anchorOf(account).revocationLists.push(revocationList(root, [], rootless.key)),
		},
	],
	[
		'an unknown profile',
		403,
		/Invalid or empty profile/,
		{ account: (account) => (account.profiles = []) },
	],
	[
		'a disabled profile',
		403,
		/Invalid or empty profile/,
		{ account: (account) => (profileOf(account).enabled = false) },
	],
	[
		'a role outside the profile',
		403,
		/isn't one of those listed/,
		{ account: (account) => (profileOf(account).roleArns = []) },
	],
	[
		'a session name that is not allowed',
		403,
		/set roleSessionName/,
		{ members: { roleSessionName: 'nightly' } },
	],
	[
		'a role that trusts others',
		403,
		/trust policy/,
		{ account: (account) => (roleOf(account).trusts = false) },
	],
	[
		'a life that the role forbids',
		403,
		/MaxSessionDuration/,
		{ account: (account) => (roleOf(account).maxSessionDuration = 900) },
	],
	[
		'a life that the role forbids, however long sessions live',
		403,
		/MaxSessionDuration/,
		{
			account: (account) => {
				account.lifetime = 70;
				roleOf(account).maxSessionDuration = 900;
			},
		},
	],
];

const SAYS =
	/^\{"message":"(Invalid signature|Untrusted (signing certificate|certificate\. Insufficient certificate)|Certificate revoked|Specified Trust Anchor (wasn't found|is disabled)\.|Invalid or empty profile provided\.|Requested Role isn't one of those listed in the Profile\.|Not authorized to set roleSessionName\.|Unable to assume role for [^"]*)"\}$/;

it.each(refusals)('the server refuses %s', async (_what, wantedStatus, wantedReason, wrong) => {
	const lent = service.lent.length;
	const { status, body, reason } = await responseTo(wrong);
	expect(reason).toMatch(wantedReason);
	expect(status).toBe(wantedStatus);
	expect(service.lent).toHaveLength(lent);
	// Refusals of input name the mistake; all others say no more than AWS does.
	if (status === 403) expect(body).toMatch(SAYS);
});

/** The mistakes of both; if both set the same thing, the first wins. */
function both(first: Wrong, second: Wrong): Wrong {
	return {
		...second,
		...first,
		members: { ...second.members, ...first.members },
		headers: { ...second.headers, ...first.headers },
		leaf: { ...second.leaf, ...first.leaf },
		afterwards: (headers) => {
			second.afterwards?.(headers);
			first.afterwards?.(headers);
		},
		account: (account, leaf) => {
			second.account?.(account, leaf);
			first.account?.(account, leaf);
		},
	};
}

/** Every one can be wrong together with all below it. */
const inOrder: Array<[string, RegExp, Wrong]> = [
	['the method', /^PUT/, { method: 'PUT' }],
	['headers that are there twice', /there twice/, inHeader('x-amz-date', (date) => [date, date])],
	['the form of Authorization', /another form/, inHeader('authorization', () => 'Basic eDp5')],
	['the content type', /content type/, { headers: { 'content-type': 'text/json' } }],
	['the JSON', /not a JSON object/, { body: (json) => json.slice(0, -1) }],
	['the ARNs', /trustAnchorArn/, { members: { trustAnchorArn: PROFILE_ARN } }],
	['the query', /different values/, { path: `/sessions?roleArn=${encodeURIComponent(ROLE_ARN)}s` }],
	['the duration', /durationSeconds/, { members: { durationSeconds: 899 } }],
	['the session name', /'roleSessionName'/, { members: { roleSessionName: 'a b' } }],
	['the certificate', /not DER/, inHeader('x-amz-x509', () => 'bm9uZQ==')],
	['the chain', /too long/, { chain: Array<Issued>(6).fill(root) }],
	['the signed headers', /not sorted/, { names: (names) => [...names].reverse() }],
	['the date', / s off/, { date: new Date(Date.now() - 2 * DAY) }],
	['the serial number', /in hex/, { serial: (n) => n.toString(16) }],
	['the day', /another day/, { day: '20200101' }],
	['the region', /for region/, { region: 'eu-west-1' }],
	['the service', /ends with s3/, { service: 's3' }],
	['the algorithm', /algorithm/, { algorithm: 'AWS4-X509-RSA-SHA256' }],
	[
		'the digits',
		/in lower case/,
		inHeader('authorization', (all) => all.replace(/[0-9a-f]+$/, (hex) => hex.toUpperCase())),
	],
	['the signature', /not verify/, signedBy((text) => sign('sha256', Buffer.from(text), root.key))],
	['the trust anchor', /wasn't found/, { account: (account) => (account.anchors = []) }],
	['that it is enabled', /disabled/, { account: (account) => (anchorOf(account).enabled = false) }],
	['the kind of certificate', /leaf is a CA/, { leaf: { ca: true } }],
	['its dates', /outside its dates/, { leaf: { notAfter: new Date(Date.now() - DAY) } }],
	['the path', /has not signed/, { issuer: issue({ name: 'Root', ca: true }) }],
	[
		'revocation',
		/revoked/,
		{
			account: (account, leaf) =>
				anchorOf(account).revocationLists.push(revocationList(root, [leaf])),
		},
	],
	['the profile', /empty profile/, { account: (account) => (profileOf(account).enabled = false) }],
	['its roles', /isn't one of/, { account: (account) => (profileOf(account).roleArns = []) }],
	['its session names', /set roleSessionName/, { members: { roleSessionName: 'nightly' } }],
	['the trust policy', /trust policy/, { account: (account) => (roleOf(account).trusts = false) }],
	[
		'the longest life',
		/MaxSessionDuration/,
		{ account: (account) => (roleOf(account).maxSessionDuration = 900) },
	],
];

it.each(inOrder.map(([what, reason], index) => [what, reason, index] as const))(
	'the server looks at %s before all that follows',
	async (_what, wanted, index) => {
		const wrong = inOrder.slice(index).map(([, , one]) => one);
		const { reason } = await responseTo(wrong.reduceRight((rest, one) => both(one, rest)));
		expect(reason).toMatch(wanted);
	},
);
