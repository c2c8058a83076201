import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** An object for the `json` of an item, without the members that are undefined. */
export function withoutUndefined(record: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(record).filter(([, value]) => value !== undefined),
	) as IDataObject;
}

/** Bytes of the object that the only item of an output is about; 0 if it does not say. */
export function sizeOf([made]: INodeExecutionData[]): number {
	const size = made?.json.size;
	return typeof size === 'number' ? size : 0;
}
