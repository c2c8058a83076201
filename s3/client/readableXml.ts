import { hasMoreThan } from '../xmlText';

/** Tags of an error: of each of its elements the SDK makes a field, in which `hideSecrets` looks for secrets. */
const MOST_OF_ERROR = 2000;
/** What a body may have at most, several times as much as the thousand entries of a list. */
const MOST: readonly [what: string, most: number][] = [
	// Tags: other servers than AWS send all buckets at once, and 20,000 of them take the SDK 0.2 s.
	['<', 130_000],
	['>', 130_000],
	// What stands for a character.
	['&', 200_000],
	// Attributes: S3 has some namespaces, and a type for each grantee. The parser compares each with all others.
	['="', 5000],
	["='", 5000],
	// Each of them has the parser read all of the text; S3 sends none.
	['<!doctype', 1],
	// Each is replaced before anything is read.
	['\r', 200_000],
];
/** Bytes of a response that is read whatever it begins with. */
const SHORT = 1024;
/** Bytes between two tags of a success: S3 sends no longer value. One of 4 MiB takes the SDK a quarter of a second. */
const LONGEST_TEXT = 64 * 1024;
/**
 * How XML begins whose root begins with an element, and all that is no XML. Of a root with text alone the SDK goes
 * through the characters as if each were a field, and of an error it makes fields of them: 17 s for a MiB.
 */
const BEGINNING =
	/^\s*(?:(?:<\?[^<>?]*\?>|<!--[^<>]*-->|<!doctype[^<>[\]]*>)\s*)*(?:[^\s<]|<[^\s<>/!?][^<>]*>\s*<[^!?/]|$)/;

/**
 * Whether the SDK can read a body as XML without keeping n8n from all other work for a second: it has no more markup than
 * S3 sends, and no long text where S3 has elements.
 */
export function isReadableXml(body: Buffer, isError: boolean): boolean {
	const text = body.toString('latin1').toLowerCase();
	if (body.length > SHORT && !BEGINNING.test(text)) return false;
	if (isError && hasMoreThan(text, '<', MOST_OF_ERROR)) return false;
	if (!isError && hasLongText(text)) return false;
	return MOST.every(([what, most]) => !hasMoreThan(text, what, most));
}

function hasLongText(text: string): boolean {
	let begin = 0;
	for (let end = text.indexOf('<'); end !== -1; end = text.indexOf('<', begin)) {
		if (end - begin > LONGEST_TEXT) return true;
		begin = end + 1;
	}
	return false;
}
