import { S3Failure } from '../S3Failure';

/** Where people look at their buckets in a browser. @see https://docs.aws.amazon.com/signin/latest/userguide/sign-in-urls-defined.html */
const CONSOLE = /(^|\.)console\.(aws\.amazon\.com|aws\.eu|amazonaws\.cn|amazonaws-us-gov\.com)$/i;

/**
 * The URL of an S3 server as people enter it, without a trailing slash.
 * @param field its name for people
 * @param owner what has the field
 * @throws S3Failure of kind `invalid`, without the text: people paste URLs with a password in them
 */
export function endpointUrl(text: string, field: string, owner: 'credential' | 'node'): string {
	if (!/^https?:\/\//i.test(text)) {
		throw S3Failure.invalid(
			`The ${field} of the ${owner} does not start with https:// or http://`,
			'Enter the whole URL of the S3 server, for example https://minio.example.com:9000.',
		);
	}
	if (!URL.canParse(text)) {
		throw S3Failure.invalid(
			`The ${field} of the ${owner} is not a URL`,
			'Enter the URL of the S3 server, for example https://minio.example.com:9000.',
		);
	}
	const url = new URL(text);
	if (url.username !== '' || url.password !== '') {
		throw S3Failure.invalid(
			`The ${field} of the ${owner} holds a user name or password`,
			`Remove everything before the host name from the ${field}; keys and passwords have fields of their own.`,
		);
	}
	if (CONSOLE.test(url.hostname)) {
		throw S3Failure.invalid(
			`The ${field} of the ${owner} is the address of AWS’s web console`,
			`Leave the ${field} empty for AWS, and enter bucket and region in their own fields.`,
		);
	}
	if (url.search !== '' || url.hash !== '') {
		throw S3Failure.invalid(
			`The ${field} of the ${owner} has a query or fragment`,
			`Remove the part from "?" or "#" on from the ${field}.`,
		);
	}
	return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
}
