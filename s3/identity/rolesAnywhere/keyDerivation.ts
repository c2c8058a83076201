/** Object identifiers of the functions that make a key of a passphrase, without tag and length. */
const PBKDF2 = Buffer.from('2a864886f70d01050c', 'hex');
const SCRYPT = Buffer.from('2b06010401da47040b', 'hex');
/** Of the older ones of PKCS #12, of which one byte more says which it is. */
const PKCS12 = Buffer.from('2a864886f70d010c01', 'hex');

/**
 * Rounds that take some hundred milliseconds, in which n8n does nothing else. OpenSSL takes 2,048 of PBKDF2 and PKCS #12
 * unless told otherwise, password managers up to 1,000,000; its scrypt is 16,384 × 8 × 1.
 */
const MAX_ROUNDS = 2_000_000;
const MAX_SCRYPT = 1_048_576;

const OCTET_STRING = 0x04;
const INTEGER = 0x02;

/**
 * Whether opening an encrypted private key would keep n8n from other work for long, as the key itself says how
 * often its passphrase is hashed.
 *
 * @param der of an EncryptedPrivateKeyInfo; other bytes are not costly, as they cannot be opened
 * @see https://www.rfc-editor.org/rfc/rfc8018#appendix-A.2 for PBKDF2
 * @see https://www.rfc-editor.org/rfc/rfc7292#appendix-C for PKCS #12
 * @see https://www.rfc-editor.org/rfc/rfc7914#section-7 for scrypt
 */
export function isCostlyToOpen(der: Buffer): boolean {
	const [rounds = 0] = integersAfter(der, PBKDF2);
	const [oldRounds = 0] = integersAfter(der, PKCS12, 1);
	const [cost = 0, blockSize = Infinity, parallelization = Infinity] = integersAfter(der, SCRYPT);
	return (
		Math.max(rounds, oldRounds) > MAX_ROUNDS || cost * blockSize * parallelization > MAX_SCRYPT
	);
}

/**
 * The integers that follow an identifier and its salt: SEQUENCE { OCTET STRING, INTEGER, … }. Infinity if they are there
 * in another form than DER, which OpenSSL takes as well; none if they are cut off.
 *
 * @param more bytes of the identifier
 */
function integersAfter(der: Buffer, identifier: Buffer, more = 0): number[] {
	const found = der.indexOf(identifier);
	if (found === -1) return [];
	const salt = contentOf(der, contentOf(der, found + identifier.length + more).start);
	const first = contentOf(der, salt.end);
	if (first.start > der.length) return [];
	if (salt.tag !== OCTET_STRING || first.tag !== INTEGER) return [Infinity];
	const integers: number[] = [];
	for (let value = first; value.tag === INTEGER; value = contentOf(der, value.end)) {
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
