import Ajv, { type ErrorObject } from 'ajv';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { operationOf } from './operationOf';

const ajv = new Ajv({ allErrors: true });
const MOST_MISMATCHES = 10;

/**
 * Checks what came out of the node against what the operation that ran declares as its output. What
 * failed is not its output: items whose JSON has an error, and the second output, to which n8n sends them.
 *
 * @throws Error with each field that is missing, undeclared or of another type
 */
export function checkOutput(
	parameters: INodeParameters,
	[items = []]: INodeExecutionData[][],
): void {
	const made = items.map(({ json }) => json).filter(({ error }) => error === undefined);
	if (made.length === 0) return;
	const { title: name, output } = operationOf(parameters);
	const validate = ajv.compile({ type: 'array', items: output });
	if (validate(made) === true) return;
	const mismatches = (validate.errors ?? []).slice(0, MOST_MISMATCHES).map(sentenceOf);
	const title = `${name} gives other items than it declares:`;
	throw new Error([title, ...mismatches].join('\n'));
}

/** Such as `items[0] should NOT have additional properties {"additionalProperty":"size"}`. */
function sentenceOf({ dataPath, message = '', params }: ErrorObject): string {
	return `items${dataPath} ${message} ${JSON.stringify(params)}`;
}
