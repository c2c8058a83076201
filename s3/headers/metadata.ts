import { S3Failure } from '../S3Failure';
import { utf8Header } from './utf8Header';

/** The beginning of an encoded word of RFC 2047 in any charset. */
const ANY_WORD = /=\?[^?\s]+\?[bq]\?/i;
/** An encoded word in UTF-8: its encoding, `b` or `q`, and its encoded text. */
const UTF8_WORD = /=\?utf-8\?([bq])\?([^?]*)\?=/gi;
/** White space between two such words belongs to neither (section 6.2). */
const SPACE_BETWEEN_WORDS = /(=\?utf-8\?[bq]\?[^?]*\?=)\s+(?==\?utf-8\?[bq]\?[^?]*\?=)/gi;

/**
 * Metadata in the form in which S3 stores it: names in lower case without `x-amz-meta-`, values that a
 * header cannot carry as words of RFC 2047.
 * @throws S3Failure of kind `invalid` for a name that HTTP cannot carry
 */
export function encodeMetadata(
	metadata: Record<string, string> | undefined,
): Record<string, string> | undefined {
	if (metadata === undefined) return undefined;
	const names = new Map<string, string>();
	const headers = Object.entries(metadata).map(([name, value]): [string, string] => {
		const bare = name
			.trim()
			.toLowerCase()
			.replace(/^x-amz-meta-/, '');
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(bare)) {
			throw S3Failure.invalid(
				`“${name}” cannot be the name of a metadata entry`,
				'Use letters, digits, hyphens and underscores; S3 stores the name in lower case.',
			);
		}
		const same = names.get(bare);
		if (same !== undefined) {
			throw S3Failure.invalid(
				`The metadata names “${same}” and “${name}” are the same for S3`,
				'Give each entry another name; S3 does not tell upper from lower case.',
			);
		}
		names.set(bare, name);
		return [bare, isPlain(value) ? value : encodedWord(value)];
	});
	return Object.fromEntries(headers);
}

/** Metadata as it was before it was encoded, by this package, by S3 or by another client. */
export function decodeMetadata(
	headers: Record<string, string> | undefined,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers ?? {}).map(([name, value]) => [name, decodeWords(utf8Header(value))]),
	);
}

/** Whether a header carries a value as it is, and neither S3 nor a client decodes it. */
const isPlain = (value: string): boolean =>
	/^[\x20-\x7e]*$/.test(value) && value.trim() === value && !ANY_WORD.test(value);

/**
 * @see https://www.rfc-editor.org/rfc/rfc2047 (section 4.1)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html S3 does the same
 */
const encodedWord = (value: string): string =>
	`=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;

function decodeWords(value: string): string {
	const joined = value.replace(SPACE_BETWEEN_WORDS, '$1');
	return joined.replace(UTF8_WORD, (_, encoding: string, text: string) =>
		encoding.toLowerCase() === 'b'
			? Buffer.from(text, 'base64').toString()
			: Buffer.from(unquoted(text), 'latin1').toString(),
	);
}

/** The bytes of a word in the encoding `q`, one character each (section 4.2). */
const unquoted = (text: string): string =>
	text
		.replace(/_/g, ' ')
		.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
