import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readSigner } from '../../../../../s3/identity/rolesAnywhere/certificate';
import { readPrivateKey } from '../../../../../s3/identity/rolesAnywhere/privateKey';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import {
	element,
	integer,
	objectIdentifier,
	sequence,
} from '../../../../servers/rolesAnywhere/der';
import { failureOf } from '../../../failureOf';

const DAY = 24 * 3600 * 1000;
const root = issue({ name: 'Root', ca: true });
const first = issue({ name: 'Intermediate 1', ca: true }, root);
const second = issue({ name: 'Intermediate 2', ca: true }, first);
const leaf = issue({ name: 'worker.example' }, second);
const other = issue({ name: 'other.example' }, root);

function signer(changes: Partial<RolesAnywhereIdentity>, now = Date.now()) {
	return readSigner(
		{
			kind: 'rolesAnywhere',
			trustAnchorArn: '',
			profileArn: '',
			roleArn: '',
			region: undefined,
			sessionName: undefined,
			durationSeconds: undefined,
			certificate: leaf.pem,
			certificateChain: undefined,
			privateKey: leaf.keyPem,
			passphrase: undefined,
			endpoint: undefined,
			...changes,
		},
		now,
	);
}

const namesOf = ({ leaf: own, chain }: ReturnType<typeof signer>) =>
	[own, ...chain].map(({ subject }) => subject.replace('CN=', ''));

const WHOLE = ['worker.example', 'Intermediate 2', 'Intermediate 1'];

describe('the chain', () => {
	test.each([
		['in order', `${second.pem}${first.pem}`],
		['in the wrong order', `${first.pem}${second.pem}`],
		['with the root', `${root.pem}${first.pem}${second.pem}`],
		['with the certificate itself', `${leaf.pem}${second.pem}${first.pem}`],
		['with everything twice', `${second.pem}${first.pem}${second.pem}${first.pem}`],
		['with certificates of others', `${other.pem}${second.pem}${first.pem}`],
		['between comments', `# issuing\n${second.pem}\n# upper\n${first.pem}`],
	])('%s is sent from the issuer of the certificate upwards', (_name, certificateChain) => {
		expect(namesOf(signer({ certificateChain }))).toEqual(WHOLE);
	});

	test.each([undefined, '', ' \n\t ', '# none\n  # at all', '\\n'])(
		'of %j is none',
		(certificateChain) => {
			expect(signer({ certificateChain }).chain).toEqual([]);
		},
	);

	test('may stand in the field of the certificate, in any order', () => {
		const certificate = `${first.pem}${second.pem}${root.pem}${leaf.pem}`;
		expect(namesOf(signer({ certificate }))).toEqual(WHOLE);
	});

	test('may hold the certificate where the field of the certificate holds the chain', () => {
		const certificate = `${second.pem}${first.pem}`;
		expect(namesOf(signer({ certificate, certificateChain: leaf.pem }))).toEqual(WHOLE);
	});

	test('leaves out an authority of the same name that did not sign', () => {
		const impostor = issue({ name: 'Intermediate 2', ca: true }, first);
		const certificateChain = `${impostor.pem}${second.pem}${first.pem}`;
		const { chain } = signer({ certificateChain });
		expect(chain.map(({ fingerprint }) => fingerprint)).toEqual([
			second.certificate.fingerprint,
			first.certificate.fingerprint,
		]);
	});

	test('takes the valid certificate of an authority that was renewed', () => {
		const { key } = second;
		const notAfter = new Date(Date.now() - DAY);
		const old = issue({ name: 'Intermediate 2', ca: true, key, notAfter }, first);
		const { chain } = signer({ certificateChain: old.pem + second.pem + first.pem });
		expect(chain.map(({ fingerprint }) => fingerprint)).toEqual([
			second.certificate.fingerprint,
			first.certificate.fingerprint,
		]);
	});

	test('of more than five certificates is refused', () => {
		const authorities = [root];
		for (let depth = 1; depth <= 6; depth += 1) {
			authorities.push(issue({ name: `Level ${depth}`, ca: true }, authorities.at(-1)));
		}
		const deep = issue({ name: 'deep.example' }, authorities.at(-1));
		const changes = { certificate: deep.pem, privateKey: deep.keyPem };
		const certificateChain = authorities.map(({ pem }) => pem).join('');
		const failure = failureOf(() => signer({ ...changes, certificateChain }));
		expect(failure.message).toContain('6 certificates, at most 5 are allowed');
	});

	test('that is something else is refused by its name', () => {
		const failure = failureOf(() => signer({ certificateChain: '/etc/ssl/chain.pem' }));
		expect(failure.message).toBe(
			'Certificate Chain: paste the certificate itself, not a file name',
		);
	});
});

describe('the certificate', () => {
	test('of a renewal with the same key is the one that is valid', () => {
		const old = issue({ name: 'old', key: leaf.key, notAfter: new Date(Date.now() - DAY) }, second);
		expect(namesOf(signer({ certificate: `${old.pem}${leaf.pem}` }))[0]).toBe('worker.example');
	});

	test('that expired is refused with name and day', () => {
		const notAfter = new Date(Date.UTC(2026, 5, 1));
		const expired = issue({ name: 'old.example', notAfter }, root);
		const failure = failureOf(() =>
			signer({ certificate: expired.pem, privateKey: expired.keyPem }, Date.UTC(2026, 10, 20)),
		);
		expect(failure.message).toBe('The certificate CN=old.example expired on 2026-06-01');
	});

	test('that is not yet valid is refused with day and a word on the clock', () => {
		const notBefore = new Date(Date.UTC(2040, 0, 1));
		const early = issue(
			{ name: 'new.example', notBefore, notAfter: new Date(Date.UTC(2041, 0)) },
			root,
		);
		const failure = failureOf(() =>
			signer({ certificate: early.pem, privateKey: early.keyPem }, Date.UTC(2026, 10, 20)),
		);
		expect(failure.message).toContain('is not valid before 2040-01-01; check the clock');
		expect(failure.advice).toContain('2026-11-20T00:00:00.000Z');
	});

	test('is not judged by a clock that was never set', () => {
		expect(namesOf(signer({}, Date.UTC(1970, 0, 2)))).toEqual(['worker.example']);
	});

	test.each([1n, 0xdeadbeefn, 2n ** 159n - 1n, 0n])('with serial number %s is taken', (serial) => {
		const numbered = issue({ name: 'numbered', serial }, root);
		const read = signer({ certificate: numbered.pem, privateKey: numbered.keyPem });
		expect(read.serial).toBe(serial);
	});

	test('with a negative serial number is refused', () => {
		const negative = issue({ name: 'negative', serial: -9021n }, root);
		const failure = failureOf(() =>
			signer({ certificate: negative.pem, privateKey: negative.keyPem }),
		);
		expect(failure.message).toContain('serial number is negative');
	});

	test('without a subject is sent, for the service to judge', () => {
		const nameless = issue({ name: undefined }, root);
		const read = signer({ certificate: nameless.pem, privateKey: nameless.keyPem });
		expect(read.chain).toEqual([]);
	});

	test('alone as base64 without armour is read', () => {
		const certificate = leaf.certificate.raw.toString('base64');
		expect(namesOf(signer({ certificate }))).toEqual(['worker.example']);
	});

	test('with a very long name is named by the beginning of that', () => {
		const named = issue({ name: 'x'.repeat(300) }, root);
		const failure = failureOf(() => signer({ certificate: named.pem }));
		expect(failure.message).toContain(`CN=${'x'.repeat(117)}`);
		expect(failure.message).not.toContain('x'.repeat(118));
	});

	/** What clipboards, editors and forms make of line breaks and blanks. */
	const pastes: Array<[string, (pem: string) => string]> = [
		['CR', (pem) => pem.replaceAll('\n', '\r')],
		['blanks behind every line', (pem) => pem.replaceAll('\n', '  \t\n')],
		['a BOM', (pem) => `\ufeff${pem}`],
		['blanks that do not break, in its armour too', (pem) => pem.replace(/[ \n]/g, '\u00a0')],
		['escapes, in quotes', (pem) => JSON.stringify(pem.replaceAll('\n', '\r\n'))],
		['text of openssl -text', (pem) => `Certificate:\n    Data:\n        Version: 3\n${pem}`],
	];

	test.each(pastes)('with %s is read, and its key too', (_name, paste) => {
		const read = signer({ certificate: paste(leaf.pem), privateKey: paste(leaf.keyPem) });
		expect(namesOf(read)).toEqual(['worker.example']);
	});

	const subject = sequence();
	const spki = createPublicKey(leaf.key).export({ type: 'spki', format: 'der' });

	test.each([
		['a private key', leaf.keyPem, 'Certificate: this is a private key, not a certificate'],
		[
			'a private key without armour',
			leaf.key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
			'Certificate: this is a private key, not a certificate',
		],
		[
			'a public key without armour',
			spki.toString('base64'),
			'Certificate: this is a public key, not a certificate',
		],
		[
			'a CSR without armour',
			sequence(sequence(integer(0n), subject, spki)).toString('base64'),
			'Certificate: this is a certificate signing request (CSR)',
		],
		[
			'a PKCS#7 bundle without armour',
			sequence(objectIdentifier('1.2.840.113549.1.7.2'), Buffer.alloc(80)).toString('base64'),
			'Certificate: this is a PKCS#7 (.p7b) bundle',
		],
		['a PKCS#7 bundle', '-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----', 'PKCS#7'],
		['a file name', 'C:\\certs\\client.pem', 'not a file name'],
		['a file name like base64', '/certs/client01', 'not a file name'],
		['a word', 'certificate', 'cannot be read'],
		['half a BEGIN line', '-----BEGIN CERTIFI', 'cannot be read'],
		['the end alone', leaf.pem.slice(40), 'no BEGIN line'],
	])('is refused where there is %s', (_name, certificate, words) => {
		expect(failureOf(() => signer({ certificate })).message).toContain(words);
	});
});

describe('a private key of another certificate', () => {
	const keys: Array<[string, KeyObject]> = [
		['the same type', other.key],
		['another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
		['another type', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
	];
	test.each(keys)('of %s is refused', (_name, key) => {
		const privateKey = key.export({ type: 'pkcs8', format: 'pem' }) as string;
		const failure = failureOf(() => signer({ privateKey }));
		expect(failure.message).toBe(
			'The private key does not belong to the certificate CN=worker.example',
		);
	});
});

describe('the private key', () => {
	const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
	const encrypted = (cipher: string) =>
		leaf.key.export({ type: 'pkcs8', format: 'pem', cipher, passphrase: 'open sesame' }) as string;

	test.each(['P-256', 'P-384', 'P-521'])('on curve %s is read', (namedCurve) => {
		const { privateKey } = generateKeyPairSync('ec', { namedCurve });
		expect(readPrivateKey(pem(privateKey), undefined).equals(privateKey)).toBe(true);
	});

	test('in SEC1 form after its parameters is read', () => {
		const sec1 = leaf.key.export({ type: 'sec1', format: 'pem' }) as string;
		const parameters =
			'-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
		expect(readPrivateKey(parameters + sec1, undefined).equals(leaf.key)).toBe(true);
	});

	test.each(['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc'])('encrypted with %s opens', (cipher) => {
		expect(readPrivateKey(encrypted(cipher), 'open sesame').equals(leaf.key)).toBe(true);
	});

	test.each(['des-ede3-cbc', 'aes-256-cbc'])(
		'in legacy PEM with %s opens, on one line',
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

	test('as base64 of the PEM, with signs that cannot be seen, is read', () => {
		const base64 = Buffer.from(leaf.keyPem).toString('base64');
		const pasted = `\ufeff${base64.slice(0, 40)}\u200b${base64.slice(40)}`;
		expect(readPrivateKey(pasted, undefined).equals(leaf.key)).toBe(true);
	});

	test('as a JSON string with escaped slashes is read', () => {
		const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const pasted = JSON.stringify(pem(privateKey)).replaceAll('/', '\\/');
		expect(pasted).toContain('\\/');
		expect(readPrivateKey(pasted, undefined).equals(privateKey)).toBe(true);
	});

	test('that is plain is read with a passphrase that it does not need', () => {
		expect(readPrivateKey(leaf.keyPem, 'open sesame').equals(leaf.key)).toBe(true);
	});

	test.each([
		['wrong', 'Enter the passphrase of the private key again.'],
		['open sesame\n', 'begins or ends with a blank or line break'],
		[' open sesame', 'begins or ends with a blank or line break'],
	])('does not open with %j, and that is not repeated', (passphrase, advice) => {
		const failure = failureOf(() => readPrivateKey(encrypted('aes-256-cbc'), passphrase));
		expect(failure.message).toBe('The passphrase does not open the private key');
		expect(failure.advice).toContain(advice);
		expect(`${failure.message}${String(failure.stack)}`).not.toContain('sesame');
	});

	test.each([
		['', 'The private key is encrypted: give its passphrase'],
		[undefined, 'The private key is encrypted: give its passphrase'],
	])('asks for its passphrase where that is %j', (passphrase, words) => {
		const failure = failureOf(() => readPrivateKey(encrypted('aes-256-cbc'), passphrase));
		expect(failure.message).toBe(words);
	});

	/** DER of an object identifier, with what follows it there. */
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

	test.each(encryptions)('encrypted with %s is refused with the way out', (_name, oid) => {
		const identifier = element(0x06, Buffer.from(oid, 'hex'));
		const saltAndCount = sequence(element(0x04, Buffer.alloc(8, 1)), integer(2048n));
		const noise = element(0x04, Buffer.alloc(128, 'Z'));
		const der = sequence(sequence(identifier, saltAndCount), noise);
		const pasted = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----`;
		const failure = failureOf(() => readPrivateKey(pasted, 'open sesame'));
		expect(failure.message).toContain(reEncrypt);
	});

	test.each(['DES-CBC', 'RC2-CBC', 'IDEA-CBC', 'NEW-CBC'])(
		'in legacy PEM with %s is refused with the way out',
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

	test.each(['sec1', 'pkcs8'] as const)('as base64 of %s without armour is read', (type) => {
		const base64 = leaf.key.export({ type, format: 'der' }).toString('base64');
		expect(readPrivateKey(base64, undefined).equals(leaf.key)).toBe(true);
	});

	test('as base64 of PKCS#1 without armour is read', () => {
		const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const base64 = privateKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
		expect(readPrivateKey(base64, undefined).equals(privateKey)).toBe(true);
	});

	test('as base64 of what is encrypted opens without armour', () => {
		const base64 = encrypted('aes-256-cbc').split('\n').slice(1, -2).join('');
		expect(readPrivateKey(base64, 'open sesame').equals(leaf.key)).toBe(true);
	});

	test.each([
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
		[
			'a CSR',
			'-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----',
			'CSR',
		],
		['two keys', `${leaf.keyPem}${other.keyPem}`, 'there are 2 private keys'],
		['nothing', ' \n', 'The private key is missing'],
		['a file name', '/etc/ssl/private/client.key', 'paste the private key itself, not a file name'],
		['cut off', leaf.keyPem.slice(0, 120), 'the PEM block is cut off: no END line'],
	])('is refused where it is %s', (_name, pasted, words) => {
		const failure = failureOf(() => readPrivateKey(pasted, undefined));
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toContain(words);
	});
});
