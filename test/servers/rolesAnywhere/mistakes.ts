/** Tells the usual mistakes in a signature that does not verify apart, for the service's log. */
import { constants, createHash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Deviation } from './canonicalRequest';
import type { Received } from './received';

/** A signature that does not verify. */
interface Unverified {
	readonly received: Received;
	readonly publicKey: KeyObject;
	readonly signature: Buffer;
	/** The string to sign of a client that deviates. */
	readonly textWith: (deviation: Deviation) => string;
	/** Whether the signature is a right one of other data. */
	readonly isOf: (data: string | Buffer) => boolean;
}

/** Which of the usual mistakes was made. */
export function mistakeIn(unverified: Unverified): string {
	return mistakeInKind(unverified) ?? mistakeInText(unverified) ?? 'the signature does not verify';
}

/** The text is the right one, but signed in another way. */
function mistakeInKind({ publicKey: key, signature, textWith }: Unverified): string | undefined {
	const data = Buffer.from(textWith({}));
	const type = key.asymmetricKeyType;
	if (type === 'ec' && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
		return 'the signature is P1363 (r||s) and not DER';
	}
	const padding = constants.RSA_PKCS1_PSS_PADDING;
	if (type === 'rsa' && verify('sha256', data, { key, padding }, signature)) {
		return 'the signature has PSS padding and not that of PKCS#1 v1.5';
	}
	if (type !== 'rsa' && type !== 'ec') return undefined;
	const other = ['sha384', 'sha512', 'sha1'].find((hash) => verify(hash, data, key, signature));
	return other && `the signature is with ${other} and not with sha256`;
}

/** The key and the way are right, but something else was signed. */
function mistakeInText({ received, textWith, isOf }: Unverified): string | undefined {
	const hashed = createHash('sha256').update(textWith({})).digest();
	if (isOf(hashed) || isOf(hashed.toString('hex'))) return 'the string to sign was hashed twice';
	const { headers, path } = received;
	const deviations: Array<[string, Deviation]> = [
		['the hash is that of an empty body', { body: '' }],
		['the query was signed raw', { query: path.split('?')[1] ?? '' }],
		['the host was signed without its port', { host: headers.host?.replace(/:\d+$/, '') ?? '' }],
		['the blank line behind the headers is missing', { blankLine: '' }],
	];
	return deviations.find(([, deviation]) => isOf(textWith(deviation)))?.[0];
}
