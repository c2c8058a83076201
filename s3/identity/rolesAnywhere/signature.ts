import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SessionRequest } from '../sessionHttp';
import type { Signer } from './certificate';
import type { SessionSettings } from './settings';

/**
 * The request for a session, signed with the certificate's key.
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html
 */
export function signCreateSession(
	settings: SessionSettings,
	signer: Signer,
	time: Date,
): SessionRequest {
	const { url, region } = settings;
	const { leaf, chain, key, serial } = signer;
	const body = bodyOf(settings);
	const date = time.toISOString().replace(/[-:]|\.\d+/g, '');
	const headers: Record<string, string> = {
		'content-type': 'application/json',
		host: url.host,
		'x-amz-date': date,
		'x-amz-x509': leaf.raw.toString('base64'),
		// An empty header is refused as “Invalid signature”.
		...(chain.length === 0
			? {}
			: { 'x-amz-x509-chain': chain.map(({ raw }) => raw.toString('base64')).join(',') }),
	};
	const names = Object.keys(headers).sort();
	const canonicalHeaders = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
	const signedHeaders = names.join(';');
	const canonicalRequest = `POST\n${url.pathname}\n\n${canonicalHeaders}\n${signedHeaders}\n${sha256(body)}`;
	const algorithm = algorithmOf(key);
	const scope = `${date.slice(0, 8)}/${region}/rolesanywhere/aws4_request`;
	const stringToSign = `${algorithm}\n${date}\n${scope}\n${sha256(canonicalRequest)}`;
	const signature = signatureOf(stringToSign, key);
	return {
		method: 'POST',
		url,
		body,
		headers: {
			...headers,
			authorization: `${algorithm} Credential=${serial}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
		},
	};
}

/** ARNs are in the body and not in the query, which leaves nothing of the query to be encoded. */
function bodyOf(settings: SessionSettings): string {
	const { durationSeconds, profileArn, roleArn, trustAnchorArn, sessionName } = settings;
	return JSON.stringify({
		durationSeconds,
		profileArn,
		roleArn,
		trustAnchorArn,
		roleSessionName: sessionName,
	});
}

function algorithmOf({ asymmetricKeyType: type }: KeyObject): string {
	if (type === 'rsa') return 'AWS4-X509-RSA-SHA256';
	return type === 'ec' ? 'AWS4-X509-ECDSA-SHA256' : 'AWS4-X509-MLDSA';
}

/** Hex of PKCS#1 v1.5, of ECDSA as a DER sequence, or of pure ML-DSA, which hashes by itself. */
function signatureOf(text: string, key: KeyObject): string {
	const hashed = key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec';
	return sign(hashed ? 'sha256' : null, Buffer.from(text), key).toString('hex');
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
