import { X509Certificate } from 'node:crypto';
import { invalidSignature } from './Refusal';
import type { Received } from './received';

/** The certificates of a request. */
export interface Presented {
	readonly leaf: X509Certificate;
	/** In the order of the header. */
	readonly chain: readonly X509Certificate[];
}

/** @throws Refusal for what is not one certificate, and up to five more, in strict base64 of DER */
export function readPresented({ headers }: Received): Presented {
	return {
		leaf: certificateIn(headers['x-amz-x509'] ?? ''),
		chain: chainIn(headers['x-amz-x509-chain']),
	};
}

function certificateIn(base64: string): X509Certificate {
	const der = Buffer.from(base64, 'base64');
	if (base64 === '' || der.toString('base64') !== base64) {
		throw invalidSignature('a certificate is not strict base64');
	}
	const certificate = parsed(der);
	if (certificate === undefined) throw invalidSignature('a certificate is not DER');
	if (!certificate.raw.equals(der)) throw invalidSignature('something follows a certificate');
	return certificate;
}

function parsed(der: Buffer): X509Certificate | undefined {
	try {
		return new X509Certificate(der);
	} catch {
		return undefined;
	}
}

function chainIn(header: string | undefined): X509Certificate[] {
	if (header === undefined) return [];
	const chain = header.split(',').map(certificateIn);
	if (chain.length > 5) throw invalidSignature('the chain is too long');
	return chain;
}
