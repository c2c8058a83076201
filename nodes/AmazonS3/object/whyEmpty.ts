import { adviceOnKey } from '../../../s3/errors/unusualKey';
import type { ListRequest } from '../../../s3/list/listObjects';

/** One star alone, which does not go beyond a slash; `^*` is the character itself. */
const LONE_STAR = /(?<![*^])\*(?!\*)/g;

/** Why a listing may have found nothing, as a sentence for the person who looks at the empty result. */
export function whyEmpty({ bucket, prefix, startAfter, ...filter }: ListRequest): string {
	const none = `No object of bucket “${bucket}”`;
	const { keyMatches } = filter;
	if (prefix?.startsWith('/')) {
		const keys = prefix.replace(/^\/+/, '');
		return `${none} begins with “${prefix}”. Keys seldom begin with a slash: ${keys === '' ? 'leave the prefix empty' : `try “${keys}”`}.`;
	}
	if (prefix !== undefined && /[*?]/.test(prefix)) {
		return `${none} begins with “${prefix}”. A prefix has no wildcards: they belong in the option Key Matches.`;
	}
	const advice = prefix === undefined ? undefined : adviceOnKey(prefix, bucket, 'prefix');
	if (advice !== undefined) return `${none} begins with “${prefix}”. ${advice}`;
	if (keyMatches !== undefined && keyMatches.search(LONE_STAR) !== -1) {
		return `${none} matches “${keyMatches}”. One * does not go beyond a slash: for all folders try “${keyMatches.replaceAll(LONE_STAR, '**')}”.`;
	}
	if (keyMatches !== undefined) {
		return `${none} matches “${keyMatches}”. The pattern has to match the whole key, with its folders.`;
	}
	const { modifiedAfter, modifiedBefore, minSize, maxSize } = filter;
	if ((modifiedAfter ?? modifiedBefore ?? minSize ?? maxSize) !== undefined) {
		return `${none} has the date or size that the options ask for.`;
	}
	if (startAfter !== undefined) return `${none} comes after “${startAfter}”.`;
	if (prefix === undefined) return `Bucket “${bucket}” has no objects.`;
	return `${none} begins with “${prefix}”. Upper and lower case make a difference.`;
}

/** The same for a listing of versions. @param request.versionsOf the key whose versions were listed, if only one's were */
export function whyNoVersions({
	versionsOf: key,
	...request
}: ListRequest & { versionsOf: string | undefined }): string {
	if (key === undefined) return whyEmpty(request);
	const why = 'Keys are case sensitive, and the options may leave versions out.';
	const { bucket } = request;
	return `No version of “${key}” was found in bucket “${bucket}”. ${adviceOnKey(key, bucket) ?? why}`;
}
