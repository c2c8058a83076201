import { adviceOnKey } from '../../../s3/errors/unusualKey';
import type { ListRequest } from '../../../s3/list/listObjects';

/** One star alone, which does not go beyond a slash; `^*` is the character itself. */
const LONE_STAR = /(?<![*^])\*(?!\*)/g;

/** What was looked for, as far as it decides whether something was found. */
type Wanted = Omit<ListRequest, 'limit' | 'sequential'>;

/** Why a listing may have found nothing, as a sentence for the person who looks at the empty result. */
export function whyEmpty(wanted: Wanted): string {
	const advice = adviceOn(wanted);
	return `${nothingFound(wanted)}${advice === undefined ? '' : ` ${advice}`}`;
}

/** The same of what was to be deleted, without advice: what is deleted then could be more than is meant. */
export function whyNothingDeleted(wanted: Wanted): string {
	return `${nothingFound(wanted)} So there is nothing to delete.`;
}

/**
 * The same for a listing of versions.
 *
 * @param request.versionsOf the key whose versions were listed, if only one's were
 */
export function whyNoVersions({
	versionsOf: key,
	...request
}: ListRequest & { versionsOf?: string | undefined }): string {
	if (key === undefined) return whyEmpty(request);
	const why = 'Keys are case sensitive, and the options may leave versions out.';
	const { bucket } = request;
	return `No version of “${key}” was found in bucket “${bucket}”. ${adviceOnKey(key, bucket) ?? why}`;
}

/** A sentence with all that was looked for: which of it no object has is not known. */
function nothingFound({ bucket, prefix, excludePrefixItself, ...filter }: Wanted): string {
	const begins = prefix === undefined ? [] : [`begins with “${prefix}”`];
	const conditions = [...begins, ...conditionsOf(filter)];
	const last = conditions.pop();
	if (last === undefined) return `Bucket “${bucket}” has no objects.`;
	const itself =
		excludePrefixItself === true && prefix !== undefined ? ` other than “${prefix}” itself` : '';
	const all = conditions.length === 0 ? last : `${conditions.join(', ')} and ${last}`;
	return `No object of bucket “${bucket}”${itself} ${all}.`;
}

/** What is asked of objects besides their prefix. */
function conditionsOf({
	keyMatches,
	startAfter,
	modifiedAfter,
	modifiedBefore,
	minSize,
	maxSize,
}: Omit<Wanted, 'bucket' | 'prefix'>): string[] {
	return [
		keyMatches === undefined ? '' : `matches “${keyMatches}”`,
		startAfter === undefined ? '' : `comes after “${startAfter}”`,
		modifiedAfter === undefined ? '' : `was modified at ${momentOf(modifiedAfter)} or later`,
		modifiedBefore === undefined ? '' : `was modified before ${momentOf(modifiedBefore)}`,
		minSize ? `has at least ${bytes(minSize)}` : '',
		maxSize === undefined ? '' : `has at most ${bytes(maxSize)}`,
	].filter((condition) => condition !== '');
}

function adviceOn({ bucket, prefix, ...filter }: Wanted): string | undefined {
	const odd = prefix === undefined ? undefined : adviceOnPrefix(prefix, bucket);
	if (odd !== undefined) return odd;
	const { keyMatches } = filter;
	const conditions = conditionsOf(filter).length;
	if (conditions === 0) return prefix && 'Upper and lower case make a difference.';
	return conditions === 1 && keyMatches !== undefined ? adviceOnPattern(keyMatches) : undefined;
}

function adviceOnPrefix(prefix: string, bucket: string): string | undefined {
	if (prefix.startsWith('/')) {
		const keys = prefix.replace(/^\/+/, '');
		return `Keys seldom begin with a slash: ${keys === '' ? 'leave the prefix empty' : `try “${keys}”`}.`;
	}
	if (/[*?]/.test(prefix)) {
		return 'A prefix has no wildcards: they belong in the option Key Matches.';
	}
	return adviceOnKey(prefix, bucket, 'prefix');
}

/** What keys and patterns seldom have, and regular expressions often. */
const REGULAR = /\\|\$$/;

function adviceOnPattern(pattern: string): string {
	if (REGULAR.test(pattern)) {
		return 'This looks like a regular expression, and the pattern is none: **.csv stands for all keys that end with .csv.';
	}
	return pattern.search(LONE_STAR) === -1
		? 'The pattern has to match the whole key, with its folders.'
		: `One * does not go beyond a slash: for all folders try “${pattern.replaceAll(LONE_STAR, '**')}”.`;
}

const momentOf = (date: Date): string => date.toISOString().replace('.000Z', 'Z');

const bytes = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`);
