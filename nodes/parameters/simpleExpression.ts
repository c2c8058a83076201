import { isSafeObjectProperty, type IDataObject } from 'n8n-workflow';

/**
 * A path of names after `$json`, such as `.file.name` or `["File Name"]`. Names with a dollar are left to
 * n8n, which refuses `$` in some places.
 */
const PATH = /^\s*\$json((?:\.[A-Za-z_]\w*|\["[^"\\]+"\]|\['[^'\\]+'\])+)\s*$/;
const NAME = /(?<=\.)\w+|(?<=\[")[^"]+|(?<=\[')[^']+/g;
/** Literal text that n8n does not take as it is: an open bracket, an escape, a name that it refuses. */
const NOT_LITERAL = /\{\{|\\|constructor/;

/**
 * Evaluates an expression that is plain text, or text with values of the item's `$json` in it, such as
 * `=invoices/{{ $json.id }}.pdf`. The result is the same as n8n's, which takes about as much processor
 * time for an expression as for a whole request to S3.
 *
 * @param entered what is saved for a field, e.g. `invoices/2026/` or `={{ $json.id }}`
 * @returns undefined if n8n has to evaluate the expression
 * @see https://docs.n8n.io/code/expressions/
 */
export function evaluateSimple(entered: string, json: IDataObject): string | undefined {
	// Text that begins with "=" is saved as an expression.
	if (!entered.startsWith('=')) return entered;
	let text = '';
	for (const [position, part] of partsOf(entered.slice(1)).entries()) {
		const isCode = position % 2 === 1;
		const value = isCode ? valueAt(part, json) : literal(part);
		if (value === undefined) return undefined;
		text += value;
	}
	return text;
}

/** Literal text and what is between `{{` and `}}` in turn, beginning with text; in time linear in the length. */
function partsOf(text: string): string[] {
	const parts: string[] = [];
	let start = 0;
	for (;;) {
		const open = text.indexOf('{{', start);
		const close = open === -1 ? -1 : text.indexOf('}}', open + 2);
		if (close === -1) return [...parts, text.slice(start)];
		parts.push(text.slice(start, open), text.slice(open + 2, close));
		start = close + 2;
	}
}

function literal(text: string): string | undefined {
	return NOT_LITERAL.test(text) ? undefined : text;
}

/** The text or number at the end of a path; undefined if the code is not a path to one of these. */
function valueAt(code: string, json: IDataObject): string | undefined {
	const [, path] = PATH.exec(code) ?? [];
	if (path === undefined) return undefined;
	let value: unknown = json;
	for (const [name] of path.matchAll(NAME)) {
		if (typeof value !== 'object' || value === null || !isSafeObjectProperty(name))
			return undefined;
		value = (value as IDataObject)[name];
	}
	if (typeof value === 'string') return value;
	return Number.isFinite(value) ? String(value) : undefined;
}
