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
	const [, code] = /^\s*\{\{([^]*)\}\}\s*$/.exec(value.slice(1)) ?? [];
	if (code === undefined || code.includes('}}')) return undefined;
	const parts = `String(${code.trim()}).replace(/^\\//, '').split('/')`;
	return { bucket: `={{ ${parts}[0] }}`, key: `={{ ${parts}.slice(1).join('/') }}` };
}

function fromSegments(segments: string[], asValue: (part: string) => string): Place | undefined {
	const [bucket, ...key] = segments[0] === '' ? segments.slice(1) : segments;
	if (bucket === undefined || bucket === '' || key.length === 0) return undefined;
	return { bucket: asValue(bucket), key: asValue(key.join('/')) };
}

/** The parts of a template between slashes that are not in code. */
function segmentsOf(template: string): string[] {
	const pieces = template.split(/(\{\{[^]*?\}\})/);
	return pieces.reduce<string[]>(
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
		return `{{ String(${inner.trim()}).replace(/[*?^]/g, '^$&') }}`;
	});
	return `=${code}`;
}

/**
 * A parameter with other names for fields of some items.
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
	const known = Object.keys(names).join('|');
	const field = new RegExp(
		`(?<items>${items})(?:\\.(?<plain>${known})\\b|\\[(?<quote>['"])(?<quoted>${known})\\k<quote>\\])`,
		'g',
	);
	return value.replaceAll(field, (...match: unknown[]) => {
		const groups = match.at(-1) as Record<'items' | 'plain' | 'quoted', string | undefined>;
		return `${groups.items ?? ''}.${names[groups.plain ?? groups.quoted ?? ''] ?? ''}`;
	});
}
