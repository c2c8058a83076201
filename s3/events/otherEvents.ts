/** Events of servers that have a form of their own, in which keys are not encoded. */
import { fieldsOf, filledText } from '../jsonFields';
import type { Fields } from '../jsonFields';
import { changeOf, etagOf, sizeOf, timeOf, withoutMissing } from './eventFields';
import type { ObjectEvent } from './ObjectEvent';

/**
 * Reads an event of Cloudflare R2.
 * @returns undefined if bucket, key or action are missing
 * @see https://developers.cloudflare.com/r2/buckets/event-notifications/
 */
export function readR2(message: Fields): ObjectEvent | undefined {
	const object = fieldsOf(message.object);
	const source = fieldsOf(message.copySource);
	const [bucket, key, event] = [message.bucket, object.key, message.action].map(filledText);
	if (bucket === undefined || key === undefined || event === undefined) return undefined;
	const [sourceBucket, sourceKey] = [source.bucket, source.object].map(filledText);
	return withoutMissing({
		bucket,
		key,
		change: changeOf(event),
		event,
		sender: 'r2',
		time: timeOf(message.eventTime),
		size: sizeOf(object.size),
		etag: etagOf(object.eTag),
		copySource:
			sourceBucket === undefined || sourceKey === undefined
				? undefined
				: { bucket: sourceBucket, key: sourceKey },
	});
}

/**
 * Reads an event of Backblaze B2.
 * @returns undefined if bucket, key or type are missing
 * @see https://www.backblaze.com/docs/cloud-storage-event-notifications-reference-guide
 */
export function readB2(record: Fields): ObjectEvent | undefined {
	const [bucket, key, type] = [record.bucketName, record.objectName, record.eventType].map(
		filledText,
	);
	if (bucket === undefined || key === undefined || type === undefined) return undefined;
	const event = type.replace(/^b2:/, '');
	return withoutMissing({
		bucket,
		key,
		change: changeOf(event),
		event,
		sender: 'b2',
		time: timeOf(record.eventTimestamp),
		size: sizeOf(record.objectSize),
		versionId: filledText(record.objectVersionId),
		deleteMarker: event.startsWith('HideMarkerCreated') ? true : undefined,
	});
}
