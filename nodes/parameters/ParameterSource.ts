import type {
	IDataObject,
	IExecuteFunctions,
	IGetNodeParameterOptions,
	ILoadOptionsFunctions,
	INodeProperties,
	IPollFunctions,
} from 'n8n-workflow';

/** What was entered is the same for all items: their data makes a difference only in expressions. */
const ANY_ITEM = 0;

/** Where the parameters of a node are read: for an item of a run, or in the editor. */
export interface ParameterSource {
	/**
	 * What was entered for a parameter: a value, or an expression that is not evaluated yet; undefined if
	 * that is not known.
	 *
	 * @param name path of the parameter, e.g. `options.contentType`
	 */
	entered(name: string): unknown;
	/** The value of a parameter after n8n has evaluated its expression; empty if it has none. */
	evaluated(name: string, options: IGetNodeParameterOptions): unknown;
	/** The value of an expression for the item, without the `=` before it; only in a run there are items. */
	evaluate?(expression: string): unknown;
	/** The data of the item, `$json` in expressions. */
	readonly json: IDataObject;
	/** Time zone of the workflow, e.g. `Europe/Berlin`. */
	readonly timezone: string;
	/** The fields of the form, by whose names messages call the parameters. */
	readonly fields?: INodeProperties[];
}

/**
 * The parameters for one input item of a run.
 *
 * @param entered what was entered in the node, to look it up only once for all items
 * @param fields those of the operation
 */
export function ofItem(
	node: IExecuteFunctions,
	index: number,
	entered = enteredIn(node),
	fields: INodeProperties[] = [],
): ParameterSource {
	return {
		entered,
		fields,
		evaluated: (name, options) => node.getNodeParameter(name, index, '', options),
		evaluate: (expression) => node.evaluateExpression(expression, index),
		json: node.getInputData()[index]?.json ?? {},
		timezone: node.getTimezone(),
	};
}

/** The parameters of a node that is open in the editor, which evaluates expressions before it asks. */
export function ofEditor(node: ILoadOptionsFunctions): ParameterSource {
	return {
		entered: () => undefined,
		evaluated: (name, options) => node.getCurrentNodeParameter(name, options),
		json: {},
		timezone: node.getTimezone(),
	};
}

/**
 * The parameters of a trigger: there is no item.
 *
 * @param fields those of the node
 */
export function ofPoll(
	node: Pick<IPollFunctions, 'getNodeParameter' | 'getTimezone'>,
	fields: INodeProperties[],
): ParameterSource {
	return {
		fields,
		entered: (name) => node.getNodeParameter(name, '', { rawExpressions: true }),
		evaluated: (name, options) => node.getNodeParameter(name, '', options),
		json: {},
		timezone: node.getTimezone(),
	};
}

/** What was entered in a node, looked up once for all its items. */
export function enteredIn(node: IExecuteFunctions): ParameterSource['entered'] {
	const known = new Map<string, unknown>();
	return (name) => {
		if (known.has(name)) return known.get(name);
		const value: unknown = node.getNodeParameter(name, ANY_ITEM, '', { rawExpressions: true });
		known.set(name, value);
		return value;
	};
}
