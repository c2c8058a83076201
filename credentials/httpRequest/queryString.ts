/**
 * Names and values of a form or query; a list is its name once for each value. Values that are
 * missing are left out.
 */
export function pairsOf(fields: Record<string, unknown> | undefined): Array<[string, string]> {
	return Object.entries(fields ?? {}).flatMap(([name, value]) =>
		(Array.isArray(value) ? (value as unknown[]) : [value])
			.filter((single) => single !== undefined && single !== null)
			.map((single): [string, string] => [name, textOf(single)]),
	);
}

/** Names and values as AWS encodes them to verify a signature: `name=value&name=value`. */
export function queryString(pairs: ReadonlyArray<readonly [string, string]>): string {
	return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

/** RFC 3986: everything but letters, digits and `-._~` is percent-encoded. */
export function encode(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

/** The text of a value that n8n hands over: other values than text become JSON. */
export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}
