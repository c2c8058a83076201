import { fieldsOf, filledText } from '../jsonFields';
import type { Fields } from '../jsonFields';
import { changeOf, etagOf, sizeOf, timeOf, withoutMissing } from './eventFields';
import type { ObjectEvent } from './ObjectEvent';

/**
 * Reads an event that S3 sends by EventBridge, where keys are not encoded.
 * @returns undefined if it is not one of S3, or bucket or key are missing
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function readEventBridge(message: Fields): ObjectEvent | undefined {
	const detail = fieldsOf(message.detail);
	const object = fieldsOf(detail.object);
	const bucket = filledText(fieldsOf(detail.bucket).name);
	const key = filledText(object.key);
	const event = filledText(message['detail-type']);
	if (bucket === undefined || key === undefined || event === undefined) return undefined;
	return withoutMissing({
		bucket,
		key,
		change: changeOf(event),
		event,
		sender: 'eventBridge',
		time: timeOf(message.time),
		region: filledText(message.region),
		size: sizeOf(object.size),
		etag: etagOf(object.etag),
		versionId: filledText(object['version-id']),
		sequencer: filledText(object.sequencer),
		deleteMarker: detail['deletion-type'] === 'Delete Marker Created' ? true : undefined,
		requestId: filledText(detail['request-id']),
		principal: filledText(detail.requester),
		sourceIp: filledText(detail['source-ip-address']),
	});
}
