import { adviceOnHalf, hasHalf, withoutHalves } from '../errors/halfCharacter';
import { S3Failure } from '../S3Failure';

/** Tags of one object at most. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const MAX_TAGS = 10;

/**
 * The tags of an object that is written, URL-encoded; undefined without tags.
 * @throws S3Failure of kind `invalid` for more tags than S3 keeps, or one that has half of a character
 */
export function taggingHeader(tags: Record<string, string> | undefined): string | undefined {
	const entries = entriesOf(tags ?? {});
	if (entries.length === 0) return undefined;
	if (entries.length > MAX_TAGS) {
		throw S3Failure.invalid(
			`An object can have at most ${MAX_TAGS} tags, not ${entries.length}`,
			'Remove some tags, or store them as metadata.',
		);
	}
	return entries
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
		.join('&');
}

function entriesOf(tags: Readonly<Record<string, string>>): [name: string, value: string][] {
	checkCharacters(tags);
	return Object.entries(tags);
}

/** @throws S3Failure of kind `invalid` for a tag that has half of a character */
export function checkCharacters(tags: Readonly<Record<string, string>>): void {
	const half = Object.entries(tags).flat().find(hasHalf);
	if (half === undefined) return;
	throw S3Failure.invalid(
		`The tags contain half of a character: “${withoutHalves(half)}” is not valid Unicode`,
		adviceOnHalf('tag'),
	);
}

/** A tag in a list of S3. */
interface Tag {
	readonly Key: string | undefined;
	readonly Value: string | undefined;
}

/**
 * Tags as a list of S3.
 * @throws S3Failure of kind `invalid` for one that has half of a character
 */
export const tagSetOf = (tags: Readonly<Record<string, string>>) =>
	entriesOf(tags).map(([Key, Value]) => ({ Key, Value }));

/** The tags of a list of S3: values by name. */
export const tagsIn = (set: readonly Tag[]): Record<string, string> =>
	Object.fromEntries(set.map(({ Key = '', Value = '' }) => [Key, Value]));
