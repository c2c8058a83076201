import type { S3Client } from '../sdk';
import { readServerDate } from '../serverDate';
import { beforeReading } from './steps';

/** Headers with dates, in the form that the SDK reads there. */
const HEADERS = {
	'last-modified': (date: Date) => date.toUTCString(),
	'x-amz-abort-date': (date: Date) => date.toUTCString(),
	'x-amz-object-lock-retain-until-date': (date: Date) => date.toISOString(),
};
/** Calls whose responses have dates in XML, but for listings, which are read by `list/parse/`. */
const WITH_DATES = new Set([
	'CopyObjectCommand',
	'ListBucketsCommand',
	'ListMultipartUploadsCommand',
	'ListObjectVersionsCommand',
	'UploadPartCopyCommand',
]);
const DATE_ELEMENT =
	/<((?:\w+:)?(?:CreationDate|Initiated|LastModified|RestoreExpiryDate))>([^<]*)<\/\1>/g;

/**
 * Makes the client give dates to the SDK in the form that it reads, and leave out those that cannot be read: the SDK
 * would fail the whole call for one. To be added before `boundedBodies`, which reads the body.
 */
export function readableDates(client: S3Client): void {
	beforeReading(client, 'readableDates', (response, commandName) => {
		for (const [name, write] of Object.entries(HEADERS)) {
			const date = readServerDate(response.headers[name]);
			if (date === undefined) Reflect.deleteProperty(response.headers, name);
			else response.headers[name] = write(date);
		}
		if (response.statusCode >= 300 || !WITH_DATES.has(commandName)) return;
		const xml = String(response.body);
		response.body = Buffer.from(xml.replace(DATE_ELEMENT, readableElement));
	});
}

function readableElement(_: string, name: string, text: string): string {
	const date = readServerDate(text.trim());
	return date === undefined ? '' : `<${name}>${date.toISOString()}</${name}>`;
}
