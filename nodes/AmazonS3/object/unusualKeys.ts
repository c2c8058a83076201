import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { ParameterSource } from '../../parameters/ParameterSource';
import { isExpression } from '../../parameters/read';

interface Unusual {
	/** @param entered in the field of the key */
	readonly is: (key: string, object: IDataObject, entered: unknown) => boolean;
	/** What is the matter with it, and what to do about it. */
	readonly words: string;
}

const BRACES = /\{\{.*\}\}/s;

/** Keys that S3 takes, and that hardly anybody means. */
const UNUSUAL: readonly Unusual[] = [
	{
		// A name that comes from data may have them.
		is: (key, _object, entered) =>
			BRACES.test(key) && BRACES.test(String(entered)) && !isExpression(entered),
		words:
			'has {{ }} in it, which only an expression fills in. Switch the field of the key to Expression.',
	},
	{
		is: (key) => /^(s3|https?):\/\//i.test(key),
		words:
			'is a whole URL, and S3 takes all of it for the name. Enter only what follows the bucket, unless the object is to have this name.',
	},
	{
		is: (key) => key.startsWith('/'),
		words:
			'begins with a slash, which makes a folder without a name. Leave the slash off, unless you want that folder.',
	},
	{
		is: (key, { size }) => key.endsWith('/') && size !== 0,
		words: 'ends with a slash, so the object looks like a folder. Enter a name after the slash.',
	},
];

/**
 * What may be wrong with the keys of objects that were written, a sentence for each kind of mistake. A copy of an object
 * whose key is unusual in the same way is none.
 *
 * @param entered what was entered in the node
 */
export function unusualKeys(
	made: readonly INodeExecutionData[],
	entered: ParameterSource['entered'],
): string[] {
	const field = entered('key');
	return UNUSUAL.flatMap(({ is, words }) => {
		const isMistake = (object: IDataObject) => is(keyOf(object), object, field);
		const found = made.find(
			({ json }) => isMistake(json) && !isMistake({ ...json, key: sourceKeyOf(json) }),
		);
		return found === undefined ? [] : [`The key “${keyOf(found.json)}” ${words}`];
	});
}

/** Empty for an item that failed. */
const keyOf = ({ key }: IDataObject): string => (typeof key === 'string' ? key : '');

/** Empty for an object that is no copy. */
const sourceKeyOf = ({ source }: IDataObject): string => keyOf(Object(source) as IDataObject);
