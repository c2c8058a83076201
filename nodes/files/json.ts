import type { IDataObject } from 'n8n-workflow';

/** An object for the `json` of an item, without the members that are undefined. */
export function withoutUndefined(record: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(record).filter(([, value]) => value !== undefined),
	) as IDataObject;
}
