/** Object identifiers of the two functions that make a key of a passphrase, without tag and length. */
const PBKDF2 = Buffer.from('2a864886f70d01050c', 'hex');
const SCRYPT = Buffer.from('2b06010401da47040b', 'hex');

/**
 * Rounds that take about 200 ms, in which n8n does nothing else. OpenSSL takes 2,048 of PBKDF2 unless told
 * otherwise, password managers up to 1,000,000; its scrypt is 16,384 × 8 × 1.
 */
const MAX_PBKDF2 = 2_000_000;
const MAX_SCRYPT = 1_048_576;

const OCTET_STRING = 0x04;
const INTEGER = 0x02;

/**
 * Whether opening an encrypted private key would keep n8n from other work for long, as the key itself says how
 * often its passphrase is hashed.
 *
 * @param der of an EncryptedPrivateKeyInfo; other bytes are not costly, as they cannot be opened
 * @see https://www.rfc-editor.org/rfc/rfc8018#appendix-A.2 for PBKDF2
 * @see https://www.rfc-editor.org/rfc/rfc7914#section-7 for scrypt
 */
export function isCostlyToOpen(der: Buffer): boolean {
	const [iterations = 0] = integersAfter(der, PBKDF2);
	const [cost = 0, blockSize = 0, parallelization = 0] = integersAfter(der, SCRYPT);
	return iterations > MAX_PBKDF2 || cost * blockSize * parallelization > MAX_SCRYPT;
}

/** The integers that follow an identifier and its salt: SEQUENCE { OCTET STRING, INTEGER, … }. */
function integersAfter(der: Buffer, identifier: Buffer): number[] {
	const found = der.indexOf(identifier);
	if (found === -1) return [];
	const salt = contentOf(der, contentOf(der, found + identifier.length).start);
	if (salt.tag !== OCTET_STRING) return [];
	const integers: number[] = [];
	for (
		let value = contentOf(der, salt.end);
		value.tag === INTEGER;
		value = contentOf(der, value.end)
	) {
		integers.push(Number(`0x${der.toString('hex', value.start, value.end) || '0'}`));
	}
	return integers;
}

/** Tag, first byte and end of the value of DER that begins at an index. */
function contentOf(der: Buffer, at: number): { tag: number; start: number; end: number } {
	const [tag = 0, first = 0] = der.subarray(at, at + 2);
	const bytesOfLength = first < 0x80 ? 0 : first - 0x80;
	const start = at + 2 + bytesOfLength;
	const long = Number(`0x${der.toString('hex', at + 2, start) || '0'}`);
	return { tag, start, end: start + (first < 0x80 ? first : long) };
}
