import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readPrivateKey } from '../../../../../s3/identity/rolesAnywhere/privateKey';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import { element, integer, sequence } from '../../../../servers/rolesAnywhere/der';
import { failureOf } from '../../../failureOf';

const leaf = issue({ name: 'worker.example' });
const other = issue({ name: 'other.example' });

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const encrypted = (cipher: string) =>
	leaf.key.export({ type: 'pkcs8', format: 'pem', cipher, passphrase: 'open sesame' }) as string;

it.each(['P-256', 'P-384', 'P-521'])('a private key on curve %s is read', (namedCurve) => {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve });
	expect(readPrivateKey(pem(privateKey), undefined).equals(privateKey)).toBe(true);
});

it('a private key in SEC1 form after its parameters is read', () => {
	const sec1 = leaf.key.export({ type: 'sec1', format: 'pem' }) as string;
	const parameters =
		'-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
	expect(readPrivateKey(parameters + sec1, undefined).equals(leaf.key)).toBe(true);
});

it.each(['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc'])(
	'a private key encrypted with %s is decrypted',
	(cipher) => {
		expect(readPrivateKey(encrypted(cipher), 'open sesame').equals(leaf.key)).toBe(true);
	},
);

it.each(['des-ede3-cbc', 'aes-256-cbc'])(
	'a private key in legacy PEM with %s is decrypted, on one line too',
	(cipher) => {
		const legacy = leaf.key.export({
			type: 'sec1',
			format: 'pem',
			cipher,
			passphrase: 'open sesame',
		}) as string;
		for (const pasted of [legacy, legacy.replaceAll('\n', ' '), legacy.replaceAll('\n', '')]) {
			expect(readPrivateKey(pasted, 'open sesame').equals(leaf.key)).toBe(true);
		}
	},
);

it('a private key as base64 of its PEM, with invisible characters, is read', () => {
	const base64 = Buffer.from(leaf.keyPem).toString('base64');
	const pasted = `\ufeff${base64.slice(0, 40)}\u200b${base64.slice(40)}`;
	expect(readPrivateKey(pasted, undefined).equals(leaf.key)).toBe(true);
});

it('a private key as a JSON string with escaped slashes is read', () => {
	const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const pasted = JSON.stringify(pem(privateKey)).replaceAll('/', '\\/');
	expect(pasted).toContain('\\/');
	expect(readPrivateKey(pasted, undefined).equals(privateKey)).toBe(true);
});

it('a private key that is not encrypted is read, whatever the passphrase', () => {
	expect(readPrivateKey(leaf.keyPem, 'open sesame').equals(leaf.key)).toBe(true);
});

it.each([
	['wrong', 'Enter the passphrase of the private key again.'],
	['open sesame\n', 'begins or ends with a blank or line break'],
	[' open sesame', 'begins or ends with a blank or line break'],
])(
	'the passphrase %j does not open a private key, and the message does not show it',
	(passphrase, advice) => {
		const failure = failureOf(() => readPrivateKey(encrypted('aes-256-cbc'), passphrase));
		expect(failure.message).toBe('The passphrase does not open the private key');
		expect(failure.advice).toContain(advice);
		expect(`${failure.message}${String(failure.stack)}`).not.toContain('sesame');
	},
);

it.each([
	['', 'The private key is encrypted: give its passphrase'],
	[undefined, 'The private key is encrypted: give its passphrase'],
])('an encrypted private key with the passphrase %j is refused', (passphrase, words) => {
	const failure = failureOf(() => readPrivateKey(encrypted('aes-256-cbc'), passphrase));
	expect(failure.message).toBe(words);
});

/** Object identifiers of weak encryptions, as DER in hex. */
const encryptions: Array<[string, string]> = [
	['MD2 and DES', '2a864886f70d010501'],
	['MD5 and DES', '2a864886f70d010503'],
	['MD5 and RC2', '2a864886f70d010506'],
	['SHA-1 and DES', '2a864886f70d01050a'],
	['SHA-1 and RC2', '2a864886f70d01050b'],
	['RC4 of PKCS#12', '2a864886f70d010c0101'],
	['RC2 of PKCS#12', '2a864886f70d010c0106'],
];
const reEncrypt = 're-encrypt with AES (openssl pkcs8 -topk8 -v2 aes-256-cbc)';

it.each(encryptions)(
	'a private key encrypted with %s is refused with the command that re-encrypts it',
	(_name, oid) => {
		const identifier = element(0x06, Buffer.from(oid, 'hex'));
		const saltAndCount = sequence(element(0x04, Buffer.alloc(8, 1)), integer(2048n));
		const noise = element(0x04, Buffer.alloc(128, 'Z'));
		const der = sequence(sequence(identifier, saltAndCount), noise);
		const pasted = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----`;
		const failure = failureOf(() => readPrivateKey(pasted, 'open sesame'));
		expect(failure.message).toContain(reEncrypt);
	},
);

it.each(['DES-CBC', 'RC2-CBC', 'IDEA-CBC', 'NEW-CBC'])(
	'a private key in legacy PEM with %s is refused with the command that re-encrypts it',
	(cipher) => {
		const legacy = leaf.key.export({
			type: 'sec1',
			format: 'pem',
			cipher: 'des-ede3-cbc',
			passphrase: 'open sesame',
		}) as string;
		const pasted = legacy.replace('DES-EDE3-CBC', cipher);
		expect(pasted).toContain(cipher);
		const failure = failureOf(() => readPrivateKey(pasted, 'open sesame'));
		expect(failure.message).toContain(reEncrypt);
	},
);

it.each(['sec1', 'pkcs8'] as const)(
	'a private key as base64 of %s without BEGIN line is read',
	(type) => {
		const base64 = leaf.key.export({ type, format: 'der' }).toString('base64');
		expect(readPrivateKey(base64, undefined).equals(leaf.key)).toBe(true);
	},
);

it('a private key as base64 of PKCS#1 without BEGIN line is read', () => {
	const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const base64 = privateKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
	expect(readPrivateKey(base64, undefined).equals(privateKey)).toBe(true);
});

it('an encrypted private key as base64 without BEGIN line is decrypted', () => {
	const base64 = encrypted('aes-256-cbc').split('\n').slice(1, -2).join('');
	expect(readPrivateKey(base64, 'open sesame').equals(leaf.key)).toBe(true);
});

it.each([
	['Ed25519', pem(generateKeyPairSync('ed25519').privateKey), 'Ed25519 keys are not supported'],
	['Ed448', pem(generateKeyPairSync('ed448').privateKey), 'Ed448 keys are not supported'],
	['X25519', pem(generateKeyPairSync('x25519').privateKey), 'X25519 keys are not supported'],
	[
		'DSA',
		pem(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey),
		'DSA keys are not supported by IAM Roles Anywhere (RSA, EC or ML-DSA)',
	],
	[
		'RSA-PSS',
		pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey),
		'RSASSA-PSS keys cannot make PKCS#1 v1.5 signatures',
	],
	[
		'brainpool',
		pem(generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }).privateKey),
		'curve brainpoolP256r1 is not supported (P-256, P-384, P-521)',
	],
	['PuTTY', 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none', 'PuTTY private key format'],
	['SSH', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@host', 'this is a SSH public key'],
	['a CSR', '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----', 'CSR'],
	['two keys', `${leaf.keyPem}${other.keyPem}`, 'there are 2 private keys'],
	['nothing', ' \n', 'The private key is missing'],
	['a file name', '/etc/ssl/private/client.key', 'paste the private key itself, not a file name'],
	['cut off', leaf.keyPem.slice(0, 120), 'the PEM block is cut off: no END line'],
])(
	'what is pasted in place of a private key, %s, is refused by what it is',
	(_name, pasted, words) => {
		const failure = failureOf(() => readPrivateKey(pasted, undefined));
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toContain(words);
	},
);

it('an RSA key of more bits than OpenSSL verifies signatures of is refused: to sign takes seconds to hours', () => {
	const bytes = (length: number) => Buffer.alloc(length, 0xff).toString('base64url');
	const half = {
		p: bytes(1025),
		q: bytes(1025),
		dp: bytes(1025),
		dq: bytes(1025),
		qi: bytes(1025),
	};
	const jwk = { kty: 'RSA', n: bytes(2050), e: 'AQAB', d: bytes(2050), ...half };
	const failure = failureOf(() =>
		readPrivateKey(pem(createPrivateKey({ key: jwk, format: 'jwk' })), undefined),
	);
	expect(failure.message).toBe('The private key has 16400 bits; RSA keys may have 16384 at most');
});

it('a private key that hashes its passphrase millions of times is refused with the command that helps', () => {
	const costly =
		'MIHtMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAg6jhvmOR0zcQIDHoSBMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAECBBAmwI9n9aFdJ5UaVKmcHD/yBIGQsRzQA1Pscpr7WOy2UlWHzNaABlUfrtMh1KYhekq9FWPBB8OPSAfIo8ndxZ3hoDriHg4LSjoJA1mcrrN+aUG/2wfPJkTO6y64+SCo4qZulZav0fEJzXhkRxWRdkRBnsRv8tyPQfogA/Pl8u0ymNQRYDW2yUBAqqmT+S2T62ET8/z/wPRa9/Q5QFf+fss18jjr';
	const failure = failureOf(() => readPrivateKey(costly, 'x'));
	expect(failure.message).toContain('would take too long to open');
	expect(failure.advice).toContain('-iter 600000');
});
