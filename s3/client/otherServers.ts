import { explanationOf } from '../errors/errorCodes';
import type { S3Client } from '../sdk';

const CHECKSUM_MODE = 'x-amz-checksum-mode';
const BAD_REQUEST = 400;
const NOT_IMPLEMENTED = 501;
/** What the code of a 400 means with which servers refuse headers that they do not know, where it is a known one. */
const NOT_KNOWN = explanationOf('NotImplemented');

interface SentRequest {
	headers: Record<string, string>;
	query: Record<string, unknown>;
}

/**
 * Makes the client do without what servers other than AWS may refuse:
 * - `x-id`, the name of the call, which AWS alone has in the query
 * - the header that asks for stored checksums: where it is refused, the request is sent once more without it, and
 *   so are all later ones if that helps
 * - names of regions that could be a part of a host name, as which only AWS has them
 */
export function otherServers(client: S3Client, region: string): void {
	client.config.region = () => Promise.resolve(region);
	let knowsChecksumMode = true;
	client.middlewareStack.add(
		(next) => async (args) => {
			const { headers, query } = args.request as SentRequest;
			delete query['x-id'];
			if (headers[CHECKSUM_MODE] === undefined) return await next(args);
			if (knowsChecksumMode) {
				try {
					return await next(args);
				} catch (error) {
					if (!mayRefuseHeader(error)) throw error;
				}
			}
			Reflect.deleteProperty(headers, CHECKSUM_MODE);
			const result = await next(args);
			knowsChecksumMode = false;
			return result;
		},
		// After all others of this step, of which one asks for checksums, and before the request is signed.
		{ step: 'build', priority: 'low', name: 'otherServers' },
	);
}

/** Never a session that has ended: without the header no later object would be verified. */
function mayRefuseHeader(error: unknown): boolean {
	const { Code: code, $metadata: { httpStatusCode: status } = {} } = error as {
		Code?: string;
		$metadata?: { httpStatusCode?: number };
	};
	if (status === NOT_IMPLEMENTED) return true;
	// A response to a HEAD has no code, and every server has its own for this.
	const meaning = code === undefined ? undefined : explanationOf(code);
	return status === BAD_REQUEST && (meaning === undefined || meaning === NOT_KNOWN);
}
