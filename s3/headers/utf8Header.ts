const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a header whose bytes are UTF-8, as some clients send them: Node gives each byte as a character of
 * Latin-1. Text that is not UTF-8 is left as it is.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5
 */
export function utf8Header<Value extends string | undefined>(value: Value): Value | string {
	// Characters beyond Latin-1 cannot have come from Node.
	if (value === undefined || !/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
	try {
		return utf8.decode(Buffer.from(value, 'latin1'));
	} catch {
		return value;
	}
}
