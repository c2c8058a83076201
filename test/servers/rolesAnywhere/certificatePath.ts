import type { X509Certificate } from 'node:crypto';
import { detailsOf } from './certificateDetails';
import type { Presented } from './presented';
import { denied } from './Refusal';

/** How a path is looked for. */
interface Rules {
	/** Whether the chain has to be the path itself, beginning with the issuer of the leaf. */
	readonly chainOrder: 'any' | 'strict';
	/** Milliseconds since 1970. */
	readonly now: number;
}

const untrusted = (reason: string) => denied('Untrusted signing certificate', reason);

/** @throws Refusal for a certificate that is not yet or no longer valid */
export function checkValidity(leaf: X509Certificate, now: number): void {
	if (!isValid(leaf, now)) throw untrusted('the leaf is outside its dates');
}

/**
 * The certificates from the leaf to the anchor, both included.
 * @throws Refusal when there is no path of sound certificates
 */
export function pathOf(
	{ leaf, chain }: Presented,
	anchor: X509Certificate,
	{ chainOrder, now }: Rules,
): X509Certificate[] {
	const faults: string[] = [];
	/** @param below intermediates that the path has so far */
	const onwards = (
		from: X509Certificate,
		left: readonly X509Certificate[],
		below: number,
	): X509Certificate[] | undefined => {
		const next = chainOrder === 'any' ? [anchor, ...left] : [left[0] ?? anchor];
		for (const issuer of next) {
			const fault = faultOfIssuer(from, issuer, below, now);
			if (fault !== undefined) faults.push(fault);
			else if (issuer === anchor) return [from, anchor];
			else {
				const rest = left.filter((other) => other !== issuer);
				const path = onwards(issuer, rest, below + 1);
				if (path !== undefined) return [from, ...path];
			}
		}
		return undefined;
	};
	const path = onwards(leaf, chain, 0);
	if (path === undefined) throw untrusted(faults.join('; '));
	return path;
}

function isValid(certificate: X509Certificate, now: number): boolean {
	return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
}

/** Why the one cannot have issued the other; undefined if it has. */
function faultOfIssuer(
	certificate: X509Certificate,
	issuer: X509Certificate,
	below: number,
	now: number,
): string | undefined {
	const { ca, keyUsage, weak, pathLength, subject } = detailsOf(issuer);
	const name = issuer.subject;
	if (!detailsOf(certificate).issuer.equals(subject)) {
		return `${certificate.subject} is not by ${name}`;
	}
	if (!certificate.verify(issuer.publicKey)) return `the key of ${name} has not signed`;
	if (!ca) return `${name} is no CA`;
	if (((keyUsage ?? 0x04) & 0x04) === 0) return `${name} lacks keyCertSign`;
	if (pathLength !== undefined && below > pathLength) return `the path below ${name} is too long`;
	if (!isValid(issuer, now)) return `${name} is outside its dates`;
	return weak ? `${name} has a weak signature` : undefined;
}
