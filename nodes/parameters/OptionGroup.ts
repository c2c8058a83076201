import type { INodeProperties } from 'n8n-workflow';

import type { ParameterSource } from './ParameterSource';

/** Fields that belong together, and what is read from them. */
export interface OptionGroup<Value> {
	readonly fields: INodeProperties[];
	/** @throws {S3Failure} of kind `invalid` when an expression gave a value that cannot be used */
	read(source: ParameterSource): Value;
}

/**
 * The collection “Options” of an operation; the editor shows its fields in this order: what belongs together stands
 * together, what the operation is about comes first and what is about the run of the node last.
 */
export function optionsField(...fields: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: fields,
	};
}
