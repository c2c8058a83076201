import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { S3Failure } from '../../S3Failure';
import { isCostlyToOpen } from './keyDerivation';
import { blocksOf, wrongBlock, unreadableField } from './pem';
import type { Field, PemBlock } from './pem';

const FIELD: Field = { name: 'Private Key', holds: 'private key' };

/** Bits: OpenSSL verifies no signature of a longer key, and to make one takes n8n seconds to hours. */
const MAX_RSA = 16_384;
/** As Node and OpenSSL name them. */
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/** DER of the object identifiers, in hex. */
const ML_DSA = /060960864801650304031[123]/;
/** The ML-DSA-44 key of a seed of zeros. */
const ML_DSA_KEY = Buffer.from(
	`3034020100300b060960864801650304031104228020${'00'.repeat(32)}`,
	'hex',
);
/** Codes of OpenSSL for DES, RC2, RC4 and other weak ciphers, and for ciphers that it does not know. */
const WEAK_ENCRYPTION = ['ERR_OSSL_EVP_UNSUPPORTED', 'ERR_OSSL_PEM_UNSUPPORTED_ENCRYPTION'];

/**
 * Reads a private key that IAM Roles Anywhere can verify signatures of.
 * @throws S3Failure that says what is wrong; never any of the key or the passphrase
 */
export function readPrivateKey(pasted: string, passphrase: string | undefined): KeyObject {
	const blocks = blocksOf(pasted, FIELD).filter(({ label }) => label !== 'EC PARAMETERS');
	const keys = blocks.filter(({ label }) => /^((RSA|EC|DSA|ENCRYPTED) )?PRIVATE KEY$/.test(label));
	const [block] = keys;
	if (block === undefined) throw wrongBlock(blocks[0]?.label ?? 'EC PARAMETERS', FIELD);
	if (keys.length > 1) {
		throw S3Failure.invalid(
			`Private Key: there are ${keys.length} private keys`,
			'Paste only the private key that belongs to the certificate.',
		);
	}
	const key = open(block, passphrase ?? '');
	checkType(key);
	return key;
}

function isEncrypted({ label, encryption }: PemBlock): boolean {
	return label === 'ENCRYPTED PRIVATE KEY' || encryption !== '';
}

function open(block: PemBlock, passphrase: string): KeyObject {
	const encrypted = isEncrypted(block);
	if (encrypted && passphrase === '') {
		throw S3Failure.invalid(
			'The private key is encrypted: give its passphrase',
			'Enter the passphrase of the private key under More Settings of the credential.',
		);
	}
	if (encrypted && isCostlyToOpen(block.der)) {
		throw S3Failure.invalid(
			'The private key would take too long to open: it hashes its passphrase millions of times',
			'Run openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000 -in KEYFILE, and paste the result.',
		);
	}
	try {
		return createPrivateKey({ key: armoured(block), ...(encrypted ? { passphrase } : {}) });
	} catch (error) {
		if (!encrypted) throw notReadable(block);
		throw notOpened(passphrase, error);
	}
}

function armoured({ label, encryption, der }: PemBlock): string {
	const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
	return `-----BEGIN ${label}-----\n${encryption}${lines.join('\n')}\n-----END ${label}-----\n`;
}

function knowsMlDsa(): boolean {
	try {
		createPrivateKey({ key: ML_DSA_KEY, format: 'der', type: 'pkcs8' });
		return true;
	} catch {
		return false;
	}
}

const NEEDS_NODE_24 = `an ML-DSA key, which needs Node 24.6 or later; n8n runs on ${process.version} here`;
const TAKE_NODE_24 = 'Run n8n on Node 24.6 or later, or use an RSA or EC key and certificate.';

function notReadable({ der }: PemBlock) {
	const isMlDsa = ML_DSA.test(der.subarray(0, 64).toString('hex'));
	if (!isMlDsa || knowsMlDsa()) return unreadableField(FIELD);
	return S3Failure.invalid(`The private key is ${NEEDS_NODE_24}`, TAKE_NODE_24);
}

function notOpened(passphrase: string, error: unknown) {
	const { code } = error as { code?: unknown };
	if (WEAK_ENCRYPTION.includes(String(code))) {
		return S3Failure.invalid(
			'The encryption of the private key is not supported: re-encrypt with AES (openssl pkcs8 -topk8 -v2 aes-256-cbc)',
			'Run openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEYFILE (with -provider legacy -provider default for the oldest), and paste the result.',
		);
	}
	// A wrong passphrase and an unknown type of key both give bytes that OpenSSL cannot read.
	if (code === 'ERR_OSSL_UNSUPPORTED' && !knowsMlDsa()) {
		return S3Failure.invalid(
			`The private key cannot be read: its passphrase is wrong, or it is ${NEEDS_NODE_24}`,
			`Enter the passphrase again. ${TAKE_NODE_24}`,
		);
	}
	return S3Failure.invalid(
		'The passphrase does not open the private key',
		passphrase === passphrase.trim()
			? 'Enter the passphrase of the private key again.'
			: 'The passphrase begins or ends with a blank or line break: remove it if it does not belong there.',
	);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
	dsa: 'DSA',
	dh: 'DH',
	ed25519: 'Ed25519',
	ed448: 'Ed448',
	x25519: 'X25519',
	x448: 'X448',
};

function checkType(key: KeyObject): void {
	const type: string = key.asymmetricKeyType ?? 'unknown';
	const advice = 'Use a key and certificate of type RSA, or EC on curve P-256, P-384 or P-521.';
	const { modulusLength: bits = 0 } = key.asymmetricKeyDetails ?? {};
	if (type === 'rsa' && bits > MAX_RSA) {
		throw S3Failure.invalid(
			`The private key has ${bits} bits; RSA keys may have ${MAX_RSA} at most`,
			advice,
		);
	}
	if (type === 'rsa' || /^ml-dsa-(44|65|87)$/.test(type)) return;
	if (type === 'rsa-pss') {
		throw S3Failure.invalid(
			'RSASSA-PSS keys cannot make PKCS#1 v1.5 signatures: use an RSA (rsaEncryption) key',
			advice,
		);
	}
	if (type !== 'ec') {
		throw S3Failure.invalid(
			`${TYPE_NAMES[type] ?? type} keys are not supported by IAM Roles Anywhere (RSA, EC or ML-DSA)`,
			advice,
		);
	}
	const curve = key.asymmetricKeyDetails?.namedCurve ?? 'of its own';
	if (!CURVES.includes(curve)) {
		throw S3Failure.invalid(
			`The private key’s curve ${curve} is not supported (P-256, P-384, P-521)`,
			advice,
		);
	}
}
