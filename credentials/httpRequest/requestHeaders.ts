import type { IDataObject } from 'n8n-workflow';

import { textOf } from './queryString';

/** The value of a header, whatever the case of its name. */
export function headerOf(headers: IDataObject | undefined, name: string): string | undefined {
	const found = Object.entries(headers ?? {}).find(([header]) => header.toLowerCase() === name);
	return found?.[1] === undefined ? undefined : textOf(found[1]);
}

/** The headers under lower-case names, without those that are left out or have no value. */
export function lowerCaseHeaders(
	headers: IDataObject | undefined,
	leftOut: readonly string[],
): Record<string, string> {
	const kept = Object.entries(headers ?? {})
		.map(([name, value]): [string, unknown] => [name.toLowerCase(), value])
		.filter(([name, value]) => !leftOut.includes(name) && value !== undefined && value !== null)
		.map(([name, value]): [string, string] => [name, textOf(value)]);
	return Object.fromEntries(kept);
}
