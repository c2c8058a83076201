import { parseEvents } from '../../../../s3/events/parseEvents';
import { failureOf } from '../../failureOf';

const record = (object: object = {}, more: object = {}) => ({
	eventVersion: '2.1',
	eventSource: 'aws:s3',
	awsRegion: 'eu-central-1',
	eventTime: '2026-11-30T01:02:03.004Z',
	eventName: 'ObjectCreated:Put',
	userIdentity: { principalId: 'AWS:AIDAEXAMPLE' },
	requestParameters: { sourceIPAddress: '192.0.2.7' },
	responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810', 'x-amz-id-2': 'long' },
	s3: {
		s3SchemaVersion: '1.0',
		configurationId: 'rule',
		bucket: { name: 'bucket', arn: 'arn:aws:s3:::bucket' },
		object: {
			key: 'key',
			size: 1024,
			eTag: 'd41d8cd9',
			sequencer: '0055AED6DCD90281E5',
			...object,
		},
	},
	...more,
});
const message = (object: object = {}, more: object = {}) => ({ Records: [record(object, more)] });
const eventBridge = (detail: object = {}, more: object = {}) => ({
	version: '0',
	id: '17793124',
	'detail-type': 'Object Created',
	source: 'aws.s3',
	time: '2026-11-30T01:02:03Z',
	region: 'ca-central-1',
	detail: {
		version: '0',
		bucket: { name: 'bucket' },
		object: { key: 'a+b%20c', size: 5, etag: 'b1946ac9', 'version-id': 'v1', sequencer: '00617F' },
		'request-id': 'N4N7',
		requester: '123456789012',
		'source-ip-address': '192.0.2.8',
		reason: 'PutObject',
		...detail,
	},
	...more,
});
const sns = (inner: unknown) => ({
	Type: 'Notification',
	MessageId: 'm',
	TopicArn: 'arn:aws:sns:eu-central-1:123456789012:topic',
	Subject: 'Amazon S3 Notification',
	Message: JSON.stringify(inner),
});
const r2 = {
	account: '3f4b',
	action: 'CopyObject',
	bucket: 'bucket',
	object: { key: 'a+b%20c', size: 65536, eTag: 'c846ff7a' },
	eventTime: '2026-11-30T01:02:03.679Z',
	copySource: { bucket: 'from', object: 'the original' },
};
const b2 = (more: object = {}) => ({
	events: [
		{
			accountId: 'e85c',
			bucketId: 'aea8',
			bucketName: 'bucket',
			eventId: '0cfe',
			eventTimestamp: 1684793309123,
			eventType: 'b2:ObjectCreated:Upload',
			eventVersion: 1,
			matchedRuleName: 'rule',
			objectName: 'a+b%20c',
			objectSize: 10495842,
			objectVersionId: '4_zaea8',
			...more,
		},
	],
});
const testEvent = {
	Service: 'Amazon S3',
	Event: 's3:TestEvent',
	Time: '2026-11-30T01:02:03.004Z',
	Bucket: 'bucket',
	RequestId: '5582815E1AEA5ADF',
	HostId: '8cLeGAmw098X5cv4',
};

const keysOf = (parsed: unknown) => parseEvents(parsed).events.map(({ key }) => key);

it('an event of S3 is read with everything that it tells of the object', () => {
	expect(parseEvents(message({ versionId: 'v7' }))).toEqual({
		isTest: false,
		events: [
			{
				bucket: 'bucket',
				key: 'key',
				change: 'created',
				event: 'ObjectCreated:Put',
				sender: 's3',
				time: '2026-11-30T01:02:03.004Z',
				region: 'eu-central-1',
				size: 1024,
				etag: 'd41d8cd9',
				versionId: 'v7',
				sequencer: '0055AED6DCD90281E5',
				requestId: 'C3D13FE58DE4C810',
				principal: 'AWS:AIDAEXAMPLE',
				sourceIp: '192.0.2.7',
			},
		],
	});
});

it('an event of EventBridge is read with its key as it is', () => {
	expect(parseEvents(eventBridge()).events).toEqual([
		{
			bucket: 'bucket',
			key: 'a+b%20c',
			change: 'created',
			event: 'Object Created',
			sender: 'eventBridge',
			time: '2026-11-30T01:02:03.000Z',
			region: 'ca-central-1',
			size: 5,
			etag: 'b1946ac9',
			versionId: 'v1',
			sequencer: '00617F',
			requestId: 'N4N7',
			principal: '123456789012',
			sourceIp: '192.0.2.8',
		},
	]);
});

it('an event of Cloudflare R2 is read with its key as it is, and the source of a copy', () => {
	expect(parseEvents(r2).events).toEqual([
		{
			bucket: 'bucket',
			key: 'a+b%20c',
			change: 'created',
			event: 'CopyObject',
			sender: 'r2',
			time: '2026-11-30T01:02:03.679Z',
			size: 65536,
			etag: 'c846ff7a',
			copySource: { bucket: 'from', key: 'the original' },
		},
	]);
});

it('an event of Backblaze B2 is read with its key as it is', () => {
	expect(parseEvents(b2()).events).toEqual([
		{
			bucket: 'bucket',
			key: 'a+b%20c',
			change: 'created',
			event: 'ObjectCreated:Upload',
			sender: 'b2',
			time: '2023-05-22T22:08:29.123Z',
			size: 10495842,
			versionId: '4_zaea8',
		},
	]);
});

it.each([
	['aws:s3', 's3', 'red+flower.jpg', 'red flower.jpg'],
	['aws:s3', 's3', 'a%2Bb%2520/%C3%A4', 'a+b%20/ä'],
	['minio:s3', 'minio', 'folder%2Fred+flower.jpg', 'folder/red flower.jpg'],
	['ceph:s3', 'ceph', 'a+b%20c', 'a+b%20c'],
	['rustfs:s3', 'other', 'a%20b', 'a b'],
	['other:s3', 'other', '100%.txt', '100%.txt'],
])('the key of an event of %s (%s) that reads %s is %s', (eventSource, sender, encoded, key) => {
	const [event] = parseEvents(message({ key: encoded }, { eventSource })).events;
	expect(event).toMatchObject({ key, sender });
});

it.each([
	['ObjectCreated:CompleteMultipartUpload', 'created'],
	['s3:ObjectCreated:Put', 'created'],
	['ObjectSynced:Create', 'created'],
	['ObjectRemoved:Delete', 'deleted'],
	['LifecycleExpiration:Delete', 'deleted'],
	['ObjectLifecycle:Expiration:Current', 'deleted'],
	['ObjectLifecycle:Expiration:AbortMultipartUpload', 'other'],
	['ObjectRestore:Completed', 'restored'],
	['ObjectRestore:Post', 'other'],
	['ObjectTagging:Put', 'other'],
])('the event %s means that the object is %s', (eventName, change) => {
	const [event] = parseEvents(message({}, { eventName })).events;
	expect(event).toMatchObject({ change, event: eventName.replace('s3:', '') });
});

it.each(['Object Deleted', 'Object Restore Completed', 'Object Tags Added'])(
	'the event “%s” of EventBridge is told from a creation',
	(name) => {
		const [event] = parseEvents(eventBridge({}, { 'detail-type': name })).events;
		expect(event?.change).toBe(
			{ 'Object Deleted': 'deleted', 'Object Restore Completed': 'restored' }[name] ?? 'other',
		);
	},
);

it('a delete marker is told from the end of an object, whoever sends the event', () => {
	const marked = [
		message({}, { eventName: 'ObjectRemoved:DeleteMarkerCreated' }),
		eventBridge({ 'deletion-type': 'Delete Marker Created' }, { 'detail-type': 'Object Deleted' }),
		b2({ eventType: 'b2:HideMarkerCreated:Hide' }),
	];
	for (const one of marked) {
		expect(parseEvents(one).events).toMatchObject([{ change: 'deleted', deleteMarker: true }]);
	}
	const [gone] = parseEvents(message({}, { eventName: 'ObjectRemoved:Delete' })).events;
	expect(gone).not.toHaveProperty('deleteMarker');
});

it('values that are empty, text or in quotes come out as of other senders', () => {
	const object = { versionId: '', size: '1024', eTag: '"e"' };
	const [event] = parseEvents(message(object, { eventTime: '2026-11-30T01:02:03.123456Z' })).events;
	expect(event).toMatchObject({ size: 1024, etag: 'e', time: '2026-11-30T01:02:03.123Z' });
	expect(event).not.toHaveProperty('versionId');
});

it.each<[string, unknown]>([
	['as text', JSON.stringify(message())],
	['in the message of SNS', sns(message())],
	['in a webhook of n8n', { headers: {}, params: {}, query: {}, body: message() }],
	['of SNS as text in a webhook', { headers: {}, body: JSON.stringify(sns(message())) }],
	['in a message of SQS', { MessageId: '1', ReceiptHandle: 'r', Body: JSON.stringify(message()) }],
	['of SNS in messages of SQS for Lambda', { Records: [{ body: JSON.stringify(sns(message())) }] }],
	['of SNS for Lambda', { Records: [{ EventSource: 'aws:sns', Sns: sns(message()) }] }],
	['in the content of RabbitMQ', { fields: {}, properties: {}, content: message() }],
	['in the message of Kafka', { topic: 't', message: JSON.stringify(message()) }],
	['in a list', [message()]],
	['as MinIO sends them', { EventName: 's3:ObjectCreated:Put', Key: 'bucket/key', ...message() }],
])('an event is found %s', (_, enveloped) => {
	expect(keysOf(enveloped)).toEqual(['key']);
});

it('an event of EventBridge is found in SNS in SQS in a webhook', () => {
	const body = { Body: JSON.stringify(sns(eventBridge())) };
	expect(keysOf({ headers: {}, body })).toEqual(['a+b%20c']);
});

it('an event of R2 is found where Cloudflare Queues hand it over, also in Base64', () => {
	const body = Buffer.from(JSON.stringify(r2)).toString('base64');
	const pulled = { success: true, result: { messages: [{ id: '1', lease_id: 'l', body }] } };
	expect(keysOf(pulled)).toEqual(['a+b%20c']);
});

it('several records of one message keep their order', () => {
	expect(keysOf({ Records: [record({ key: 'b' }), record({ key: 'a' })] })).toEqual(['b', 'a']);
});

it.each<[string, unknown]>([
	['S3', testEvent],
	['S3 by SNS', sns(testEvent)],
	['S3 by SQS', { Body: JSON.stringify(testEvent) }],
	['B2', { events: [{ eventType: 'b2:TestEvent', bucketName: 'bucket' }] }],
])('a message by which %s tests the notifications has no events', (_, tested) => {
	expect(parseEvents(tested)).toEqual({ events: [], isTest: true });
});

it('a message without records has no events and is no test', () => {
	expect(parseEvents({ Records: [] })).toEqual({ events: [], isTest: false });
});

it('a higher minor version is read, another major version is refused', () => {
	expect(keysOf(message({}, { eventVersion: '2.17' }))).toEqual(['key']);
	const failure = failureOf(() => parseEvents(message({}, { eventVersion: '3.0' })));
	expect(failure.message).toBe('The version of this event is 3.0, but only versions 2.x are known');
});

it('a subscription of SNS that waits to be confirmed is refused with the URL to open', () => {
	const url = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription';
	const asked = { Type: 'SubscriptionConfirmation', SubscribeURL: url, Message: 'You have chosen' };
	const failure = failureOf(() => parseEvents({ body: JSON.stringify(asked) }));
	expect(failure.message).toContain('SNS asks to confirm a subscription');
	expect(failure.advice).toContain(url);
});

it.each([
	'https://sns.example.com/?Action=ConfirmSubscription',
	'https://sns.eu-central-1.amazonaws.com.example.com/',
	'https://sns.eu-central-1.amazonaws.com@example.com/',
	'http://sns.eu-central-1.amazonaws.com/',
	'https://sns.eu-central-1.amazonaws.com/ and more words',
	`https://sns.eu-central-1.amazonaws.com/?Token=${'a'.repeat(1_000_000)}`,
])('nobody is led to a URL that is not one of SNS', (url) => {
	const asked = { Type: 'SubscriptionConfirmation', SubscribeURL: url };
	expect(failureOf(() => parseEvents(asked)).advice).toBe(
		'Open the URL in the field SubscribeURL of the message once, if it is one of SNS.',
	);
});

it.each<[string, unknown, string]>([
	['text', 'not an event', 'it is text and not JSON'],
	['nothing', undefined, 'it has no fields'],
	['an empty item', {}, 'it has no fields'],
	['a number', 7, 'it has no fields'],
	['other JSON', { a: 1, b: { c: 2 } }, 'it has the fields a, b'],
	['a record without a key', message({ key: '' }), 'no bucket and key are in'],
	['an event of another service', eventBridge({ bucket: undefined }), 'no bucket and key are in'],
	['an item of R2 without an object', { ...r2, object: null }, 'no bucket and key are in'],
	['an item of B2 without a name', b2({ objectName: 5 }), 'no bucket and key are in'],
	['a list with something else', [message(), { a: 1 }], 'it has the fields a'],
])('%s is refused as no event', (_, other, reason) => {
	const { kind, message: said, advice } = failureOf(() => parseEvents(other));
	expect({ kind, said }).toEqual({
		kind: 'invalid',
		said: expect.stringContaining(reason) as string,
	});
	expect(advice).toContain('MinIO');
});

it('a message in envelopes without end is refused', () => {
	let nested: unknown = message();
	for (let depth = 0; depth < 10_000; depth++) nested = { body: nested };
	expect(failureOf(() => parseEvents(nested)).message).toContain('too many envelopes');
});

it.each([
	['lists', `[${'[],'.repeat(40_000)}[]]`],
	['lists in Base64', Buffer.from(`[${'[],'.repeat(40_000)}[]]`).toString('base64')],
	['tests', `{"Records":[${'{"Event":"s3:TestEvent"},'.repeat(30_000)}{}]}`],
])('a text with more in it than a thousand events is refused and not parsed: %s', (_, text) => {
	const parse = jest.spyOn(JSON, 'parse');
	const { kind, message: said } = failureOf(() => parseEvents({ body: text }));
	expect({ kind, said }).toEqual({
		kind: 'invalid',
		said: 'This is not an event of a known form: it has more in it than a thousand events',
	});
	expect(parse.mock.calls.map(([json]) => json)).not.toContain(`[${'[],'.repeat(40_000)}[]]`);
	parse.mockRestore();
});

it('a text that is longer than any message about objects is refused and not looked through', () => {
	const bytesOf = jest.spyOn(Buffer, 'from');
	const text = `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`;
	const { message: said } = failureOf(() => parseEvents({ body: text }));
	expect(said).toBe('This is not an event of a known form: it is longer than 4 MiB');
	expect(bytesOf).not.toHaveBeenCalled();
	bytesOf.mockRestore();
});

it('a thousand events of S3 are read from one text', () => {
	const text = JSON.stringify({ Records: Array.from({ length: 1000 }, () => record()) });
	expect(parseEvents(text).events).toHaveLength(1000);
});
