import type { IDataObject } from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import { textOf } from './queryString';

/** A name as n8n's HTTP client sends it, which cuts off all that JavaScript takes for a blank. */
const nameSent = (header: string): string => header.trim().toLowerCase();

/** The value of a header, whatever the case of its name. */
export function headerOf(headers: IDataObject | undefined, name: string): string | undefined {
	const found = Object.entries(headers ?? {}).find(([header]) => nameSent(header) === name);
	return found?.[1] === undefined ? undefined : textOf(found[1]);
}

/**
 * The headers under lower-case names, without those that are left out or have no value.
 *
 * @throws {S3Failure} of kind `invalid` for a name that HTTP does not allow, or a value with control characters
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.1
 */
export function lowerCaseHeaders(
	headers: IDataObject | undefined,
	leftOut: readonly string[],
): Record<string, string> {
	const kept = Object.entries(headers ?? {})
		.map(([name, value]): [string, unknown] => [nameSent(name), value])
		.filter(([name, value]) => !leftOut.includes(name) && value !== undefined && value !== null)
		.map(([name, value]): [string, string] => [name, textOf(value)]);
	for (const [name, value] of kept) checkHeader(name, value);
	return Object.fromEntries(kept);
}

function checkHeader(name: string, value: string): void {
	if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
		throw S3Failure.invalid(
			'A header of the request has a name that HTTP does not allow',
			'Use letters, digits and dashes for the names of headers.',
		);
	}
	if (/[^\P{Cc}\t]/u.test(value)) {
		throw S3Failure.invalid(
			`The header ${name} of the request holds a control character`,
			'Remove line breaks and control characters from the value.',
		);
	}
}
