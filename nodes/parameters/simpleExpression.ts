import { isSafeObjectProperty, type IDataObject } from 'n8n-workflow';

/** Text that begins with "=" is an expression, as n8n saves it; the code in it is between these. */
const CODE = /\{\{(.*?)\}\}/s;
/** A path of names after `$json`, such as `.file.name` or `["File Name"]`. */
const PATH = /^\s*\$json((?:\.[A-Za-z_$][\w$]*|\["[^"\\]+"\]|\['[^'\\]+'\])+)\s*$/;
const NAME = /(?<=\.)[\w$]+|(?<=\[")[^"]+|(?<=\[')[^']+/g;
/** What n8n reads in a way of its own, or refuses, wherever it stands. */
const NOT_LITERAL = /\{\{|\\|constructor/;

/**
 * What stands in a field that holds plain text, or text with values of the item's `$json` between, such
 * as `=invoices/{{ $json.id }}.pdf`; undefined where n8n has to work out more than that. It is what n8n
 * would give, of which each expression costs it about as much processor time as a whole request to S3.
 *
 * @see https://docs.n8n.io/code/expressions/
 */
export function plainTextOf(entered: string, json: IDataObject): string | undefined {
	if (!entered.startsWith('=')) return entered;
	let text = '';
	for (const [position, part] of entered.slice(1).split(CODE).entries()) {
		const isCode = position % 2 === 1;
		const plain = isCode ? valueAt(part, json) : part;
		if (plain === undefined || (!isCode && NOT_LITERAL.test(part))) return undefined;
		text += plain;
	}
	return text;
}

/** The text or number that a path leads to; undefined where it is no path, or leads to anything else. */
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
