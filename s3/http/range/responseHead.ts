/** Status and header fields of a response. */
export interface ResponseHead {
	readonly statusCode: number;
	/** Names in lower case; fields of one name are joined with a comma. */
	readonly headers: Record<string, string>;
}

const STATUS_LINE = /^HTTP\/1\.1 ([2-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const FIELD_LINE = /^([!#-'*+.^_`|~\w-]+):([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Reads the head of a response.
 * @param text in Latin-1, without the empty line at its end
 * @returns undefined for anything but the head of a final HTTP/1.1 response in which every line is a field
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-4
 */
export function readHead(text: string): ResponseHead | undefined {
	const [statusLine = '', ...lines] = text.split('\r\n');
	const status = STATUS_LINE.exec(statusLine)?.[1];
	if (status === undefined) return undefined;
	const headers: Record<string, string> = {};
	for (const line of lines) {
		const [, field, value = ''] = FIELD_LINE.exec(line) ?? [];
		if (field === undefined) return undefined;
		const name = field.toLowerCase();
		const others = Object.hasOwn(headers, name) ? `${headers[name] ?? ''}, ` : '';
		headers[name] = others + withoutBlanks(value);
	}
	return { statusCode: Number(status), headers };
}

/** Bytes of the body; undefined if the head does not give them, as for a body in chunks. */
export function bodyLength({ headers }: ResponseHead): number | undefined {
	const length = headers['content-length'] ?? '';
	const isKnown = headers['transfer-encoding'] === undefined && /^\d{1,15}$/.test(length);
	return isKnown ? Number(length) : undefined;
}

/**
 * Milliseconds for which the server keeps the connection after the response, less a second: it must not
 * close the connection while a request is on its way. Infinity if it does not say, 0 if it closes it.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-9.6
 * @see https://www.rfc-editor.org/rfc/rfc2068#section-19.7.1.1
 */
export function keptAliveMs({ headers }: ResponseHead): number {
	if (/(?:^|[\s,])close(?:$|[\s,])/i.test(headers.connection ?? '')) return 0;
	const seconds = /(?:^|[\s,])timeout=(\d+)/i.exec(headers['keep-alive'] ?? '')?.[1];
	return seconds === undefined ? Infinity : Math.max(0, 1000 * (Number(seconds) - 1));
}

/** A value without spaces and tabs around it. `trim` also takes 0xA0 away, which ends e.g. “à” in UTF-8. */
function withoutBlanks(value: string): string {
	let start = 0;
	let end = value.length;
	const isBlank = (index: number) => value[index] === ' ' || value[index] === '\t';
	while (start < end && isBlank(start)) start++;
	while (start < end && isBlank(end - 1)) end--;
	return value.slice(start, end);
}
