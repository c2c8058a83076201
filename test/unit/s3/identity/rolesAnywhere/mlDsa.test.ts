import crypto from 'node:crypto';
import { readPrivateKey } from '../../../../../s3/identity/rolesAnywhere/privateKey';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import { failureOf, rejectionOf } from '../../../failureOf';
import { openLab } from './lab';
import type { Lab } from './lab';

/** PKCS#8 of a key that is made of a seed of 32 bytes. */
function pemOf(parameterSet: '11' | '12' | '13'): string {
	const der = `3034020100300b06096086480165030403${parameterSet}04228020${'5a'.repeat(32)}`;
	const base64 = Buffer.from(der, 'hex').toString('base64');
	return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
}

function isKnownToNode(): boolean {
	try {
		return crypto.createPrivateKey(pemOf('11')).type === 'private';
	} catch {
		return false;
	}
}

const sets = [
	['ml-dsa-44', pemOf('11')],
	['ml-dsa-65', pemOf('12')],
	['ml-dsa-87', pemOf('13')],
] as const;

/** With the passphrase “open sesame”, of the seed of ML-DSA-65. */
const ENCRYPTED = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgBAgMEBQYHCAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAARIjNEVWZ3iJmqu8zd7v8EQLik
WmW5UBn1ijJnqBKDtNqmoL1z0PvqRCfjGciNjDfjzzg0pWvBR1qdMcjK7H9A4UDN
pbzf1a+pPmo0lTsyiMc=
-----END ENCRYPTED PRIVATE KEY-----
`;

/** Something else, encrypted in the same way: what a wrong passphrase makes of a key may look so. */
const NO_KEY = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MHswVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECAECAwQFBgcIAgIIADAM
BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQABEiM0RVZneImaq7zN3u/wQg9rtp
pAlcrQyr4Vysh7xHZL9Ftxo6YAOykVv/vAC47qs=
-----END ENCRYPTED PRIVATE KEY-----
`;

let lab: Lab;
beforeEach(async () => {
	lab = await openLab();
});
afterEach(() => lab.close());

if (isKnownToNode()) {
	test.each(sets)('a key of type %s signs what the service verifies', async (type, keyPem) => {
		const key = readPrivateKey(keyPem, undefined);
		expect(key.asymmetricKeyType).toBe(type);
		const middle = issue({ name: 'Middle', ca: true, key }, lab.root);
		const leaf = issue({ name: 'quantum.example', key }, middle);
		await lab.session({ certificate: leaf.pem + middle.pem, privateKey: keyPem });
		expect(lab.service.handled[0]?.headers.authorization).toContain('AWS4-X509-MLDSA Credential=');
	});

	test('an encrypted key opens', () => {
		expect(readPrivateKey(ENCRYPTED, 'open sesame').asymmetricKeyType).toBe('ml-dsa-65');
	});

	test('what comes out of an encrypted text and is no key is not taken for one of these', () => {
		expect(failureOf(() => readPrivateKey(NO_KEY, 'open sesame')).message).toBe(
			'The passphrase does not open the private key',
		);
	});

	test('a damaged key is said to be damaged, and not to need another Node', () => {
		const damaged = pemOf('11').replace('BCKA', 'BCKB');
		expect(failureOf(() => readPrivateKey(damaged, undefined)).message).toBe(
			'Private Key: the private key cannot be read',
		);
	});
}

describe('where Node does not know such keys', () => {
	const { createPrivateKey } = crypto;

	/** What Node 20 does; there it is not replaced by anything else. */
	function asNode20(key: Parameters<typeof createPrivateKey>[0]): crypto.KeyObject {
		const object = createPrivateKey(key);
		if (object.asymmetricKeyType?.startsWith('ml-dsa') !== true) return object;
		const message = 'error:1E08010C:DECODER routines::unsupported';
		throw Object.assign(new Error(message), { code: 'ERR_OSSL_UNSUPPORTED' });
	}

	beforeEach(() => {
		jest.spyOn(crypto, 'createPrivateKey').mockImplementation(asNode20);
	});
	afterEach(() => {
		jest.restoreAllMocks();
	});

	test.each(sets)('a key of type %s is refused with the Node that it needs', async (_type, pem) => {
		const failure = await rejectionOf(lab.session({ privateKey: pem }));
		expect(failure.message).toContain(`needs Node 24.6 or later; n8n runs on ${process.version}`);
		expect(lab.service.requestCount).toBe(0);
	});

	test('an encrypted key is not blamed on its passphrase alone', () => {
		const failure = failureOf(() => readPrivateKey(ENCRYPTED, 'open sesame'));
		expect(failure.message).toContain('its passphrase is wrong, or it is an ML-DSA key');
	});

	test('of an encrypted key the passphrase is wrong where it is', () => {
		const failure = failureOf(() => readPrivateKey(ENCRYPTED, 'wrong'));
		expect(failure.message).toBe('The passphrase does not open the private key');
	});
});
