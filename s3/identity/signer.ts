import type { AccessKeysIdentity } from '../Connection';
import type { WholeRequest } from '../http/sendRequest';

type Sdk = typeof import('../sdk');

/** What requests are signed with: keys of one's own, or those of a session. */
export type SigningKeys = Pick<
	AccessKeysIdentity,
	'accessKeyId' | 'secretAccessKey' | 'sessionToken'
>;

/** Keys as the SDK takes them, without what else is known of them. */
export function keysOf({ accessKeyId, secretAccessKey, sessionToken }: SigningKeys) {
	return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

/**
 * Makes what signs requests to a service of AWS by Signature Version 4.
 * @param target.applyChecksum whether the hash of the body is a header; true unless given
 * @param target.uriEscapePath whether the path is escaped once more, as services other than S3 want it; true unless given
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signerFor(
	{ SignatureV4, Hash }: Sdk,
	keys: SigningKeys,
	target: { service: string; region: string; applyChecksum?: boolean; uriEscapePath?: boolean },
): InstanceType<Sdk['SignatureV4']> {
	return new SignatureV4({
		...target,
		credentials: keysOf(keys),
		sha256: Hash.bind(null, 'sha256'),
	});
}

/**
 * Signs a request without a query to a service other than S3.
 * @param signingDate what the clock of the service shows
 */
export async function signedRequest<Request extends WholeRequest>(
	sdk: Sdk,
	keys: SigningKeys,
	target: { service: string; region: string },
	request: Request,
	signingDate: Date,
): Promise<Request> {
	const { protocol, hostname, pathname: path } = request.url;
	const toSign = { ...request, headers: { ...request.headers }, protocol, hostname, path };
	const { headers } = await signerFor(sdk, keys, target).sign(toSign, { signingDate });
	return { ...request, headers };
}
