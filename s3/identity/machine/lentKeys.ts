import { parseObject } from '../../jsonFields';
import type { SessionFields } from '../sessionResponse';

/** The keys in a response of a service of the machine; undefined if it is not of such a service. */
export function lentKeys(text: string): SessionFields | undefined {
	const body = parseObject(text);
	if (body === undefined) return undefined;
	return {
		accessKeyId: body.AccessKeyId,
		secretAccessKey: body.SecretAccessKey,
		sessionToken: body.Token,
		expiration: body.Expiration,
	};
}
