import { verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSigner } from '../../../../../s3/identity/rolesAnywhere/certificate';
import { checkSettings } from '../../../../../s3/identity/rolesAnywhere/settings';
import { signCreateSession } from '../../../../../s3/identity/rolesAnywhere/signature';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';

interface Vector {
	id: string;
	title: string;
	input: {
		region: string;
		endpoint: string;
		timestamp: string;
		trustAnchorArn: string;
		profileArn: string;
		roleArn: string;
		durationSeconds: number | null;
		roleSessionName: string | null;
		certificatePem: string;
		privateKeyPem: string;
		privateKeyPassphrase: string | null;
		certificateChainPem: string | null;
	};
	request: { url: string; headers: Record<string, string>; body: string };
	expected: {
		serialDecimal: string;
		stringToSign: string;
		authorization?: string;
		authorizationPrefix?: string;
	};
	verify: { publicKeyPem?: string };
}

const folder = join(__dirname, '../../../../vectors/roles-anywhere');
const vectors = readdirSync(folder)
	.filter((name) => /^\d/.test(name))
	.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Vector);

/** The endpoint is entered only if it is not that of AWS. */
function identityOf({ input }: Vector): RolesAnywhereIdentity {
	return {
		kind: 'rolesAnywhere',
		trustAnchorArn: input.trustAnchorArn,
		profileArn: input.profileArn,
		roleArn: input.roleArn,
		region: input.region,
		sessionName: input.roleSessionName ?? undefined,
		durationSeconds: input.durationSeconds ?? undefined,
		certificate: input.certificatePem,
		certificateChain: input.certificateChainPem ?? undefined,
		privateKey: input.privateKeyPem,
		passphrase: input.privateKeyPassphrase ?? undefined,
		endpoint: input.endpoint.includes('vpce') ? input.endpoint : undefined,
	};
}

function signed(vector: Vector) {
	const identity = identityOf(vector);
	const time = new Date(vector.input.timestamp);
	const signer = readSigner(identity, time.getTime());
	return { signer, request: signCreateSession(checkSettings(identity), signer, time) };
}

it('there are 10 vectors', () => {
	expect(vectors).toHaveLength(10);
});

const titled = vectors.map((vector) => [vector.title, vector] as const);

it.each(titled)(
	'a request with %s has the URL, the headers and the body of the vector',
	(_title, vector) => {
		const { request, signer } = signed(vector);
		const { authorization, ...headers } = request.headers;
		expect(authorization).toBeDefined();
		expect(request.url.href).toBe(vector.request.url);
		expect(headers).toEqual(
			Object.fromEntries(
				Object.entries(vector.request.headers).filter(([name]) => name !== 'authorization'),
			),
		);
		expect(request.body).toBe(vector.request.body);
		expect(String(signer.serial)).toBe(vector.expected.serialDecimal);
	},
);

it.each(titled)(
	'a request with %s has the signature of the vector, or one that verifies its string to sign',
	(_title, vector) => {
		const { expected } = vector;
		const { request, signer } = signed(vector);
		const authorization = request.headers.authorization ?? '';
		const signature = Buffer.from(/[0-9a-f]+$/.exec(authorization)?.[0] ?? '', 'hex');
		expect(authorization).toBe(
			expected.authorization ?? `${expected.authorizationPrefix ?? ''}${signature.toString('hex')}`,
		);
		const key = vector.verify.publicKeyPem ?? signer.leaf.publicKey;
		expect(verify('sha256', Buffer.from(expected.stringToSign), key, signature)).toBe(true);
	},
);
