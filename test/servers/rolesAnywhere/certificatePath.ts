import type { X509Certificate } from 'node:crypto';
import { elementsOf } from './der';
import type { Element } from './der';

/** What the fields of a certificate say that Node has no accessors for. */
interface Details {
	readonly version: number;
	readonly signatureOid: string;
	readonly emptySubject: boolean;
	readonly pathLength: number | undefined;
	/** Bits of the key usage extension, the first being digitalSignature; undefined without it. */
	readonly keyUsage: number | undefined;
}

/** Hex of the object identifiers of signatures with MD5 and SHA-1. */
const WEAK = ['2a864886f70d010104', '2a864886f70d010105', '2a8648ce3d0401'];

function contentOf(element: Element | undefined): Buffer {
	if (element === undefined) throw new RangeError('DER lacks an element');
	return element.content;
}

function detailsOf(certificate: X509Certificate): Details {
	const [whole] = elementsOf(certificate.raw);
	const [tbs, algorithm] = elementsOf(contentOf(whole));
	const fields = elementsOf(contentOf(tbs));
	const versioned = fields[0]?.tag === 0xa0;
	const subject = fields[versioned ? 5 : 4];
	const extensions = fields.find(({ tag }) => tag === 0xa3);
	const values = new Map(
		(extensions === undefined ? [] : elementsOf(contentOf(elementsOf(extensions.content)[0]))).map(
			(extension) => {
				const parts = elementsOf(extension.content);
				return [contentOf(parts[0]).toString('hex'), contentOf(parts.at(-1))] as const;
			},
		),
	);
	const usage = values.get('551d0f');
	const constraints = values.get('551d13');
	const length =
		constraints && elementsOf(contentOf(elementsOf(constraints)[0])).find(({ tag }) => tag === 2);
	return {
		version: versioned ? (contentOf(elementsOf(contentOf(fields[0]))[0])[0] ?? 0) + 1 : 1,
		signatureOid: contentOf(elementsOf(contentOf(algorithm))[0]).toString('hex'),
		emptySubject: contentOf(subject).length === 0,
		pathLength: length?.content[0],
		keyUsage: usage && contentOf(elementsOf(usage)[0])[1],
	};
}

/** Why a certificate cannot be the one of a workload; undefined where it can. */
export function faultOfLeaf(certificate: X509Certificate): string | undefined {
	const { version, signatureOid, emptySubject, keyUsage } = detailsOf(certificate);
	if (version !== 3) return 'the leaf is not X.509 v3';
	if (certificate.ca) return 'the leaf is a CA';
	if (keyUsage === undefined || (keyUsage & 0x80) === 0) return 'the leaf lacks digitalSignature';
	if (WEAK.includes(signatureOid)) return 'the leaf has a weak signature';
	return emptySubject ? 'the leaf has no subject' : undefined;
}

function isValid(certificate: X509Certificate, now: number): boolean {
	return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
}

function mayIssue(issuer: X509Certificate, below: number, now: number): boolean {
	const { keyUsage, signatureOid, pathLength } = detailsOf(issuer);
	return (
		issuer.ca &&
		((keyUsage ?? 0x04) & 0x04) !== 0 &&
		!WEAK.includes(signatureOid) &&
		(pathLength === undefined || below <= pathLength) &&
		isValid(issuer, now)
	);
}

/** Whether the certificates lead from the leaf to the anchor. */
export function leadsTo(
	anchor: X509Certificate,
	leaf: X509Certificate,
	chain: readonly X509Certificate[],
	now: number,
): boolean {
	if (!isValid(leaf, now)) return false;
	const issuedBy = (certificate: X509Certificate, issuer: X509Certificate, below: number) =>
		certificate.checkIssued(issuer) &&
		certificate.verify(issuer.publicKey) &&
		mayIssue(issuer, below, now);
	const reaches = (certificate: X509Certificate, left: readonly X509Certificate[]): boolean => {
		const below = chain.length - left.length;
		return (
			issuedBy(certificate, anchor, below) ||
			left.some(
				(issuer) =>
					issuedBy(certificate, issuer, below) &&
					reaches(
						issuer,
						left.filter((other) => other !== issuer),
					),
			)
		);
	};
	return reaches(leaf, chain);
}
