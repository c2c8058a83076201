import { ProxyError } from '../../../../s3/errors/proxyError';
import {
	failureOfNetwork,
	failureOfResponse,
	type QueueAttempt,
} from '../../../../s3/queue/queueFailures';

const attempt: QueueAttempt = {
	action: 'DeleteMessage',
	address: {
		url: 'https://queues.example.com/1/q',
		name: 'q',
		endpoint: 'https://queues.example.com',
		region: 'eu-central-1',
	},
	proxy: 'proxy:3128',
	secrets: ['hidden'],
};
const refused = (status: number, body: string, headers = {}) =>
	failureOfResponse({ status, headers, text: body }, attempt);

it('a failure names the proxy on the way, and one at the proxy is that of the proxy', () => {
	expect(failureOfNetwork({ code: 'ECONNREFUSED' }, attempt).message).toBe(
		'Could not delete a message of queue “q”: https://queues.example.com through the proxy proxy:3128 could not be reached, nothing accepts connections there',
	);
	const error = new ProxyError('proxy:3128', 407, undefined);
	expect(failureOfNetwork(error, attempt)).toMatchObject({
		kind: 'unreachable',
		code: 'ProxyAuthenticationRequired',
		status: 407,
	});
});

it.each([
	['com.amazonaws.sqs#QueueDoesNotExist', 400, 'notFound'],
	['AWS.SimpleQueueService.NonExistentQueue', 400, 'notFound'],
	['com.amazonaws.sqs#ReceiptHandleIsInvalid', 400, 'precondition'],
	['com.amazonaws.sqs#OverLimit', 403, 'throttled'],
	['com.amazon.coral.service#AccessDeniedException', 400, 'denied'],
	['com.amazon.coral.service#ThrottlingException', 400, 'throttled'],
	['com.amazon.coral.service#InternalFailure', 500, 'unavailable'],
	['com.amazonaws.sqs#InvalidClientTokenId', 403, 'credentials'],
	['com.amazonaws.sqs#UnsupportedOperation', 400, 'rejected'],
	// Codes of S3 that mean nothing to SQS.
	['com.amazonaws.sqs#NoSuchKey', 400, 'rejected'],
])('the code %s with status %d is a failure of the kind %s', (type, status, kind) => {
	const body = JSON.stringify({ __type: type, message: 'It says hidden.' });
	const failure = refused(status, body, { 'x-amzn-requestid': '7', 'retry-after': '3' });
	expect(failure).toMatchObject({ kind, status, requestId: '7', retryAfterMs: 3000 });
	expect(failure.message).not.toContain('hidden');
});

it.each(['<html>', '[]', '{"message":"no type"}', '{"__type":5}'])(
	'a response that is not one of SQS is told by its status: %s',
	(body) => {
		expect(refused(403, body)).toMatchObject({ kind: 'rejected', retryable: false });
		expect(refused(502, body)).toMatchObject({ kind: 'unavailable', retryable: true });
	},
);

it('a denial for a reason of its own has the words of SQS', () => {
	const body = JSON.stringify({ __type: 'x#AccessDenied', message: 'The vault is shut.' });
	expect(refused(403, body).advice).toContain('SQS says: The vault is shut.');
});

it('a signature that a queue of one’s own refuses may be the fault of a proxy, one that AWS refuses is not', () => {
	const response = {
		status: 403,
		headers: {},
		text: JSON.stringify({ __type: 'com.amazonaws.sqs#SignatureDoesNotMatch' }),
	};
	const ofAws = { ...attempt.address, endpoint: 'https://sqs.eu-central-1.amazonaws.com' };
	expect(failureOfResponse(response, attempt).advice).toContain('pass on the Host header');
	expect(failureOfResponse(response, { ...attempt, address: ofAws }).advice).not.toContain('Host');
});
