import crypto from 'node:crypto';
import { readPrivateKey } from '../../../../../s3/identity/rolesAnywhere/privateKey';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import { failureOf, rejectionOf } from '../../../failureOf';
import { openLab } from './lab';
import type { Lab } from './lab';

/** PKCS#8 of an ML-DSA key that is made of a seed of 32 bytes. */
function mlDsaPem(parameterSet: '11' | '12' | '13'): string {
	const der = `3034020100300b06096086480165030403${parameterSet}04228020${'5a'.repeat(32)}`;
	const base64 = Buffer.from(der, 'hex').toString('base64');
	return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
}

function knowsMlDsa(): boolean {
	try {
		return crypto.createPrivateKey(mlDsaPem('11')).type === 'private';
	} catch {
		return false;
	}
}

const mlDsaKeys = [
	['ml-dsa-44', mlDsaPem('11')],
	['ml-dsa-65', mlDsaPem('12')],
	['ml-dsa-87', mlDsaPem('13')],
] as const;

/** The key ML-DSA-65, encrypted with the passphrase “open sesame”. */
const ENCRYPTED_ML_DSA = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgBAgMEBQYHCAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAARIjNEVWZ3iJmqu8zd7v8EQLik
WmW5UBn1ijJnqBKDtNqmoL1z0PvqRCfjGciNjDfjzzg0pWvBR1qdMcjK7H9A4UDN
pbzf1a+pPmo0lTsyiMc=
-----END ENCRYPTED PRIVATE KEY-----
`;

/** Bytes that are no key, encrypted in the same way: a wrong passphrase may give such bytes. */
const ENCRYPTED_NO_KEY = `-----BEGIN ENCRYPTED PRIVATE KEY-----
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

if (knowsMlDsa()) {
	it.each(mlDsaKeys)('a key of type %s signs what the service verifies', async (type, keyPem) => {
		const key = readPrivateKey(keyPem, undefined);
		expect(key.asymmetricKeyType).toBe(type);
		const middle = issue({ name: 'Middle', ca: true, key }, lab.root);
		const leaf = issue({ name: 'quantum.example', key }, middle);
		await lab.session({ certificate: leaf.pem + middle.pem, privateKey: keyPem });
		expect(lab.service.handled[0]?.headers.authorization).toContain('AWS4-X509-MLDSA Credential=');
	});

	it('an encrypted ML-DSA key is decrypted', () => {
		expect(readPrivateKey(ENCRYPTED_ML_DSA, 'open sesame').asymmetricKeyType).toBe('ml-dsa-65');
	});

	it('encrypted bytes that are no key are not taken for an ML-DSA key', () => {
		expect(failureOf(() => readPrivateKey(ENCRYPTED_NO_KEY, 'open sesame')).message).toBe(
			'The passphrase does not open the private key',
		);
	});

	it('a damaged ML-DSA key is called damaged, and not said to need another Node', () => {
		const damaged = mlDsaPem('11').replace('BCKA', 'BCKB');
		expect(failureOf(() => readPrivateKey(damaged, undefined)).message).toBe(
			'Private Key: the private key cannot be read',
		);
	});
}

describe('Node without ML-DSA', () => {
	const { createPrivateKey } = crypto;

	/** Reads a key as Node 20 does. */
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

	it.each(mlDsaKeys)(
		'a key of type %s that Node does not know is refused with the version of Node that it needs',
		async (_type, pem) => {
			const failure = await rejectionOf(lab.session({ privateKey: pem }));
			expect(failure.message).toContain(`needs Node 24.6 or later; n8n runs on ${process.version}`);
			expect(lab.service.requestCount).toBe(0);
		},
	);

	it('an encrypted ML-DSA key that Node does not know is not blamed on its passphrase alone', () => {
		const failure = failureOf(() => readPrivateKey(ENCRYPTED_ML_DSA, 'open sesame'));
		expect(failure.message).toContain('its passphrase is wrong, or it is an ML-DSA key');
	});

	it('a wrong passphrase of an ML-DSA key that Node does not know is called wrong', () => {
		const failure = failureOf(() => readPrivateKey(ENCRYPTED_ML_DSA, 'wrong'));
		expect(failure.message).toBe('The passphrase does not open the private key');
	});
});
