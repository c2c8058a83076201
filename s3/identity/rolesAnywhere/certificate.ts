import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { RolesAnywhereIdentity } from '../../Connection';
import { S3Failure } from '../../S3Failure';
import { blocksOf, wrongBlock, unreadableField } from './pem';
import type { Field } from './pem';
import { readPrivateKey } from './privateKey';

/** Certificate and key that sign requests, and the certificates between them and the trust anchor. */
export interface Signer {
	readonly leaf: X509Certificate;
	/** The issuer of the leaf first; without the root. */
	readonly chain: readonly X509Certificate[];
	readonly key: KeyObject;
	/** Serial number of the leaf. */
	readonly serial: bigint;
}

const CERTIFICATE: Field = { name: 'Certificate', holds: 'certificate' };
const CHAIN: Field = { name: 'Certificate Chain', holds: 'certificate' };

/** @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html */
const MAX_CHAIN = 5;
/** A machine without a clock battery starts years in the past; then no date is checked. */
const EARLIEST_PLAUSIBLE_CLOCK = Date.UTC(2026, 0, 1);

/**
 * Reads and checks the certificate, chain and key that were pasted.
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
		throw S3Failure.invalid(
			`The certificate chain has more than ${MAX_CHAIN} certificates`,
			'Use a trust anchor closer to the certificate, such as one of the intermediates.',
		);
	}
	return { leaf, chain: path, key, serial };
}

function readCertificates(pasted: string, field: Field): X509Certificate[] {
	const blocks = blocksOf(pasted, field);
	const found = blocks.filter(({ label }) => /^((X509|TRUSTED) )?CERTIFICATE$/.test(label));
	if (found.length === 0) throw wrongBlock(blocks[0]?.label ?? '', field);
	return found.map(({ der }) => {
		try {
			return new X509Certificate(der);
		} catch {
			throw unreadableField(field);
		}
	});
}

/** Text of nothing but blanks and comments is an empty chain. */
function readChain(pasted: string): X509Certificate[] {
	const lines = pasted.replace(/(?<!\\)\\+[rn]/g, '\n').split(/[\n\r]/);
	const isEmpty = lines.every((line) => /^\s*(#|$)/.test(line));
	return isEmpty ? [] : readCertificates(pasted, CHAIN);
}

function belongsTo(certificate: X509Certificate, key: KeyObject): boolean {
	try {
		return certificate.checkPrivateKey(key);
	} catch {
		// Node throws if it does not know the type of the certificate's key; then it is not this key.
		return false;
	}
}

/** The certificate of the key; of several, which were renewed with the same key, a valid one. */
function leafOf(
	own: readonly X509Certificate[],
	all: readonly X509Certificate[],
	key: KeyObject,
	now: number,
): X509Certificate {
	const matching = all.filter((certificate) => belongsTo(certificate, key));
	const [first] = own;
	const leaf = matching.find((certificate) => isValid(certificate, now)) ?? matching[0] ?? first;
	if (leaf === undefined) throw unreadableField(CERTIFICATE);
	return leaf;
}

function notOfThisKey(certificate: X509Certificate) {
	const ca = certificate.ca ? ': it is a CA certificate, not an end-entity one' : '';
	return S3Failure.invalid(
		`The private key does not belong to the certificate ${certificateName(certificate)}${ca}`,
		'Paste the certificate that was issued for this private key, or the key that belongs to it.',
	);
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2 */
function serialOf(leaf: X509Certificate): bigint {
	const { serialNumber } = leaf;
	if (/^[0-9A-F]+$/i.test(serialNumber)) return BigInt(`0x${serialNumber}`);
	throw S3Failure.invalid(
		`Certificate ${certificateName(leaf)}: the serial number is negative (RFC 5280 forbids it)`,
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
		throw S3Failure.invalid(
			`The certificate ${certificateName(leaf)} expired on ${dayOf(endOf(leaf))}`,
			'Paste a certificate that is valid, with its private key.',
		);
	}
	if (now < startOf(leaf)) {
		throw S3Failure.invalid(
			`The certificate ${certificateName(leaf)} is not valid before ${dayOf(startOf(leaf))}; check the clock`,
			`The clock of this machine says ${new Date(now).toISOString()}; if that is right, wait or use another certificate.`,
		);
	}
}

interface Named {
	/** Node gives undefined if there is none, whatever its types say. */
	readonly subject: string | undefined;
	readonly serialNumber: string;
}

/** `CN=name`, or the whole subject if that has no common name. */
function certificateName({ subject, serialNumber }: Named): string {
	const lines = subject?.split('\n') ?? [];
	const name = lines.find((line) => line.startsWith('CN=')) ?? lines.join(', ');
	return name === '' ? `with serial number ${serialNumber}` : name.slice(0, 120);
}

/** The certificates between leaf and root, in order, up to one more than may be; others are left out. */
function pathFrom(
	leaf: X509Certificate,
	all: readonly X509Certificate[],
	now: number,
): X509Certificate[] {
	const path: X509Certificate[] = [];
	const remaining = new Map(all.map((certificate) => [certificate.fingerprint512, certificate]));
	remaining.delete(leaf.fingerprint512);
	let last = leaf;
	while (path.length <= MAX_CHAIN) {
		const issuer = issuerOf(last, [...remaining.values()], now);
		if (issuer === undefined) break;
		path.push(issuer);
		remaining.delete(issuer.fingerprint512);
		last = issuer;
	}
	return path;
}

/** A valid issuer if an authority has several; never a root, because the service has that. */
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
		// Node does not know this type of key, so the names decide.
		return true;
	}
}
