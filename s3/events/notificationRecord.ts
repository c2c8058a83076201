import { fieldsOf, filledText } from '../jsonFields';
import type { Fields } from '../jsonFields';
import { changeOf, etagOf, sizeOf, timeOf, withoutMissing } from './eventFields';
import type { ObjectEvent, Sender } from './ObjectEvent';

/** Senders by `eventSource`. */
const SENDER_OF = new Map<string, Sender>([
	['aws:s3', 's3'],
	['minio:s3', 'minio'],
	['ceph:s3', 'ceph'],
]);

/**
 * Reads a record of an S3 event notification.
 * @returns undefined if bucket or key are missing
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function readRecord(record: Fields): ObjectEvent | undefined {
	const s3 = fieldsOf(record.s3);
	const object = fieldsOf(s3.object);
	const bucket = filledText(fieldsOf(s3.bucket).name);
	const encodedKey = filledText(object.key);
	const event = filledText(record.eventName)?.replace(/^s3:/, '');
	if (bucket === undefined || encodedKey === undefined || event === undefined) return undefined;
	const sender = SENDER_OF.get(filledText(record.eventSource) ?? '') ?? 'other';
	return withoutMissing({
		bucket,
		key: sender === 'ceph' ? encodedKey : formDecoded(encodedKey),
		change: changeOf(event),
		event,
		sender,
		time: timeOf(record.eventTime),
		region: filledText(record.awsRegion),
		size: sizeOf(object.size),
		etag: etagOf(object.eTag),
		versionId: filledText(object.versionId),
		sequencer: filledText(object.sequencer),
		deleteMarker: event.includes('DeleteMarkerCreated') ? true : undefined,
		requestId: filledText(fieldsOf(record.responseElements)['x-amz-request-id']),
		principal: filledText(fieldsOf(record.userIdentity).principalId),
		sourceIp: filledText(fieldsOf(record.requestParameters).sourceIPAddress),
	});
}

/** As HTML forms encode values: `+` is a space. What cannot be decoded was not encoded. */
function formDecoded(key: string): string {
	try {
		return decodeURIComponent(key.replaceAll('+', ' '));
	} catch {
		return key;
	}
}
