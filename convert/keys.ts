import { isExpression, joined, onlyCode, withTexts } from './expressions';
import { isSet } from './parameters';

/** Keys as n8n's nodes send them, in which `%20` is a space. */
export const keyAsSent = (key: unknown): string => withTexts(key, decoded);

const decoded = (plain: string): string =>
	plain.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
		try {
			return decodeURIComponent(escapes);
		} catch {
			return escapes;
		}
	});

/** What to say of keys that an expression encodes. */
export function keyNotes(keys: Readonly<Record<string, unknown>>): string[] {
	const encodes = (key: unknown) => isExpression(key) && key.includes('encodeURI');
	return Object.entries(keys)
		.filter(([, key]) => [key].flat().some(encodes))
		.map(([name]) => `${name} is not to be URL-encoded here: take encodeURI… out of it.`);
}

/** A folder to stand before a key; one that an expression gives may be empty, and then has no slash. */
export function folderBefore(folder: string): string[] {
	const code = onlyCode(folder);
	if (code !== undefined) return [`={{ (${code}) ? (${code}) + '/' : '' }}`];
	return isSet(folder) ? [joined(folder, '/')] : [];
}

/** A key with words that stand for parts of file names here, and that are to be taken as they are. */
export function withoutPlaceholders(key: string): string {
	const apart = (plain: string) =>
		plain.replaceAll(
			/\{(?=(?:fileName|filePath|fileBaseName|fileExtension|property|index)\})/g,
			'{{ "{" }}',
		);
	const written = withTexts(key, apart);
	return written === key || isExpression(key) ? written : `=${written}`;
}
