import type { AccessKeysIdentity, Connection } from '../../../../s3/Connection';
import { openLinkSigner } from '../../../../s3/client/LinkSigner';
import type { BuiltRequest, LinkTerms } from '../../../../s3/client/S3';
import type { Session } from '../../../../s3/identity/Session';
import * as sdk from '../../../../s3/sdk';
import { connectionTo } from '../../../servers/connectionTo';
import { rejectionOf } from '../../failureOf';

const SECRET = 'planted-secret';
const KEYS: AccessKeysIdentity = {
	kind: 'accessKeys',
	accessKeyId: 'AKIDEXAMPLE',
	secretAccessKey: SECRET,
	sessionToken: undefined,
};
const HTTP_BASIC = { kind: 'httpBasic', username: 'u', password: SECRET } as const;
const TERMS: LinkTerms = { bucket: 'data', key: 'a.txt', expiresIn: 3600 };

const request = (signing: BuiltRequest['signing']): BuiltRequest => ({
	method: 'GET',
	protocol: 'https:',
	hostname: 'data.s3.eu-west-1.amazonaws.com',
	path: '/a.txt',
	query: {},
	headers: {},
	signing,
});
const IRELAND = request({ scheme: 'sigv4', service: 's3', region: 'eu-west-1' });

interface Circumstances {
	terms?: Partial<LinkTerms>;
	settings?: Partial<Connection>;
	/** Seconds that the session of a role still lives. */
	left?: number;
	clockOffset?: number;
	isRegionCertain?: boolean;
}

/** A signer, with the milliseconds of life that a session was asked for, and whether the region was. */
async function open({
	terms,
	settings,
	left,
	clockOffset = 0,
	isRegionCertain = true,
}: Circumstances = {}) {
	const asked: { life?: number | undefined; region?: boolean } = {};
	const server = { endpoint: 'http://127.0.0.1', region: 'us-east-1', users: { main: KEYS } };
	const connection = connectionTo(server, { endpoint: undefined, identity: KEYS, ...settings });
	const session = (): Session => ({
		accessKeyId: 'ASIALENT',
		secretAccessKey: SECRET,
		sessionToken: 'lent-token',
		expiration: new Date(Date.now() + (left ?? 0) * 1000),
	});
	const signer = openLinkSigner(
		{ connection, build: () => Promise.reject(new Error('nothing to build')) },
		{
			sdk,
			sessions:
				left === undefined
					? undefined
					: (wish) => {
							asked.life = wish?.life;
							return Promise.resolve(session());
						},
			clockOffset: () => clockOffset,
			isRegionCertain: () => {
				asked.region = true;
				return Promise.resolve(isRegionCertain);
			},
		},
		{ ...TERMS, ...terms },
		{ signal: undefined },
	);
	return { signer: await signer, asked };
}

const secondsOf = async (url: Promise<{ url: string }>) =>
	Number(new URL((await url).url).searchParams.get('X-Amz-Expires'));

describe('the life of a link', () => {
	it('a link signed with keys lives as long as it was asked to', async () => {
		const { signer } = await open();
		expect(await secondsOf(signer.presign(IRELAND))).toBe(3600);
		expect(signer.cappedBy).toBeUndefined();
	});

	it('a link signed with a session ends with it, and the session was asked to live as long as the link', async () => {
		const { signer, asked } = await open({ left: 600 });
		const seconds = await secondsOf(signer.presign(IRELAND));
		expect(seconds).toBeGreaterThanOrEqual(598);
		expect(seconds).toBeLessThanOrEqual(600);
		expect(signer.cappedBy).toBe('session');
		expect(signer.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
		expect(asked.life).toBe(3_600_000);
	});

	it('a link signed with a session that lives longer is not capped', async () => {
		const { signer } = await open({ left: 7200 });
		expect([await secondsOf(signer.presign(IRELAND)), signer.cappedBy]).toEqual([3600, undefined]);
	});

	it('a link that the privacy level caps says so, unless the session ends still earlier', async () => {
		const settings = { privacyLevel: 'organizational' } as const;
		const terms = { expiresIn: 7200 };
		expect((await open({ settings, terms })).signer.cappedBy).toBe('privacyLevel');
		const { signer, asked } = await open({ settings, terms, left: 1800 });
		expect([signer.cappedBy, asked.life]).toEqual(['session', 3_600_000]);
	});

	it('a link is signed with the time of the server', async () => {
		const { signer } = await open({ clockOffset: -3_600_000 });
		const { url } = await signer.presign(IRELAND);
		const date = new URL(url).searchParams.get('X-Amz-Date');
		const hourAgo = new Date(Date.now() - 3_600_000).toISOString().replace(/[:-]/g, '');
		expect(date?.slice(0, 11)).toBe(hourAgo.slice(0, 11));
		expect(signer.expiresAt.getTime()).toBeLessThanOrEqual(Date.now());
	});
});

describe('what a link is signed with', () => {
	it('a link is signed for the region of its endpoint, with the token of the session and without the secret', async () => {
		const { signer } = await open({ left: 7200 });
		const { url } = await signer.presign(IRELAND);
		const { searchParams } = new URL(url);
		expect(searchParams.get('X-Amz-Credential')).toMatch(
			/^ASIALENT\/\d{8}\/eu-west-1\/s3\/aws4_request$/,
		);
		expect(searchParams.get('X-Amz-Security-Token')).toBe('lent-token');
		expect(url).not.toContain(SECRET);
	});

	it('a link and a form are signed for the service of their endpoint, which is not S3 for Object Lambda', async () => {
		const { signer } = await open();
		const lambda = request({
			scheme: 'sigv4',
			service: 's3-object-lambda',
			region: 'eu-west-1',
		});
		const { url } = await signer.presign(lambda);
		const scope = /^AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3-object-lambda\/aws4_request$/;
		expect(new URL(url).searchParams.get('X-Amz-Credential')).toMatch(scope);
		expect((await signer.signForm(lambda, []))['x-amz-credential']).toMatch(scope);
	});

	it('all headers but that of the payer are signed and have to be sent', async () => {
		const { signer } = await open();
		const headers = {
			'x-amz-meta-a': '1',
			'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
			'cache-control': 'no-store',
		};
		const { url, headers: toSend } = await signer.presign({
			...IRELAND,
			headers: { ...headers, 'x-amz-request-payer': 'requester' },
		});
		const { searchParams } = new URL(url);
		expect(searchParams.get('X-Amz-SignedHeaders')).toBe(
			'cache-control;content-md5;host;x-amz-meta-a',
		);
		expect(searchParams.get('x-amz-request-payer')).toBe('requester');
		expect(toSend).toEqual(headers);
	});

	it('a form is signed with the token of the session as a field and a condition', async () => {
		const { signer } = await open({ left: 7200 });
		const fields = await signer.signForm(IRELAND, [{ bucket: 'data' }]);
		expect(Object.keys(fields)).toEqual([
			'x-amz-algorithm',
			'x-amz-credential',
			'x-amz-date',
			'x-amz-security-token',
			'policy',
			'x-amz-signature',
		]);
		const policy = Buffer.from(fields.policy ?? '', 'base64').toString();
		expect(JSON.parse(policy)).toMatchObject({
			expiration: signer.expiresAt.toISOString(),
			conditions: [
				{ bucket: 'data' },
				{ 'x-amz-algorithm': 'AWS4-HMAC-SHA256' },
				{ 'x-amz-credential': fields['x-amz-credential'] },
				{ 'x-amz-date': fields['x-amz-date'] },
				{ 'x-amz-security-token': 'lent-token' },
			],
		});
		expect(policy).not.toContain(SECRET);
	});

	it('a bucket that takes other signatures has no links', async () => {
		const { signer } = await open();
		for (const signing of [
			{ scheme: 'sigv4a', service: 's3', region: undefined },
			{ scheme: undefined, service: undefined, region: 'eu-west-1' },
		]) {
			const failure = await rejectionOf(signer.presign(request(signing)));
			expect(failure).toMatchObject({ kind: 'invalid', bucket: 'data', key: 'a.txt' });
			expect((await rejectionOf(signer.signForm(request(signing), []))).kind).toBe('invalid');
		}
	});

	it('a directory bucket has no links', async () => {
		const failure = await rejectionOf(open({ terms: { bucket: 'b--euc1-az1--x-s3' } }));
		expect(failure.message).toContain('its bucket does not take Signature Version 4');
	});

	it('a password signs no link', async () => {
		const failure = await rejectionOf(open({ settings: { identity: HTTP_BASIC } }));
		expect(failure).toMatchObject({ kind: 'invalid' });
		expect(failure.message).toContain('the Scheme HTTP Basic');
	});
});

describe('what people are warned of', () => {
	it('a link to a bucket whose region is not certain comes with the region it is signed for', async () => {
		const { signer } = await open({ isRegionCertain: false });
		expect(signer.warnings).toEqual([expect.stringContaining('signed for us-east-1') as string]);
	});

	it('a link signed with temporary keys comes with the warning that it ends with them', async () => {
		const identity = { ...KEYS, sessionToken: 'token' };
		const { signer } = await open({ settings: { identity } });
		expect(signer.warnings).toEqual([expect.stringContaining('end with them') as string]);
		expect((await open()).signer.warnings).toEqual([]);
	});

	it('nothing is asked for a link that is refused', async () => {
		const asked = { region: false };
		const refused = openLinkSigner(
			{
				connection: { privacyLevel: 'private' } as Connection,
				build: () => Promise.reject(new Error('nothing to build')),
			},
			{
				sdk,
				sessions: undefined,
				clockOffset: () => 0,
				isRegionCertain: () => Promise.resolve((asked.region = true)),
			},
			TERMS,
			{ signal: undefined },
		);
		expect((await rejectionOf(refused)).kind).toBe('refused');
		expect(asked.region).toBe(false);
	});
});

it.each([
	['https://data.cdn.nyc3.example.com', 'https://cdn.nyc3.example.com'],
	['https://files.example.com/data', 'https://files.example.com'],
])('no link is signed for %s, which has the bucket already', async (publicEndpoint, right) => {
	for (const given of [{ settings: { publicEndpoint } }, { terms: { publicEndpoint } }]) {
		const failure = await rejectionOf(open(given));
		expect(failure.message).toContain('The bucket “data” is in the Public Endpoint already');
		expect(failure.advice).toContain(`Enter ${right} in place of ${publicEndpoint}.`);
	}
	const settings = { publicEndpoint, addressingStyle: 'path' as const };
	await expect(open({ settings })).resolves.toBeDefined();
});
