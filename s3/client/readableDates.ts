import type { S3Client } from '../sdk';
import { readServerDate } from '../serverDate';

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
const DATE_ELEMENT = /<((?:\w+:)?(?:CreationDate|Initiated|LastModified))>([^<]*)<\/\1>/g;

interface DatedResponse {
	statusCode: number;
	headers: Record<string, string | undefined>;
	/** Read by `boundedBodies`. */
	body: unknown;
}

/**
 * Makes the client give dates to the SDK in the form that it reads, and leave out those that cannot be read: the SDK
 * would fail the whole call for one. To be added before `boundedBodies`, which reads the body.
 */
export function readableDates(client: S3Client): void {
	client.middlewareStack.add(
		(next, context) => async (args) => {
			const result = await next(args);
			const response = result.response as DatedResponse;
			for (const [name, write] of Object.entries(HEADERS)) {
				const date = readServerDate(response.headers[name]);
				if (date === undefined) Reflect.deleteProperty(response.headers, name);
				else response.headers[name] = write(date);
			}
			if (response.statusCode < 300 && WITH_DATES.has(context.commandName ?? '')) {
				const xml = String(response.body);
				response.body = Buffer.from(xml.replace(DATE_ELEMENT, readableElement));
			}
			return result;
		},
		{ step: 'deserialize', priority: 'low', name: 'readableDates' },
	);
}

function readableElement(_: string, name: string, text: string): string {
	const date = readServerDate(text.trim());
	return date === undefined ? '' : `<${name}>${date.toISOString()}</${name}>`;
}
