import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSigner } from '../../../../../s3/identity/rolesAnywhere/certificate';
import { readPrivateKey } from '../../../../../s3/identity/rolesAnywhere/privateKey';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import { S3Failure } from '../../../../../s3/S3Failure';
import { failureOf } from '../../../failureOf';
import { expectLinearTime } from '../../../linearTime';

interface Variant {
	name: string;
	field: 'certificate' | 'chain' | 'privateKey';
	text: string;
	expect: 'accept' | 'reject';
	passphrase?: string;
	sha256OfDer?: string;
	sha256OfSpki?: string;
	withKey?: string;
	leafSerial?: string;
	chainLength?: number;
	sendsSubjects?: string[];
	say?: string;
}

interface Vector {
	input: { certificatePem: string; privateKeyPem: string; certificateChainPem: string };
}

const folder = join(__dirname, '../../../../vectors/roles-anywhere');
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const variants = read('pem-variants.json') as Variant[];
const single = (read('01-rsa2048-body.json') as Vector).input;
const chained = (read('05-rsa2048-chain2.json') as Vector).input;
const NOON = Date.UTC(2026, 10, 20, 12);

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function signerOf(fields: Partial<RolesAnywhereIdentity>) {
	return readSigner(
		{
			kind: 'rolesAnywhere',
			trustAnchorArn: '',
			profileArn: '',
			roleArn: '',
			region: undefined,
			sessionName: undefined,
			durationSeconds: undefined,
			certificate: single.certificatePem,
			certificateChain: undefined,
			privateKey: single.privateKeyPem,
			passphrase: undefined,
			endpoint: undefined,
			...fields,
		},
		NOON,
	);
}

function signerFor({ field, text, passphrase, withKey }: Variant) {
	if (field === 'chain') {
		return signerOf({
			certificate: chained.certificatePem,
			privateKey: chained.privateKeyPem,
			certificateChain: text,
		});
	}
	if (field === 'privateKey') return signerOf({ privateKey: text, passphrase });
	return signerOf({
		certificate: text,
		privateKey: withKey === undefined ? single.privateKeyPem : chained.privateKeyPem,
	});
}

const named = (wanted: Variant['expect']) =>
	variants
		.filter((variant) => variant.expect === wanted)
		.map((variant) => [variant.name, variant] as const);

it('there are 46 variants of pasted text', () => {
	expect(variants).toHaveLength(46);
});

it.each(named('accept'))('the pasted text “%s” is read', (_name, variant) => {
	const { leaf, chain, key, serial } = signerFor(variant);
	const { sha256OfDer, sha256OfSpki, leafSerial, chainLength, sendsSubjects } = variant;
	const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
	expect({
		sha256OfDer: sha256OfDer && sha256(leaf.raw),
		sha256OfSpki: sha256OfSpki && sha256(spki),
		leafSerial: leafSerial && String(serial),
		chainLength: chainLength && chain.length,
		sendsSubjects:
			sendsSubjects && chain.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1] ?? subject),
	}).toEqual({ sha256OfDer, sha256OfSpki, leafSerial, chainLength, sendsSubjects });
});

/** Words of messages that are more precise than those of the vector. */
const SAID: Readonly<Record<string, string>> = {
	'key: secp256k1': 'curve secp256k1 is not supported (P-256, P-384, P-521)',
	'cert: CA certificate only': 'is a CA certificate, not an end-entity one',
	'cert: not yet valid': 'is not valid before 2040-01-01',
};

it.each(named('reject'))('the pasted text “%s” is refused by what it is', (name, variant) => {
	const failure = failureOf(() => signerFor(variant));
	expect(failure).toBeInstanceOf(S3Failure);
	expect(failure.kind).toBe('invalid');
	expect(failure.message.toLowerCase()).toContain((SAID[name] ?? variant.say ?? '').toLowerCase());
	expect(failure.advice).not.toBe('');
});

it.each(named('reject'))(
	'the message about the pasted text “%s” repeats none of it',
	(_name, { field, text, passphrase }) => {
		const failure = failureOf(() =>
			field === 'privateKey' ? readPrivateKey(text, passphrase) : signerOf({ certificate: text }),
		);
		const shown = `${failure.message} ${failure.description} ${String(failure.stack)}`;
		for (const line of text.split('\n').filter((part) => /^[\w+/=]{20,}$/.test(part))) {
			expect(shown).not.toContain(line);
		}
		expect(failure.cause).toBeUndefined();
	},
);

const LEGACY = '-----BEGIN RSA PRIVATE KEY-----Proc-Type: 4,ENCRYPTED DEK-Info: AES-128-CBC,';
const END = '-----END RSA PRIVATE KEY-----';

it.each<[string, (length: number) => string]>([
	['blanks in a text', (length) => `x${' '.repeat(length)}x`],
	['line breaks in a text', (length) => `x${'\n'.repeat(length)}x`],
	['quotes in a text', (length) => `x${'"\''.repeat(length)}x`],
	['backslashes', (length) => `${'\\'.repeat(length)}x`],
	['equals signs in base64', (length) => `AAAA${'='.repeat(length)}A`],
	['dots of what could be a path', (length) => `${'.'.repeat(length)} x`],
	['blanks before the IV of a legacy key', (length) => `${LEGACY}${' '.repeat(length)}x${END}`],
	['blanks around a legacy header', (length) => `${LEGACY}${'00'.repeat(16)}${' '.repeat(length)}`],
	['beginnings of blocks', (length) => '-----BEGIN A-----'.repeat(length / 10)],
	['comments of a chain', (length) => `${'#\n'.repeat(length)}x`],
	['blank lines of a chain', (length) => `${'\n'.repeat(length)}${' '.repeat(length)}x`],
])('a field is refused in a time linear in its length: %s', (_, textOf) => {
	expectLinearTime((length) => {
		const text = textOf(length);
		for (const changes of [
			{ certificate: text },
			{ certificateChain: text },
			{ privateKey: text },
		]) {
			expect(() => signerOf(changes)).toThrow(S3Failure);
		}
	});
});
