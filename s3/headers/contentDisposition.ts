import { S3Failure } from '../S3Failure';

/** Controls, also those that turn the direction of text around, and halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What ends a quoted name or a folder, or what browsers decode. */
const NOT_PLAIN = /[^\x20-\x7e]|["\\/%]/gu;
/** What `encodeURIComponent` leaves and RFC 8187 does not allow. */
const NOT_ENCODED = /['()*]/g;

/**
 * The header that has a browser save what it downloads under a name: in ASCII for old ones, and as it is.
 * @throws S3Failure of kind `invalid` if nothing is left of the name without invisible characters
 * @see https://www.rfc-editor.org/rfc/rfc6266 (appendix D)
 */
export function attachment(fileName: string): string {
	const name = fileName.replace(INVISIBLE, '').trim();
	if (name === '') {
		throw S3Failure.invalid(
			'The file name for the download has no visible character',
			'Enter a file name such as invoice.pdf, or leave it out.',
		);
	}
	const encoded = encodeURIComponent(name).replace(
		NOT_ENCODED,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${name.replace(NOT_PLAIN, '_')}"; filename*=UTF-8''${encoded}`;
}
