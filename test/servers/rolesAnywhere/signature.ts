import { verify } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Authorization } from './authorization';
import { canonicalRequest, sha256 } from './canonicalRequest';
import type { Deviation } from './canonicalRequest';
import { mistakeIn } from './mistakes';
import { invalidSignature } from './Refusal';
import type { Received } from './received';

const REQUIRED = ['content-type', 'host', 'x-amz-date', 'x-amz-x509'];

/**
 * Checks a request's signature as strictly as the protocol is written.
 * @param now milliseconds since 1970
 * @throws Refusal
 */
export function verifySignature(
	received: Received,
	authorization: Authorization,
	leaf: X509Certificate,
	account: { readonly region: string; readonly skewSeconds: number },
	now: number,
): void {
	const { headers } = received;
	const { algorithm, day, region, purpose, signedHeaders } = authorization;
	checkSignedHeaders(signedHeaders.split(';'), headers);
	const date = headers['x-amz-date'] ?? '';
	checkDate(date, account.skewSeconds, now);
	checkScope(authorization, leaf, account.region, date);
	const { publicKey } = leaf;
	if (algorithm !== algorithmOf(publicKey)) throw invalidSignature(`algorithm ${algorithm}`);
	if (!/^([0-9a-f]{2})+$/.test(authorization.signature)) {
		throw invalidSignature('the signature is not hex in lower case');
	}
	const signature = Buffer.from(authorization.signature, 'hex');
	const textWith = (deviation: Deviation) => {
		const canonical = canonicalRequest(received, signedHeaders, deviation);
		return `${algorithm}\n${date}\n${day}/${region}/${purpose}\n${sha256(canonical)}`;
	};
	const pure = algorithm === 'AWS4-X509-MLDSA';
	const isOf = (data: string | Buffer) =>
		verify(pure ? null : 'sha256', Buffer.from(data), publicKey, signature);
	if (isOf(textWith({}))) return;
	throw invalidSignature(mistakeIn({ received, publicKey, signature, textWith, isOf }));
}

function checkSignedHeaders(
	names: readonly string[],
	headers: Readonly<Record<string, string>>,
): void {
	const sorted = [...new Set(names)].sort();
	if (sorted.join(';') !== names.join(';')) throw invalidSignature('signed headers are not sorted');
	const absent = names.find((name) => !(name in headers));
	if (absent !== undefined) throw invalidSignature(`header ${absent} is signed but absent`);
	const required = [...REQUIRED, ...('x-amz-x509-chain' in headers ? ['x-amz-x509-chain'] : [])];
	const unsigned = required.find((name) => !names.includes(name));
	if (unsigned !== undefined) throw invalidSignature(`header ${unsigned} is not signed`);
}

function checkDate(text: string, skewSeconds: number, now: number): void {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)?.slice(1).map(Number);
	if (parts === undefined) throw invalidSignature('the date has another form');
	const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = parts;
	const off = Math.abs(Date.UTC(year, month - 1, date, hour, minute, second) - now);
	if (off > skewSeconds * 1000) throw invalidSignature(`the clock is ${off / 1000} s off`);
}

function checkScope(
	{ serial, day, region, purpose }: Authorization,
	leaf: X509Certificate,
	wanted: string,
	date: string,
): void {
	const number = BigInt(`0x${leaf.serialNumber}`);
	if (serial !== number.toString()) {
		const hex = /^[0-9a-f]+$/i.test(serial) && BigInt(`0x${serial}`) === number;
		throw invalidSignature(
			hex
				? 'the serial number is in hex and not in decimal'
				: 'the serial number is not that of the certificate',
		);
	}
	if (!date.startsWith(`${day}T`)) throw invalidSignature('the scope is of another day');
	if (region !== wanted) throw invalidSignature(`it is signed for region ${region}`);
	if (purpose !== 'rolesanywhere/aws4_request') {
		throw invalidSignature(`the scope ends with ${purpose}`);
	}
}

function algorithmOf(key: KeyObject): string {
	const type: string = key.asymmetricKeyType ?? '';
	if (type === 'rsa') return 'AWS4-X509-RSA-SHA256';
	if (type === 'ec') return 'AWS4-X509-ECDSA-SHA256';
	return type.startsWith('ml-dsa') ? 'AWS4-X509-MLDSA' : 'none';
}
