import type { X509Certificate } from 'node:crypto';
import type { Account } from './account';
import { detailsOf } from './certificateDetails';
import { denied } from './Refusal';

/** @throws Refusal for a certificate that cannot be the one of a workload */
export function checkEndEntity(
	leaf: X509Certificate,
	account: Pick<Account, 'curves' | 'minRsaBits'>,
): void {
	const fault = faultOf(leaf) ?? faultOfKey(leaf, account);
	if (fault !== undefined) throw denied('Untrusted certificate. Insufficient certificate', fault);
}

function faultOf(leaf: X509Certificate): string | undefined {
	const { version, ca, weak, subject, keyUsage } = detailsOf(leaf);
	if (version !== 3) return 'the leaf is not X.509 v3';
	if (ca) return 'the leaf is a CA';
	if (keyUsage === undefined || (keyUsage & 0x80) === 0) return 'the leaf lacks digitalSignature';
	if (weak) return 'the leaf has a weak signature';
	return subject.length === 0 ? 'the leaf has no subject' : undefined;
}

function faultOfKey(
	{ publicKey }: X509Certificate,
	{ curves, minRsaBits }: Pick<Account, 'curves' | 'minRsaBits'>,
): string | undefined {
	const { modulusLength = Infinity, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
	if (modulusLength < minRsaBits) return `the RSA key has only ${modulusLength} bits`;
	const accepted = namedCurve === undefined || curves.includes(namedCurve);
	return accepted ? undefined : `the key is on curve ${namedCurve}`;
}
