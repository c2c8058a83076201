/**
 * The vocabulary in which an operation declares its output, as JSON schema (draft 7).
 *
 * n8n's editor reads only `type`, `properties` and `items` of the published schema, to show the fields
 * before a node has run. The tests of the engine read all of it.
 *
 * @see https://json-schema.org/draft-07/json-schema-validation
 */

/** JSON schema, as far as outputs need it. */
export interface Schema {
	readonly type: Type | readonly Type[];
	readonly description?: string;
	readonly enum?: ReadonlyArray<string | number>;
	readonly format?: 'date-time';
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: false | Schema;
	readonly items?: Schema;
	readonly anyOf?: readonly Schema[];
}

type Type = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string';

/** One field of an output. */
export interface Field {
	readonly schema: Schema;
	readonly optional: boolean;
}

/** The fields of an object by name: all of them, and no others. */
export type Fields = Readonly<Record<string, Field>>;

const required = (schema: Schema): Field => ({ schema, optional: false });

/** Any text. */
export const text = (description: string): Field => required({ type: 'string', description });

/** A whole number. */
export const integer = (description: string): Field => required({ type: 'integer', description });

/** True or false. */
export const boolean = (description: string): Field => required({ type: 'boolean', description });

/** A moment in ISO 8601. */
export const dateTime = (description: string): Field =>
	required({ type: 'string', format: 'date-time', description });

/** One of the values given. */
export const oneOf = (description: string, values: readonly string[] | readonly number[]): Field =>
	required({
		type: values.every((value) => typeof value === 'string') ? 'string' : 'integer',
		enum: values,
		description,
	});

/** Text by names that only the data tells, such as metadata. */
export const textByName = (description: string): Field =>
	required({ type: 'object', additionalProperties: { type: 'string' }, description });

/** Whatever JSON can hold. The editor shows the first type, so it is the one most often found. */
export const anyJson = (description: string): Field =>
	required({
		type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
		description,
	});

/** An object inside an item. */
export const object = (description: string, fields: Fields): Field =>
	required({ ...schemaOf(fields), description });

/** A list of objects, each in one of the forms given. */
export const arrayOf = (description: string, ...forms: readonly Fields[]): Field =>
	required({ type: 'array', items: schemaOf(...forms), description });

/** The same fields, each of which may be missing. */
export function optional<Names extends Fields>(fields: Names): Names {
	return Object.fromEntries(
		Object.entries(fields).map(([name, field]) => [name, { ...field, optional: true }]),
	) as Names;
}

/**
 * The schema of items in one of the forms given. Of several forms it also holds all fields together,
 * because the editor knows no alternatives; of a field in more than one, the first form describes it.
 */
export function schemaOf(...forms: readonly Fields[]): Schema {
	const alternatives = forms.map(formSchema);
	const [only] = alternatives;
	if (only !== undefined && alternatives.length === 1) return only;
	const properties: Record<string, Schema> = {};
	for (const form of alternatives) {
		for (const [name, schema] of Object.entries(form.properties)) properties[name] ??= schema;
	}
	return { type: 'object', properties, anyOf: alternatives };
}

function formSchema(fields: Fields) {
	const entries = Object.entries(fields);
	return {
		type: 'object',
		properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
		required: entries.filter(([, field]) => !field.optional).map(([name]) => name),
		additionalProperties: false,
	} as const;
}
