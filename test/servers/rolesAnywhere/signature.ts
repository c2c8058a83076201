import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { invalidSignature } from './Refusal';

/** A request as it came over the wire. */
export interface Received {
	readonly method: string;
	readonly path: string;
	/** Names and values in turn, as sent. */
	readonly rawHeaders: readonly string[];
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

/** Certificates of a request whose signature was made with the first one's key. */
export interface Presented {
	readonly leaf: X509Certificate;
	readonly chain: readonly X509Certificate[];
}

const AUTHORIZATION =
	/^(AWS4-X509-[A-Z0-9-]+) Credential=(\d+)\/(\d{8})\/([a-z0-9-]+)\/rolesanywhere\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]+)$/;

const REQUIRED = ['content-type', 'host', 'x-amz-date', 'x-amz-x509'];

/**
 * Checks a request's signature as strictly as the protocol is written.
 * @param now milliseconds since 1970
 * @throws Refusal
 */
export function verifySignature(
	request: Received,
	account: { readonly region: string; readonly skewSeconds: number },
	now: number,
): Presented {
	const { headers } = request;
	checkDuplicates(request.rawHeaders);
	const match = AUTHORIZATION.exec(headers.authorization ?? '');
	if (match === null) throw invalidSignature('the Authorization header has another form');
	const [, algorithm = '', serial, day, region, signedHeaders = '', signature = ''] = match;
	const leaf = certificateOf(headers['x-amz-x509'] ?? '');
	const chain = chainOf(headers['x-amz-x509-chain']);
	checkSignedHeaders(signedHeaders.split(';'), headers);
	checkDate(headers['x-amz-date'] ?? '', day ?? '', account.skewSeconds, now);
	if (serial !== BigInt(`0x${leaf.serialNumber}`).toString()) {
		throw invalidSignature('the serial number is not that of the certificate in decimal');
	}
	if (region !== account.region) throw invalidSignature(`it is signed for region ${region ?? ''}`);
	if (algorithm !== algorithmOf(leaf.publicKey)) throw invalidSignature(`algorithm ${algorithm}`);
	const scope = `${day ?? ''}/${region}/rolesanywhere/aws4_request`;
	const canonical = canonicalRequest(request, signedHeaders);
	const text = `${algorithm}\n${headers['x-amz-date'] ?? ''}\n${scope}\n${sha256(canonical)}`;
	if (!isSignedBy(leaf.publicKey, text, Buffer.from(signature, 'hex'))) {
		throw invalidSignature(diagnosis(leaf.publicKey, text, Buffer.from(signature, 'hex')));
	}
	return { leaf, chain };
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

function checkDuplicates(rawHeaders: readonly string[]): void {
	const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) throw invalidSignature(`header ${twice} is there twice`);
}

function certificateOf(base64: string): X509Certificate {
	const der = Buffer.from(base64, 'base64');
	if (base64 === '' || der.toString('base64') !== base64) {
		throw invalidSignature('a certificate is not strict base64');
	}
	const certificate = new X509Certificate(der);
	if (!certificate.raw.equals(der)) throw invalidSignature('something follows a certificate');
	return certificate;
}

function chainOf(header: string | undefined): X509Certificate[] {
	if (header === undefined) return [];
	const chain = header.split(',').map(certificateOf);
	if (chain.length > 5) throw invalidSignature('the chain is too long');
	return chain;
}

function checkSignedHeaders(
	names: readonly string[],
	headers: Readonly<Record<string, string>>,
): void {
	const sorted = [...new Set(names)].sort();
	if (sorted.join(';') !== names.join(';')) throw invalidSignature('signed headers are not sorted');
	const required = [...REQUIRED, ...('x-amz-x509-chain' in headers ? ['x-amz-x509-chain'] : [])];
	const unsigned = required.find((name) => !names.includes(name));
	if (unsigned !== undefined) throw invalidSignature(`header ${unsigned} is not signed`);
	const absent = names.find((name) => !(name in headers));
	if (absent !== undefined) throw invalidSignature(`header ${absent} is signed but absent`);
}

function checkDate(text: string, day: string, skewSeconds: number, now: number): void {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1).map(Number);
	if (parts === undefined) throw invalidSignature('the date has another form');
	const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = parts;
	const off = Math.abs(Date.UTC(year, month - 1, date, hour, minute, second) - now);
	if (off > skewSeconds * 1000) throw invalidSignature(`the clock is ${off / 1000} s off`);
	if (!text.startsWith(day)) throw invalidSignature('the scope is of another day');
}

function algorithmOf(key: KeyObject): string {
	const type: string = key.asymmetricKeyType ?? '';
	if (type === 'rsa') return 'AWS4-X509-RSA-SHA256';
	if (type === 'ec') return 'AWS4-X509-ECDSA-SHA256';
	return type.startsWith('ml-dsa') ? 'AWS4-X509-MLDSA' : 'none';
}

function canonicalRequest({ method, path, headers, body }: Received, signed: string): string {
	const [pathname = '', query = ''] = path.split('?');
	const lines = signed
		.split(';')
		.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
	return `${method}\n${pathname}\n${query}\n${lines.join('')}\n${signed}\n${sha256(body)}`;
}

function isSignedBy(key: KeyObject, text: string, signature: Buffer): boolean {
	const pure = algorithmOf(key) === 'AWS4-X509-MLDSA';
	return verify(pure ? null : 'sha256', Buffer.from(text), key, signature);
}

/** Which of the usual mistakes was made. */
function diagnosis(key: KeyObject, text: string, signature: Buffer): string {
	const data = Buffer.from(text);
	const type = key.asymmetricKeyType;
	if (type === 'ec' && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
		return 'the signature is r||s and not DER';
	}
	const padding = constants.RSA_PKCS1_PSS_PADDING;
	if (type === 'rsa' && verify('sha256', data, { key, padding }, signature)) {
		return 'the signature has PSS padding';
	}
	const other = ['sha384', 'sha512', 'sha1'].find(
		(hash) => type !== undefined && verify(hash, data, key, signature),
	);
	return other === undefined ? 'the signature does not verify' : `the signature is with ${other}`;
}
