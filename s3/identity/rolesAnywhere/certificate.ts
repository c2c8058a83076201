import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { invalid } from '../validate';
import type { RolesAnywhereIdentity } from '../../Connection';
import { blocksOf, notThis, unreadable } from './pem';
import type { Field } from './pem';
import { readPrivateKey } from './privateKey';

/** Certificate and key that sign requests, with the certificates between them and the trust anchor. */
export interface Signer {
	readonly leaf: X509Certificate;
	/** The leaf's issuer first; without root. */
	readonly chain: readonly X509Certificate[];
	readonly key: KeyObject;
	/** Serial number of the leaf. */
	readonly serial: bigint;
}

const CERTIFICATE: Field = { name: 'Certificate', holds: 'certificate' };
const CHAIN: Field = { name: 'Certificate Chain', holds: 'certificate' };

/** @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html */
const MAX_CHAIN = 5;
/** A machine without a battery for its clock starts long before; then dates say nothing. */
const EARLIEST_PLAUSIBLE_CLOCK = Date.UTC(2026, 0, 1);

/**
 * Reads and checks what was pasted as certificate, chain and key.
 * @param now milliseconds since 1970
 * @throws S3Failure of kind `invalid` that names what is wrong, without any of the key
 */
export function readSigner(identity: RolesAnywhereIdentity, now: number): Signer {
	const own = readCertificates(identity.certificate, CERTIFICATE);
	const chain = readChain(identity.certificateChain ?? '');
	const key = readPrivateKey(identity.privateKey, identity.passphrase);
	const all = [...own, ...chain];
	const leaf = leafOf(own, all, key, now);
	const serial = serialOf(leaf);
	checkDates(leaf, now);
	if (!belongsTo(leaf, key)) throw notOfThisKey(leaf);
	const path = pathFrom(leaf, all, now);
	if (path.length > MAX_CHAIN) {
		throw invalid(
			`The certificate chain has ${path.length} certificates, at most ${MAX_CHAIN} are allowed`,
			'Use a trust anchor closer to the certificate, such as one of the intermediates.',
		);
	}
	return { leaf, chain: path, key, serial };
}

function readCertificates(pasted: string, field: Field): X509Certificate[] {
	const blocks = blocksOf(pasted, field);
	const found = blocks.filter(({ label }) => /^((X509|TRUSTED) )?CERTIFICATE$/.test(label));
	if (found.length === 0) throw notThis(blocks[0]?.label ?? '', field);
	return found.map(({ der }) => {
		try {
			return new X509Certificate(der);
		} catch {
			throw unreadable(field);
		}
	});
}

/** Blanks and comments alone are no chain. */
function readChain(pasted: string): X509Certificate[] {
	const empty = pasted.replace(/\\+[rn]/g, '\n').replace(/^\s*#.*$/gm, '');
	return empty.trim() === '' ? [] : readCertificates(pasted, CHAIN);
}

function belongsTo(certificate: X509Certificate, key: KeyObject): boolean {
	try {
		return certificate.checkPrivateKey(key);
	} catch {
		// A key of a type that this Node does not know is not the one that it could read.
		return false;
	}
}

/** The certificate of the key, the one that is valid where it was renewed with the same key. */
function leafOf(
	own: readonly X509Certificate[],
	all: readonly X509Certificate[],
	key: KeyObject,
	now: number,
): X509Certificate {
	const fitting = all.filter((certificate) => belongsTo(certificate, key));
	const [first] = own;
	const leaf = fitting.find((certificate) => isValid(certificate, now)) ?? fitting[0] ?? first;
	if (leaf === undefined) throw unreadable(CERTIFICATE);
	return leaf;
}

function notOfThisKey(certificate: X509Certificate) {
	const ca = certificate.ca ? ': it is a CA certificate, not an end-entity one' : '';
	return invalid(
		`The private key does not belong to the certificate ${nameOf(certificate)}${ca}`,
		'Paste the certificate that was issued for this private key, or the key that belongs to it.',
	);
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2 */
function serialOf(leaf: X509Certificate): bigint {
	const { serialNumber } = leaf;
	if (/^[0-9A-F]+$/i.test(serialNumber)) return BigInt(`0x${serialNumber}`);
	throw invalid(
		`Certificate ${nameOf(leaf)}: the serial number is negative (RFC 5280 forbids it)`,
		'Have the certificate issued again with a positive serial number.',
	);
}

const startOf = ({ validFrom }: X509Certificate): number => Date.parse(validFrom);
const endOf = ({ validTo }: X509Certificate): number => Date.parse(validTo);
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

function isValid(certificate: X509Certificate, now: number): boolean {
	return startOf(certificate) <= now && now <= endOf(certificate);
}

function checkDates(leaf: X509Certificate, now: number): void {
	if (now < EARLIEST_PLAUSIBLE_CLOCK) return;
	if (now > endOf(leaf)) {
		throw invalid(
			`The certificate ${nameOf(leaf)} expired on ${dayOf(endOf(leaf))}`,
			'Paste a certificate that is valid, with its private key.',
		);
	}
	if (now < startOf(leaf)) {
		throw invalid(
			`The certificate ${nameOf(leaf)} is not valid before ${dayOf(startOf(leaf))}; check the clock`,
			`The clock of this machine says ${new Date(now).toISOString()}; if that is right, wait or use another certificate.`,
		);
	}
}

interface Named {
	/** Where there is none, Node gives undefined, whatever its types say. */
	readonly subject: string | undefined;
	readonly serialNumber: string;
}

/** `CN=name`, or the whole subject where it has no common name. */
function nameOf({ subject, serialNumber }: Named): string {
	const lines = subject?.split('\n') ?? [];
	const name = lines.find((line) => line.startsWith('CN=')) ?? lines.join(', ');
	return name === '' ? `with serial number ${serialNumber}` : name.slice(0, 120);
}

/** The certificates between leaf and root, in order; all others are left out. */
function pathFrom(
	leaf: X509Certificate,
	all: readonly X509Certificate[],
	now: number,
): X509Certificate[] {
	const path: X509Certificate[] = [];
	const left = new Map(all.map((certificate) => [certificate.fingerprint512, certificate]));
	left.delete(leaf.fingerprint512);
	let last = leaf;
	for (;;) {
		const issuer = issuerOf(last, [...left.values()], now);
		if (issuer === undefined) return path;
		path.push(issuer);
		left.delete(issuer.fingerprint512);
		last = issuer;
	}
}

/** One that is valid, where an authority has several; never a root, which the service has itself. */
function issuerOf(
	certificate: X509Certificate,
	candidates: readonly X509Certificate[],
	now: number,
): X509Certificate | undefined {
	const issuers = candidates.filter(
		(candidate) => isIssuedBy(certificate, candidate) && !isIssuedBy(candidate, candidate),
	);
	return issuers.find((issuer) => isValid(issuer, now)) ?? issuers[0];
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
	if (!certificate.checkIssued(issuer)) return false;
	try {
		return certificate.verify(issuer.publicKey);
	} catch {
		// A kind of key that this Node does not know: the names have to do.
		return true;
	}
}
