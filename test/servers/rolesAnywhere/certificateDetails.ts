import type { X509Certificate } from 'node:crypto';
import { contentOf, elementsOf } from './der';

/** What the fields of a certificate say that Node has no accessors for. */
interface Details {
	readonly version: number;
	/** Whether its signature is with MD5 or SHA-1. */
	readonly weak: boolean;
	/** DER of the names, without their header. */
	readonly issuer: Buffer;
	readonly subject: Buffer;
	/** Node says so only of those that may sign certificates, too. */
	readonly ca: boolean;
	readonly pathLength: number | undefined;
	/** Bits of the key usage extension, the first being digitalSignature; undefined without it. */
	readonly keyUsage: number | undefined;
}

/** Hex of the object identifiers of signatures with MD5 and SHA-1. */
const WEAK = ['2a864886f70d010104', '2a864886f70d010105', '2a8648ce3d0401'];

export function detailsOf(certificate: X509Certificate): Details {
	const [whole] = elementsOf(certificate.raw);
	const [tbs, algorithm] = elementsOf(contentOf(whole));
	const fields = elementsOf(contentOf(tbs));
	const versioned = fields[0]?.tag === 0xa0;
	const [, , issuer, , subject] = versioned ? fields.slice(1) : fields;
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
	const limits = constraints === undefined ? [] : elementsOf(contentOf(elementsOf(constraints)[0]));
	return {
		version: versioned ? (contentOf(elementsOf(contentOf(fields[0]))[0])[0] ?? 0) + 1 : 1,
		weak: WEAK.includes(contentOf(elementsOf(contentOf(algorithm))[0]).toString('hex')),
		issuer: contentOf(issuer),
		subject: contentOf(subject),
		ca: limits.some(({ tag, content }) => tag === 0x01 && content[0] === 0xff),
		pathLength: limits.find(({ tag }) => tag === 0x02)?.content[0],
		keyUsage: usage && contentOf(elementsOf(usage)[0])[1],
	};
}
