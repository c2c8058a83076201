import { verify } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { hashOf } from './authority';
import { detailsOf } from './certificateDetails';
import { contentOf, element, elementsOf } from './der';
import { denied } from './Refusal';

/** What a revocation list says, and what it was signed with. */
interface RevocationList {
	/** DER of the name, without its header. */
	readonly issuer: Buffer;
	readonly revoked: ReadonlySet<bigint>;
	readonly toBeSigned: Buffer;
	readonly hash: string | null;
	readonly signature: Buffer;
}

/**
 * Looks every certificate of a path up in the lists of its issuer.
 * @param path from the leaf to the anchor
 * @param lists PEM
 * @throws Refusal for a revoked certificate, and for a list that its issuer has not signed
 */
export function checkRevocation(path: readonly X509Certificate[], lists: readonly string[]): void {
	const read = lists.map(readList);
	for (const [index, issuer] of path.slice(1).entries()) {
		const serial = BigInt(`0x${path[index]?.serialNumber ?? ''}`);
		for (const list of read.filter((one) => one.issuer.equals(detailsOf(issuer).subject))) {
			if (!verify(list.hash, list.toBeSigned, issuer.publicKey, list.signature)) {
				const reason = `a revocation list of ${issuer.subject} has another signature`;
				throw denied('Untrusted signing certificate', reason);
			}
			if (list.revoked.has(serial)) throw denied('Certificate revoked');
		}
	}
}

/** RFC 5280, section 5.1 */
function readList(pem: string): RevocationList {
	const der = Buffer.from(pem.replace(/-----[A-Z0-9 ]+-----|\s/g, ''), 'base64');
	const [whole] = elementsOf(der);
	const [tbs, algorithm, signature] = elementsOf(contentOf(whole));
	const fields = elementsOf(contentOf(tbs));
	const [, issuer, , ...rest] = fields[0]?.tag === 0x02 ? fields.slice(1) : fields;
	const entries = rest.find(({ tag }) => tag === 0x30);
	return {
		issuer: contentOf(issuer),
		revoked: new Set(
			(entries === undefined ? [] : elementsOf(entries.content)).map((entry) =>
				BigInt(`0x${contentOf(elementsOf(entry.content)[0]).toString('hex')}`),
			),
		),
		toBeSigned: element(0x30, contentOf(tbs)),
		hash: hashOf(contentOf(elementsOf(contentOf(algorithm))[0])),
		signature: contentOf(signature).subarray(1),
	};
}
