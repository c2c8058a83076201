import type { IncomingHttpHeaders } from 'node:http';
import { MiB } from '../bytes';
import { explanationOf } from '../errors/errorCodes';
import { explanationOfStatus } from '../errors/errorStatuses';
import type { Explanation } from '../errors/errorCodes';
import { LongResponse } from '../errors/LongResponse';
import { explanationOfNetwork, systemCodeOf } from '../errors/networkErrors';
import { explanationOfProxy, ProxyError } from '../errors/proxyError';
import { OR_A_PROXY } from '../errors/meaning';
import { retryAfterMs } from '../errors/retryAfter';
import { serverWords } from '../errors/serverWords';
import { withoutSecrets } from '../errors/withoutSecrets';
import { filledText, parseObject } from '../jsonFields';
import { isHostOfAws } from '../partitions';
import { S3Failure } from '../S3Failure';
import type { QueueAction } from './Queue';
import type { QueueAddress } from './queueAddress';

/** What was asked of which queue. */
export interface QueueAttempt {
	readonly action: QueueAction;
	readonly address: QueueAddress;
	/** Host and port of the proxy on the way there. */
	readonly proxy: string | undefined;
	/** What was sent and no failure repeats. */
	readonly secrets: readonly string[];
}

/** A response that was read whole. */
export interface QueueResponse {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: IncomingHttpHeaders;
	/** Undefined for what no server of SQS sends and nobody could parse in time. */
	readonly text: string | undefined;
}

/** What a response says that is no success. */
interface Refusal {
	readonly code: string | undefined;
	readonly said: string | undefined;
}

const PURPOSES: Readonly<Record<QueueAction, string>> = {
	ChangeMessageVisibility: 'change how long a message is hidden in',
	DeleteMessage: 'delete a message of',
	ReceiveMessage: 'receive messages of',
};

const NO_QUEUE: Explanation = {
	kind: 'notFound',
	words: 'the queue does not exist',
	advice:
		'Copy the URL of the queue again, and check that the credential is for the account and the queue for the region in the URL.',
};

const UNKNOWN_KEY: Explanation = {
	kind: 'credentials',
	words: 'the server does not know this access key ID',
	advice:
		'Check the access key ID in the credential, and that the queue is where the keys are from.',
};

const GONE: Explanation = {
	kind: 'precondition',
	words: 'the message is not held any more',
	advice:
		'It was deleted, or was hidden for too short a time and may have been received again. Give the message more time.',
};

const NO_KEY: Explanation = {
	kind: 'denied',
	words: 'the KMS key of the queue cannot be used',
	advice: 'The identity of the credential needs kms:Decrypt on the key that encrypts the queue.',
};

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
const EXPLANATIONS = new Map<string, Explanation>([
	['QueueDoesNotExist', NO_QUEUE],
	['NonExistentQueue', NO_QUEUE],
	['AWS.SimpleQueueService.NonExistentQueue', NO_QUEUE],
	['InvalidAddress', NO_QUEUE],
	['InvalidClientTokenId', UNKNOWN_KEY],
	['InvalidSecurity', UNKNOWN_KEY],
	['MessageNotInflight', GONE],
	['ReceiptHandleIsInvalid', GONE],
	['KmsAccessDenied', NO_KEY],
	['KmsDisabled', NO_KEY],
	['KmsNotFound', NO_KEY],
	[
		'OverLimit',
		{
			kind: 'throttled',
			words: 'too many of its messages are being worked on',
			advice: 'Wait until some of them are done, or look for messages that nobody deletes.',
			retryable: true,
		},
	],
	[
		'RequestThrottled',
		{
			kind: 'throttled',
			words: 'the server asks for fewer requests',
			advice: 'Run it again later.',
			retryable: true,
		},
	],
]);

/** What was to be done, as the beginning of a sentence. */
export function purposeOf({ action, address }: QueueAttempt): string {
	return `Could not ${PURPOSES[action]} queue “${address.name}”`;
}

/** The failure for a response that is no success. */
export function failureOfResponse(response: QueueResponse, attempt: QueueAttempt): S3Failure {
	const { status, headers } = response;
	const refusal = readRefusal(response);
	if (refusal === undefined) return notOfSqs(response, attempt);
	const shown = (text: string | undefined) =>
		text && serverWords(withoutSecrets(text, attempt.secrets)).replace(/\.$/, '');
	const code = shown(refusal.code);
	const said = shown(refusal.said);
	const { kind, words, advice, retryable } = meaningOf(code, said, status);
	return new S3Failure({
		kind,
		message: `${purposeOf(attempt)}: ${words}`,
		advice:
			kind === 'denied' && advice !== NO_KEY.advice
				? adviceOnDenial(said, attempt)
				: `${advice}${orAProxy(code, attempt)}`,
		retryable: retryable ?? false,
		operation: attempt.action,
		code,
		status,
		requestId: shown(headers['x-amzn-requestid']?.toString()),
		retryAfterMs: retryAfterMs(headers['retry-after']),
	});
}

/** The failure for a request to which no response came, or one that is too long. */
export function failureOfNetwork(error: unknown, attempt: QueueAttempt): S3Failure {
	const { endpoint } = attempt.address;
	if (error instanceof LongResponse) return tooLong(error, attempt);
	const { host, hostname } = new URL(endpoint);
	const about = { kind: 'unreachable', operation: attempt.action } as const;
	if (error instanceof ProxyError) {
		const { words, advice, code, retryable } = explanationOfProxy(error, host);
		const message = `${purposeOf(attempt)}: ${words}`;
		return new S3Failure({ ...about, message, advice, retryable, code, status: error.status });
	}
	const code = systemCodeOf(error);
	const { words, advice, retryable } = explanationOfNetwork(code, hostname);
	const way = attempt.proxy === undefined ? '' : ` through the proxy ${attempt.proxy}`;
	return new S3Failure({
		...about,
		message: `${purposeOf(attempt)}: ${endpoint}${way} could not be reached, ${words}`,
		advice,
		retryable,
		code,
	});
}

function tooLong({ limit }: LongResponse, attempt: QueueAttempt): S3Failure {
	return S3Failure.corrupt(
		`${purposeOf(attempt)}: the response of ${attempt.address.endpoint} is longer than any of SQS (more than ${limit / MiB} MiB)`,
		'Check the URL of the queue, and that no proxy answers in its place.',
		{ operation: attempt.action },
	);
}

function meaningOf(
	code: string | undefined,
	said: string | undefined,
	status: number,
): Explanation & { words: string } {
	const known = code === undefined ? undefined : (EXPLANATIONS.get(code) ?? knownOfAws(code));
	const explanation = known ?? explanationOfStatus(status);
	const ours = known === undefined && said !== undefined ? undefined : explanation.words;
	return { ...explanation, words: ours ?? said ?? code ?? `status ${status}` };
}

/** What AWS means by a code in all of its services: something about keys, permissions or load. */
function knownOfAws(code: string): Explanation | undefined {
	const explanation = explanationOf(code);
	const isCommon = ['credentials', 'denied', 'throttled', 'unavailable'].some(
		(kind) => kind === explanation?.kind,
	);
	return isCommon ? explanation : undefined;
}

function orAProxy(code: string | undefined, { address }: QueueAttempt): string {
	const isOwn = !isHostOfAws(new URL(address.endpoint).hostname);
	return isOwn && code === 'SignatureDoesNotMatch' ? ` ${OR_A_PROXY}` : '';
}

/** What AWS says of a missing permission. */
const MISSING = /not authorized to perform: (sqs|kms):\w+/i;

function adviceOnDenial(said: string | undefined, { action }: QueueAttempt): string {
	const needed = `The identity of the credential needs sqs:${action} on the queue`;
	const reason = said === undefined || MISSING.test(said) ? '' : ` SQS says: ${said}.`;
	return `${needed}, and no policy of the queue may deny it.${reason}`;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
function readRefusal({ text }: QueueResponse): Refusal | undefined {
	const { __type, message, Message } = parseObject(text ?? '') ?? {};
	const type = filledText(__type);
	if (type === undefined) return undefined;
	const said = filledText(message) ?? filledText(Message);
	return { code: type.slice(type.lastIndexOf('#') + 1), said };
}

/** The failure for a response that is not one of SQS, such as a page of a proxy. */
export function notOfSqs({ status }: QueueResponse, attempt: QueueAttempt): S3Failure {
	const passes = status === 429 || status >= 500;
	return new S3Failure({
		kind: passes ? 'unavailable' : 'rejected',
		message: `${purposeOf(attempt)}: the response of ${attempt.address.endpoint} is not one of SQS (HTTP ${status})`,
		advice:
			'Check the URL of the queue, that the server there knows the JSON protocol of SQS, and that no proxy answers in its place.',
		retryable: passes,
		operation: attempt.action,
		status,
	});
}
