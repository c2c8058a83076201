import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readSigner } from '../../../../../s3/identity/rolesAnywhere/certificate';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import { integer, objectIdentifier, sequence } from '../../../../servers/rolesAnywhere/der';
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

it.each([
	['in order', `${second.pem}${first.pem}`],
	['in the wrong order', `${first.pem}${second.pem}`],
	['with the root', `${root.pem}${first.pem}${second.pem}`],
	['with the certificate itself', `${leaf.pem}${second.pem}${first.pem}`],
	['with everything twice', `${second.pem}${first.pem}${second.pem}${first.pem}`],
	['with certificates of others', `${other.pem}${second.pem}${first.pem}`],
	['between comments', `# issuing\n${second.pem}\n# upper\n${first.pem}`],
])('a chain %s is sent from the issuer of the certificate upwards', (_name, certificateChain) => {
	expect(namesOf(signer({ certificateChain }))).toEqual(WHOLE);
});

it.each([undefined, '', ' \n\t ', '# none\n  # at all', '\\n'])(
	'a chain of %j is empty',
	(certificateChain) => {
		expect(signer({ certificateChain }).chain).toEqual([]);
	},
);

it('the field of the certificate may hold the chain too, in any order', () => {
	const certificate = `${first.pem}${second.pem}${root.pem}${leaf.pem}`;
	expect(namesOf(signer({ certificate }))).toEqual(WHOLE);
});

it('the fields of certificate and chain may be mixed up', () => {
	const certificate = `${second.pem}${first.pem}`;
	expect(namesOf(signer({ certificate, certificateChain: leaf.pem }))).toEqual(WHOLE);
});

it('an authority of the same name that did not sign is left out of the chain', () => {
	const impostor = issue({ name: 'Intermediate 2', ca: true }, first);
	const certificateChain = `${impostor.pem}${second.pem}${first.pem}`;
	const { chain } = signer({ certificateChain });
	expect(chain.map(({ fingerprint }) => fingerprint)).toEqual([
		second.certificate.fingerprint,
		first.certificate.fingerprint,
	]);
});

it('the chain has the valid certificate of an authority that was renewed', () => {
	const { key } = second;
	const notAfter = new Date(Date.now() - DAY);
	const old = issue({ name: 'Intermediate 2', ca: true, key, notAfter }, first);
	const { chain } = signer({ certificateChain: old.pem + second.pem + first.pem });
	expect(chain.map(({ fingerprint }) => fingerprint)).toEqual([
		second.certificate.fingerprint,
		first.certificate.fingerprint,
	]);
});

it('a chain of more than five certificates is refused', () => {
	const authorities = [root];
	for (let depth = 1; depth <= 6; depth += 1) {
		authorities.push(issue({ name: `Level ${depth}`, ca: true }, authorities.at(-1)));
	}
	const deep = issue({ name: 'deep.example' }, authorities.at(-1));
	const changes = { certificate: deep.pem, privateKey: deep.keyPem };
	const certificateChain = authorities.map(({ pem }) => pem).join('');
	const failure = failureOf(() => signer({ ...changes, certificateChain }));
	expect(failure.message).toBe('The certificate chain has more than 5 certificates');
});

it('a chain without end is refused in a time that grows with its length alone', () => {
	const authorities = [issue({ name: 'Same', ca: true })];
	for (let depth = 1; depth <= 40; depth += 1) {
		authorities.push(issue({ name: 'Same', ca: true }, authorities.at(-1)));
	}
	const deep = issue({ name: 'deep.example' }, authorities.at(-1));
	const changes = { certificate: deep.pem, privateKey: deep.keyPem };
	const certificateChain = authorities.map(({ pem }) => pem).join('');
	const verify = jest.spyOn(X509Certificate.prototype, 'verify');
	failureOf(() => signer({ ...changes, certificateChain }));
	// Each of six times, whether one has issued the last, and itself.
	expect(verify.mock.calls.length).toBeLessThanOrEqual(6 * 2 * authorities.length);
	verify.mockRestore();
});

it('a file name in the field of the chain is refused by the name of the field', () => {
	const failure = failureOf(() => signer({ certificateChain: '/etc/ssl/chain.pem' }));
	expect(failure.message).toBe('Certificate Chain: paste the certificate itself, not a file name');
});

it('the certificate that is sent is the valid one of those that were renewed with the same key', () => {
	const old = issue({ name: 'old', key: leaf.key, notAfter: new Date(Date.now() - DAY) }, second);
	expect(namesOf(signer({ certificate: `${old.pem}${leaf.pem}` }))[0]).toBe('worker.example');
});

it('a certificate that expired is refused with name and day', () => {
	const notAfter = new Date(Date.UTC(2026, 5, 1));
	const expired = issue({ name: 'old.example', notAfter }, root);
	const failure = failureOf(() =>
		signer({ certificate: expired.pem, privateKey: expired.keyPem }, Date.UTC(2026, 10, 20)),
	);
	expect(failure.message).toBe('The certificate CN=old.example expired on 2026-06-01');
});

it('a certificate that is not yet valid is refused with its day and a word on the clock', () => {
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

it('no certificate is refused by a clock that was never set', () => {
	expect(namesOf(signer({}, Date.UTC(1970, 0, 2)))).toEqual(['worker.example']);
});

it.each([1n, 0xdeadbeefn, 2n ** 159n - 1n, 0n])(
	'a certificate with serial number %s is accepted',
	(serial) => {
		const numbered = issue({ name: 'numbered', serial }, root);
		const read = signer({ certificate: numbered.pem, privateKey: numbered.keyPem });
		expect(read.serial).toBe(serial);
	},
);

it('a certificate with a negative serial number is refused', () => {
	const negative = issue({ name: 'negative', serial: -9021n }, root);
	const failure = failureOf(() =>
		signer({ certificate: negative.pem, privateKey: negative.keyPem }),
	);
	expect(failure.message).toContain('serial number is negative');
});

it('a certificate without a subject is sent, for the service to judge', () => {
	const nameless = issue({ name: undefined }, root);
	const read = signer({ certificate: nameless.pem, privateKey: nameless.keyPem });
	expect(read.chain).toEqual([]);
});

it('a certificate as base64 without BEGIN line is read', () => {
	const certificate = leaf.certificate.raw.toString('base64');
	expect(namesOf(signer({ certificate }))).toEqual(['worker.example']);
});

it('a certificate with a very long name is named by the beginning of it', () => {
	const named = issue({ name: 'x'.repeat(300) }, root);
	const failure = failureOf(() => signer({ certificate: named.pem }));
	expect(failure.message).toContain(`CN=${'x'.repeat(117)}`);
	expect(failure.message).not.toContain('x'.repeat(118));
});

/** What clipboards, editors and forms make of line breaks and blanks. */
const pastes: Array<[string, (pem: string) => string]> = [
	['CR', (pem) => pem.replaceAll('\n', '\r')],
	['blanks after every line', (pem) => pem.replaceAll('\n', '  \t\n')],
	['a BOM', (pem) => `\ufeff${pem}`],
	['non-breaking spaces, in its BEGIN line too', (pem) => pem.replace(/[ \n]/g, '\u00a0')],
	['escapes, in quotes', (pem) => JSON.stringify(pem.replaceAll('\n', '\r\n'))],
	['text of openssl -text', (pem) => `Certificate:\n    Data:\n        Version: 3\n${pem}`],
];

it.each(pastes)('certificate and key are read with %s', (_name, paste) => {
	const read = signer({ certificate: paste(leaf.pem), privateKey: paste(leaf.keyPem) });
	expect(namesOf(read)).toEqual(['worker.example']);
});

const subject = sequence();
const spki = createPublicKey(leaf.key).export({ type: 'spki', format: 'der' });

it.each([
	['a private key', leaf.keyPem, 'Certificate: this is a private key, not a certificate'],
	[
		'a private key without BEGIN line',
		leaf.key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
		'Certificate: this is a private key, not a certificate',
	],
	[
		'a public key without BEGIN line',
		spki.toString('base64'),
		'Certificate: this is a public key, not a certificate',
	],
	[
		'a CSR without BEGIN line',
		sequence(sequence(integer(0n), subject, spki)).toString('base64'),
		'Certificate: this is a certificate signing request (CSR)',
	],
	[
		'a PKCS#7 bundle without BEGIN line',
		sequence(objectIdentifier('1.2.840.113549.1.7.2'), Buffer.alloc(80)).toString('base64'),
		'Certificate: this is a PKCS#7 (.p7b) bundle',
	],
	['a PKCS#7 bundle', '-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----', 'PKCS#7'],
	['a file name', 'C:\\certs\\client.pem', 'not a file name'],
	['a file name like base64', '/certs/client01', 'not a file name'],
	['a word', 'certificate', 'cannot be read'],
	['half a BEGIN line', '-----BEGIN CERTIFI', 'cannot be read'],
	['the end alone', leaf.pem.slice(40), 'no BEGIN line'],
])('%s in the field of the certificate is refused by what it is', (_name, certificate, words) => {
	expect(failureOf(() => signer({ certificate })).message).toContain(words);
});

const keys: Array<[string, KeyObject]> = [
	['the same type', other.key],
	['another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
	['another type', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
];
it.each(keys)(
	'a private key of %s that belongs to another certificate is refused',
	(_name, key) => {
		const privateKey = key.export({ type: 'pkcs8', format: 'pem' }) as string;
		const failure = failureOf(() => signer({ privateKey }));
		expect(failure.message).toBe(
			'The private key does not belong to the certificate CN=worker.example',
		);
	},
);
