import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** An object for the `json` of an item, without the members that are undefined. */
export function withoutUndefined(record: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(record).filter(([, value]) => value !== undefined),
	) as IDataObject;
}

/** Bytes of the objects that the items of an output are about; 0 for one that does not say. */
export function sizeOf(made: INodeExecutionData[]): number {
	return made
		.map(({ json: { size } }) => (typeof size === 'number' ? size : 0))
		.reduce((sum, size) => sum + size, 0);
}
