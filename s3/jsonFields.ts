/** An object of JSON whose fields may be anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a value; none if it is not an object. */
export function fieldsOf(value: unknown): Fields {
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isObject ? (value as Fields) : {};
}

/** The object in a JSON text; undefined if it is none. */
export function parseObject(text: string): Fields | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
	} catch {
		return undefined;
	}
}

/** A text that is not empty; undefined for anything else. */
export function filledText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}
