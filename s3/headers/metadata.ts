import { S3Failure } from '../S3Failure';

/**
 * Metadata in the form in which S3 stores it: names without `x-amz-meta-` in lower case, values beyond ASCII as
 * RFC 2047 words.
 * @throws S3Failure of kind `invalid` for a name that HTTP cannot carry
 */
export function metadataHeaders(
	metadata: Record<string, string> | undefined,
): Record<string, string> | undefined {
	if (metadata === undefined) return undefined;
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
		return [bare, isPlain(value) ? value : encodedWord(value)];
	});
	return Object.fromEntries(headers);
}

/** Printable ASCII without spaces at its ends, and not itself looking like an encoded word. */
const isPlain = (value: string): boolean =>
	/^[\x20-\x7e]*$/.test(value) && value.trim() === value && !value.startsWith('=?');

/** @see https://www.rfc-editor.org/rfc/rfc2047 (section 4.1), which S3 itself uses for such values */
const encodedWord = (value: string): string =>
	`=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;

/** Metadata as it was put, from the form that S3 returns. */
export function readMetadata(headers: Record<string, string> | undefined): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers ?? {}).map(([name, value]) => [name, decodedWords(value)]),
	);
}

function decodedWords(value: string): string {
	const joined = value.replace(/\?=\s+=\?/g, '?==?');
	return joined.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
		encoding.toLowerCase() === 'b'
			? Buffer.from(text, 'base64').toString()
			: Buffer.from(quotedPrintable(text), 'latin1').toString(),
	);
}

const quotedPrintable = (text: string): string =>
	text
		.replace(/_/g, ' ')
		.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
