import { MiB } from '../bytes';
import { fieldsOf, filledText } from '../jsonFields';
import type { Fields } from '../jsonFields';
import { JsonMarks } from '../JsonMarks';
import { S3Failure } from '../S3Failure';
import { readEventBridge } from './eventBridge';
import { readRecord } from './notificationRecord';
import type { ObjectEvent } from './ObjectEvent';
import { readB2, readR2 } from './otherEvents';

export interface ParsedMessage {
	/** In their order in the message. */
	readonly events: readonly ObjectEvent[];
	/** Whether it was sent to try the way, when notifications were set up. */
	readonly isTest: boolean;
}

/** How many envelopes a message can be in, such as EventBridge in SNS in SQS in a webhook. */
const MAX_ENVELOPES = 8;

/** Brackets, commas and the like of JSON in a text: a thousand events of S3 have fewer. */
const MOST_MARKS = 100_000;

/** Characters of a text; to look through more of them takes a tenth of a second and longer. */
const MOST_CHARACTERS = 4 * MiB;

/** Fields in which queues, brokers and n8n's triggers for them hand over a message; the first that is there counts. */
const ENVELOPES = ['body', 'Body', 'Message', 'message', 'content', 'messages', 'result', 'Sns'];

/** The major version of S3's records; a higher minor one only adds fields. */
const RECORD_VERSION = /^2\./;

const NOT_AN_EVENT =
	'It takes events of Amazon S3 (also by SNS, SQS and EventBridge), MinIO, Ceph, Cloudflare R2 and Backblaze B2, as JSON.';

/** Whoever can send a message could lead a person elsewhere. */
const OF_SNS = /^https:\/\/sns\.[a-z0-9-]+\.amazonaws\.(?:com|com\.cn|eu)\/[!-~]{0,900}$/;

const TEST: ParsedMessage = { events: [], isTest: true };

/**
 * Reads the events of a message, in whatever envelopes it comes.
 * @param message JSON, or its text
 * @throws S3Failure of kind `invalid` if it is not of a known form
 */
export function parseEvents(message: unknown): ParsedMessage {
	return parse(message, MAX_ENVELOPES);
}

function parse(message: unknown, envelopes: number): ParsedMessage {
	if (envelopes === 0) throw notAnEvent('it is in too many envelopes');
	if (typeof message === 'string') return parse(jsonOf(message), envelopes - 1);
	if (Array.isArray(message)) return joined(message.map((one) => parse(one, envelopes - 1)));
	const fields = fieldsOf(message);
	if (isTest(fields)) return TEST;
	refuseConfirmation(fields);
	return parseRecords(fields, envelopes) ?? parseSingle(fields) ?? parseEnvelope(fields, envelopes);
}

/** A message with a list of events: of S3 and those like it, of B2, and of AWS Lambda with messages of SQS or SNS. */
function parseRecords(fields: Fields, envelopes: number): ParsedMessage | undefined {
	const records = fields.Records ?? fields.events;
	if (!Array.isArray(records)) return undefined;
	return joined(
		records.map((record: unknown) => {
			const entry = fieldsOf(record);
			if (isTest(entry)) return TEST;
			if (entry.s3 !== undefined) return single(readRecord(checkedVersion(entry)), entry);
			if (entry.eventType !== undefined) return single(readB2(entry), entry);
			return parseEnvelope(entry, envelopes);
		}),
	);
}

/** A message that is one event: of EventBridge and of R2. */
function parseSingle(fields: Fields): ParsedMessage | undefined {
	if (fields['detail-type'] !== undefined) return single(readEventBridge(fields), fields);
	if (filledText(fields.action) !== undefined && filledText(fields.bucket) !== undefined) {
		return single(readR2(fields), fields);
	}
	return undefined;
}

function parseEnvelope(fields: Fields, envelopes: number): ParsedMessage {
	const name = ENVELOPES.find((envelope) => fields[envelope] !== undefined);
	if (name === undefined) throw notAnEvent(`it has ${namesOf(fields)}`);
	return parse(fields[name], envelopes - 1);
}

function single(event: ObjectEvent | undefined, fields: Fields): ParsedMessage {
	if (event === undefined) throw notAnEvent(`no bucket and key are in ${namesOf(fields)}`);
	return { events: [event], isTest: false };
}

function joined(messages: readonly ParsedMessage[]): ParsedMessage {
	const events = messages.flatMap((message) => message.events);
	return { events, isTest: events.length === 0 && messages.some(({ isTest: test }) => test) };
}

/** As S3, MinIO's and Ceph's copies of it, and B2 try the way to a receiver. */
function isTest({ Event, eventType }: Fields): boolean {
	return Event === 's3:TestEvent' || eventType === 'b2:TestEvent';
}

/** SNS asks whoever is to get its messages by HTTP whether they want them. */
function refuseConfirmation({ Type, SubscribeURL }: Fields): void {
	if (Type !== 'SubscriptionConfirmation' && Type !== 'UnsubscribeConfirmation') return;
	const url = filledText(SubscribeURL);
	throw S3Failure.invalid(
		`This is no event of an object: SNS asks to confirm ${Type === 'SubscriptionConfirmation' ? 'a subscription' : 'the end of a subscription'}`,
		`Open the URL in the field SubscribeURL of the message once${url !== undefined && OF_SNS.test(url) ? `: ${url}` : ', if it is one of SNS'}.`,
	);
}

function checkedVersion(record: Fields): Fields {
	const version = filledText(record.eventVersion);
	if (version === undefined || RECORD_VERSION.test(version)) return record;
	throw S3Failure.invalid(
		`The version of this event is ${version.slice(0, 20)}, but only versions 2.x are known`,
		'Update n8n-nodes-amazon-s3.',
	);
}

/** JSON of a text; Cloudflare Queues hand it over in Base64. */
function jsonOf(text: string): unknown {
	if (text.length > MOST_CHARACTERS) throw notAnEvent('it is longer than 4 MiB');
	for (const json of [text, Buffer.from(text, 'base64').toString()]) {
		if (!new JsonMarks(MOST_MARKS).areWithin(Buffer.from(json))) {
			throw notAnEvent('it has more in it than a thousand events');
		}
		try {
			return JSON.parse(json) as unknown;
		} catch {
			// It may be the other one.
		}
	}
	throw notAnEvent('it is text and not JSON');
}

function namesOf(fields: Fields): string {
	const names = Object.keys(fields);
	if (names.length === 0) return 'no fields';
	const shown = names.slice(0, 8).map((name) => name.slice(0, 40));
	return `the fields ${shown.join(', ')}${names.length > 8 ? ', …' : ''}`;
}

function notAnEvent(reason: string): S3Failure {
	return S3Failure.invalid(`This is not an event of a known form: ${reason}`, NOT_AN_EVENT);
}
