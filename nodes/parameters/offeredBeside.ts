import type { DisplayCondition, INodeProperties, NodeParameterValue } from 'n8n-workflow';

type Values = Array<NodeParameterValue | DisplayCondition>;

/** An expression begins with “=”. Not `startsWith`, on which n8n 1 fails for values that are not text. */
const EXPRESSION: DisplayCondition = { _cnd: { between: { from: '=', to: '>' } } };

/**
 * Options that the editor offers as long as another option has one of these values. n8n drops what the form hides: a
 * value would be left out without a word if the workflow was not made in the editor, or if the other option was
 * changed later. So each field is there three times: as it is offered; for the editor to show it as long as it has a
 * value; and hidden, for n8n to keep that value, as in a run it does not find the value that a condition is about.
 *
 * @param other name of the other option
 */
export function offeredBeside(
	other: string,
	values: Values,
	fields: INodeProperties[],
): INodeProperties[] {
	return fields.flatMap((field) => [
		{ ...field, displayOptions: { show: { [other]: values } } },
		{
			...field,
			displayOptions: {
				show: { [field.name]: [{ _cnd: { exists: true } }] },
				hide: { [other]: [...values, EXPRESSION] },
			},
		},
		{ ...field, type: 'hidden', displayOptions: {} },
	]);
}

/** A text that is no expression, of which nobody knows yet what it gives. By comparisons, as `EXPRESSION`. */
export const TEXT: DisplayCondition[] = [
	{ _cnd: { between: { from: ' ', to: '=' } } },
	{ _cnd: { gte: '>' } },
];

/**
 * An option that the editor offers as long as another one has no text, with which it would be refused. As with
 * `offeredBeside`, what it has is neither hidden nor dropped, so that it is refused in words.
 *
 * @param other name of the other option
 */
export function offeredInsteadOf(other: string, field: INodeProperties): INodeProperties[] {
	const { show = {} } = field.displayOptions ?? {};
	const hasValue: Record<string, Values> = { [field.name]: [{ _cnd: { exists: true } }] };
	return [
		{ ...field, displayOptions: { show, hide: { [other]: TEXT } } },
		{ ...field, displayOptions: { show: { ...hasValue, ...show, [other]: TEXT } } },
		{ ...field, type: 'hidden', displayOptions: {} },
	];
}

/** Fields of which some are there several times, each once. */
export const eachOnce = (fields: INodeProperties[]): INodeProperties[] =>
	fields.filter((field, at) => fields.findIndex(({ name }) => name === field.name) === at);
