/** Texts of parameters: plain ones, and expressions, which begin with `=` and hold code in `{{ }}`. */

export const isExpression = (value: unknown): value is string =>
	typeof value === 'string' && value.startsWith('=');

/** Texts and expressions after each other, as one of them. */
export function joined(...parts: unknown[]): string {
	if (!parts.some(isExpression)) return parts.map(text).join('');
	return `=${parts.map((part) => (isExpression(part) ? part.slice(1) : literal(text(part)))).join('')}`;
}

const text = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** A text inside an expression, where `{{` would begin code. */
const literal = (plain: string): string =>
	plain.includes('{{') ? `{{ ${JSON.stringify(plain)} }}` : plain;

/** The pieces of a template, of which every second one is code with its braces. */
const piecesOf = (template: string): string[] => template.split(/(\{\{[^]*?\}\})/);

/** What stands in the braces of an expression that is nothing but one piece of code. */
export function onlyCode(value: unknown): string | undefined {
	if (!isExpression(value)) return undefined;
	const [, code] = /^\s*\{\{([^]*)\}\}\s*$/.exec(value.slice(1)) ?? [];
	return code?.includes('}}') === false ? code.trim() : undefined;
}

/** A text or an expression as JavaScript, to stand in code. */
export function codeOf(value: unknown): string {
	const code = onlyCode(value);
	if (code !== undefined) return code;
	if (!isExpression(value)) return JSON.stringify(text(value));
	const pieces = piecesOf(value.slice(1)).map((piece, index) =>
		index % 2 === 1 ? `(${piece.slice(2, -2).trim()})` : JSON.stringify(piece),
	);
	return pieces.filter((piece, index) => index === 0 || piece !== '""').join(' + ');
}

/** A parameter whose texts outside of code have been changed; what was a text may become an expression. */
export function withTexts(value: unknown, change: (plain: string) => string): string {
	if (!isExpression(value)) return change(text(value));
	const pieces = piecesOf(value.slice(1));
	return `=${pieces.map((piece, index) => (index % 2 === 1 ? piece : change(piece))).join('')}`;
}

/** A place in S3 as a bucket and a key. */
export interface Place {
	bucket: string;
	key: string;
}

/** What `/bucket/key` names; nothing if that can only be told when the workflow runs, in a way that is not seen. */
export function placeOf(path: unknown): Place | undefined {
	const value = text(path);
	if (!value.startsWith('=')) return fromSegments(value.split('/'), (part) => part);
	const segments = segmentsOf(value.slice(1));
	const asValue = (part: string) => (part.includes('{{') ? `=${part}` : part);
	if (segments.length > 1) return fromSegments(segments, asValue);
	const code = onlyCode(value);
	if (code === undefined) return undefined;
	const parts = `String(${code}).replace(/^\\//, '').split('/')`;
	return { bucket: `={{ ${parts}[0] }}`, key: `={{ ${parts}.slice(1).join('/') }}` };
}

function fromSegments(segments: string[], asValue: (part: string) => string): Place | undefined {
	const [bucket, ...key] = segments[0] === '' ? segments.slice(1) : segments;
	if (bucket === undefined || bucket === '' || key.length === 0) return undefined;
	return { bucket: asValue(bucket), key: asValue(key.join('/')) };
}

/** The parts of a template between slashes that are not in code. */
function segmentsOf(template: string): string[] {
	return piecesOf(template).reduce<string[]>(
		(segments, piece, index) => {
			const [first = '', ...others] = index % 2 === 1 ? [piece] : piece.split('/');
			const last = segments.pop() ?? '';
			return [...segments, last + first, ...others];
		},
		[''],
	);
}

/** A text as part of a pattern for keys, in which `*`, `?` and `^` mean something. */
export function asPattern(value: unknown): string {
	if (!isExpression(value)) return text(value).replace(/[*?^]/g, '^$&');
	const code = value.slice(1).replaceAll(/\{\{([^]*?)\}\}/g, (_, inner: string) => {
		// Nothing is no text, where it would be “undefined”.
		return `{{ String((${inner.trim()}) ?? '').replace(/[*?^]/g, '^$&') }}`;
	});
	return `=${code}`;
}

/**
 * A parameter with other names for fields of some items.
 * @param names the new by the old ones; of a field inside another, both with a point between them
 * @param items what stands before the name of a field, e.g. `\$json`; without groups that capture
 */
export function renamedFields(
	value: unknown,
	names: Readonly<Record<string, string>>,
	items: string,
): unknown {
	if (isExpression(value)) return renamedIn(value, names, items);
	if (Array.isArray(value)) return value.map((one) => renamedFields(one, names, items));
	if (typeof value !== 'object' || value === null) return value;
	const fields = Object.entries(value).map(([name, field]) => [
		name,
		renamedFields(field, names, items),
	]);
	return Object.fromEntries(fields) as object;
}

function renamedIn(value: string, names: Readonly<Record<string, string>>, items: string): string {
	// The fields inside others first: afterwards the others have their new names.
	const paths = Object.keys(names).sort((a, b) => b.length - a.length);
	return paths.reduce((code, path) => {
		const fields = path.split('.').map(accessTo).join('');
		const newNames = (names[path] ?? '').split('.');
		return code.replaceAll(
			new RegExp(`(${items})(${fields})`, 'g'),
			(_, item: string, was: string) => {
				const steps = was.match(STEP) ?? [];
				return (
					item +
					newNames
						.map((name, at) => (steps[at]?.startsWith('?') === true ? '?.' : '.') + name)
						.join('')
				);
			},
		);
	}, value);
}

/** One step from a value to a field of it. */
const STEP = /\??\.\w+|(?:\?\.)?\[[^\]]*\]/g;

const accessTo = (field: string): string =>
	`(?:\\??\\.${field}\\b|(?:\\?\\.)?\\[(?:'${field}'|"${field}")\\])`;
