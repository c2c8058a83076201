import { createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { element, integer, objectIdentifier, sequence } from './der';

/** What a certificate says; everything that a real authority would refuse is possible. */
export interface CertificateOptions {
	/** Undefined makes a certificate with an empty subject. */
	name?: string | undefined;
	serial?: bigint;
	notBefore?: Date;
	notAfter?: Date;
	/** Makes an authority, that may have as many below it as `pathLength` says. */
	ca?: boolean;
	pathLength?: number;
	/** X.509 version 1 has no extensions. */
	version?: 1 | 3;
	keyUsage?: 'digitalSignature' | 'keyCertSign' | 'none';
	hash?: 'sha1' | 'sha256' | 'sha384';
	/** Host names and addresses, for servers. */
	hosts?: readonly string[];
	/** Defaults to a new EC key on P-256. */
	key?: KeyObject;
}

/** A certificate with its key, that others can be issued with. */
export interface Issued {
	readonly name: string | undefined;
	readonly pem: string;
	readonly certificate: X509Certificate;
	readonly key: KeyObject;
	readonly keyPem: string;
}

const YEAR = 365 * 24 * 3600 * 1000;

const SIGNATURES: Readonly<Record<string, string>> = {
	'rsa sha1': '1.2.840.113549.1.1.5',
	'rsa sha256': '1.2.840.113549.1.1.11',
	'rsa sha384': '1.2.840.113549.1.1.12',
	'ec sha1': '1.2.840.10045.4.1',
	'ec sha256': '1.2.840.10045.4.3.2',
	'ec sha384': '1.2.840.10045.4.3.3',
	'ml-dsa-44': '2.16.840.1.101.3.4.3.17',
	'ml-dsa-65': '2.16.840.1.101.3.4.3.18',
	'ml-dsa-87': '2.16.840.1.101.3.4.3.19',
};

let lastSerial = 1000n;

/** Issues a certificate; without an issuer it is self-signed. */
export function issue(options: CertificateOptions, issuer?: Issued): Issued {
	const { name } = options;
	const key = options.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
	const signer = issuer?.key ?? key;
	const { identifier, hash } = algorithmFor(signer, options.hash);
	const toBeSigned = tbsCertificate(
		options,
		key,
		identifier,
		issuer === undefined ? name : issuer.name,
	);
	const signature = sign(hash, toBeSigned, signer);
	const der = sequence(toBeSigned, identifier, bitString(signature));
	const certificate = new X509Certificate(der);
	return {
		name,
		certificate,
		pem: certificate.toString(),
		key,
		keyPem: key.export({ type: 'pkcs8', format: 'pem' }) as string,
	};
}

/** How a key signs: what certificates say of it, and the hash, which ML-DSA has none of. */
export function algorithmFor(
	key: KeyObject,
	hash = 'sha256',
): { identifier: Buffer; hash: string | null } {
	const type: string = key.asymmetricKeyType ?? '';
	const pure = type.startsWith('ml-dsa');
	const oid = SIGNATURES[pure ? type : `${type} ${hash}`] ?? '';
	const parameters = type === 'rsa' ? [element(0x05)] : [];
	return {
		identifier: sequence(objectIdentifier(oid), ...parameters),
		hash: pure ? null : hash,
	};
}

/** The hash of signatures with this object identifier, given as the content of its DER. */
export function hashOf(oid: Buffer): string | null {
	const [name = ''] =
		Object.entries(SIGNATURES).find(([, dotted]) =>
			oid.equals(objectIdentifier(dotted).subarray(2)),
		) ?? [];
	return name.split(' ')[1] ?? null;
}

function tbsCertificate(
	options: CertificateOptions,
	key: KeyObject,
	algorithm: Buffer,
	issuer: string | undefined,
): Buffer {
	const now = Date.now();
	const {
		name,
		serial = (lastSerial += 1n),
		notBefore = new Date(now - YEAR),
		notAfter = new Date(now + YEAR),
		version = 3,
	} = options;
	return sequence(
		...(version === 3 ? [element(0xa0, integer(2n))] : []),
		integer(serial),
		algorithm,
		distinguishedName(issuer),
		sequence(time(notBefore), time(notAfter)),
		distinguishedName(name),
		createPublicKey(key).export({ type: 'spki', format: 'der' }),
		...(version === 3 ? [element(0xa3, sequence(...extensions(options)))] : []),
	);
}

export const bitString = (bytes: Buffer, unused = 0): Buffer =>
	element(0x03, Buffer.from([unused]), bytes);

export function distinguishedName(name: string | undefined): Buffer {
	if (name === undefined) return sequence();
	const commonName = sequence(objectIdentifier('2.5.4.3'), element(0x0c, Buffer.from(name)));
	return sequence(element(0x31, commonName));
}

/** GeneralizedTime for every year: readers take it, whatever RFC 5280 says for those before 2050. */
export function time(date: Date): Buffer {
	return element(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));
}

function extensions(options: CertificateOptions): Buffer[] {
	const { ca = false, pathLength, hosts = [] } = options;
	const { keyUsage = ca ? 'keyCertSign' : 'digitalSignature' } = options;
	const constraints = [
		...(ca ? [element(0x01, Buffer.from([0xff]))] : []),
		...(pathLength === undefined ? [] : [integer(BigInt(pathLength))]),
	];
	const usage =
		keyUsage === 'keyCertSign'
			? bitString(Buffer.from([0x06]), 1)
			: bitString(Buffer.from([0x80]), 7);
	return [
		extension('2.5.29.19', sequence(...constraints)),
		...(keyUsage === 'none' ? [] : [extension('2.5.29.15', usage)]),
		...(hosts.length === 0
			? []
			: [extension('2.5.29.17', sequence(...hosts.map(alternativeName)))]),
	];
}

function extension(oid: string, value: Buffer): Buffer {
	return sequence(objectIdentifier(oid), element(0x01, Buffer.from([0xff])), element(0x04, value));
}

function alternativeName(host: string): Buffer {
	return /^[\d.]+$/.test(host)
		? element(0x87, Buffer.from(host.split('.').map(Number)))
		: element(0x82, Buffer.from(host));
}
