import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { algorithmFor, bitString, distinguishedName, time } from './authority';
import type { Issued } from './authority';
import { integer, sequence } from './der';

/**
 * Issues a list of revoked certificates, as PEM.
 * @param key other than the authority's makes a forged list
 */
export function revocationList(
	{ name, key: own }: Issued,
	revoked: readonly Issued[],
	key: KeyObject = own,
): string {
	const now = time(new Date());
	const { identifier, hash } = algorithmFor(key);
	const toBeSigned = sequence(
		integer(1n),
		identifier,
		distinguishedName(name),
		now,
		...(revoked.length === 0
			? []
			: [
					sequence(
						...revoked.map(({ certificate }) =>
							sequence(integer(BigInt(`0x${certificate.serialNumber}`)), now),
						),
					),
				]),
	);
	const signature = bitString(sign(hash, toBeSigned, key));
	const base64 = sequence(toBeSigned, identifier, signature).toString('base64');
	const lines = base64.match(/.{1,64}/g) ?? [];
	return ['-----BEGIN X509 CRL-----', ...lines, '-----END X509 CRL-----', ''].join('\n');
}
