import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** Keys that S3 takes, and that hardly anybody means, with what to do about them. */
const UNUSUAL: readonly [is: (object: IDataObject, key: string) => boolean, advice: string][] = [
	[
		(_, key) => /\{\{.*\}\}/s.test(key),
		'has {{ }} in it, which only an expression fills in. Switch the field of the key to Expression.',
	],
	[
		(_, key) => /^(s3|https?):\/\//i.test(key),
		'is a whole URL, and S3 takes all of it for the name. Enter only what follows the bucket.',
	],
	[
		(_, key) => key.startsWith('/'),
		'begins with a slash, which makes a folder without a name. Leave the slash off.',
	],
	[
		({ size }, key) => key.endsWith('/') && size !== 0,
		'ends with a slash, so the object looks like a folder. Enter a name after the slash.',
	],
];

/** What may be wrong with the keys of objects that were written, a sentence for each kind of mistake. */
export function unusualKeys(made: readonly INodeExecutionData[]): string[] {
	return UNUSUAL.flatMap(([is, advice]) => {
		const found = made.find(({ json }) => is(json, keyOf(json)));
		return found === undefined ? [] : [`The key “${keyOf(found.json)}” ${advice}`];
	});
}

/** Empty for an item that failed. */
const keyOf = ({ key }: IDataObject): string => (typeof key === 'string' ? key : '');
