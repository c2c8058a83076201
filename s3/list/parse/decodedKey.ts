/**
 * A key from a listing with `encoding-type=url`, which writes a space as `+`, and on some servers a slash as `%2F`.
 * @throws URIError for a key that is not encoded as it should be
 */
export function decodedKey(key: string): string {
	return decodeURIComponent(key.includes('+') ? key.replaceAll('+', ' ') : key);
}
