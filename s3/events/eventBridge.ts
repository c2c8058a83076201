import { changeOf, etagOf, fieldsOf, sizeOf, textOf, timeOf, withoutMissing } from './eventFields';
import type { JsonFields } from './eventFields';
import type { ObjectEvent } from './ObjectEvent';

/**
 * Reads an event that S3 sends by EventBridge, where keys are not encoded.
 * @returns undefined if it is not one of S3, or bucket or key are missing
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function readEventBridge(message: JsonFields): ObjectEvent | undefined {
	const detail = fieldsOf(message.detail);
	const object = fieldsOf(detail.object);
	const bucket = textOf(fieldsOf(detail.bucket).name);
	const key = textOf(object.key);
	const event = textOf(message['detail-type']);
	if (bucket === undefined || key === undefined || event === undefined) return undefined;
	return withoutMissing({
		bucket,
		key,
		change: changeOf(event),
		event,
		sender: 'eventBridge',
		time: timeOf(message.time),
		region: textOf(message.region),
		size: sizeOf(object.size),
		etag: etagOf(object.etag),
		versionId: textOf(object['version-id']),
		sequencer: textOf(object.sequencer),
		deleteMarker: detail['deletion-type'] === 'Delete Marker Created' ? true : undefined,
		requestId: textOf(detail['request-id']),
		principal: textOf(detail.requester),
		sourceIp: textOf(detail['source-ip-address']),
	});
}
