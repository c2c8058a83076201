/** Requests to a server of SQS: what is signed, what is repeated, and what failures say. */
import { once as listening } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pass } from '../identity/movedClock';
import { deleteMessage, hideMessage, receiveMessages } from '../../../s3/queue/messages';
import { openQueue } from '../../../s3/queue/openQueue';
import { startEchoServer, htmlPage } from '../../servers/echo';
import { startSqs, type SqsUser } from '../../servers/sqs/server';
import { user, withSqs } from '../../servers/sqs/withSqs';
import { startSts } from '../../servers/sts/server';
import { rejectionOf } from '../../unit/failureOf';

const sqs = withSqs({ queues: [{ name: 'uploads' }] });
const none = { signal: undefined };
const once = { signal: undefined, retryFor: 0 };
const now = { maxMessages: 10, waitSeconds: 0, hiddenSeconds: 30 };

const actions = () => sqs.requests.map(({ action }) => action);

describe('a queue of SQS', () => {
	it('a queue of SQS is received from, its messages are hidden and deleted', async () => {
		const queue = await sqs.open('uploads');
		const { id } = sqs.send('uploads', { hello: 'wörld' });
		const [message] = await receiveMessages(queue, now, once);
		expect(message).toMatchObject({ id, body: '{"hello":"wörld"}', receiveCount: 1 });
		const handle = message?.receiptHandle ?? '';
		expect(await receiveMessages(queue, now, once)).toEqual([]);
		await hideMessage(queue, handle, 0, once);
		const [again] = await receiveMessages(queue, now, once);
		expect(again).toMatchObject({ id, receiveCount: 2 });
		await deleteMessage(queue, again?.receiptHandle ?? '', once);
		expect(sqs.deletedFrom('uploads')).toEqual([id]);
		expect(sqs.requests[0]).toEqual({
			action: 'ReceiveMessage',
			input: {
				QueueUrl: sqs.urlOf('uploads'),
				MaxNumberOfMessages: 10,
				WaitTimeSeconds: 0,
				VisibilityTimeout: 30,
				AttributeNames: ['ApproximateReceiveCount'],
				MessageSystemAttributeNames: ['ApproximateReceiveCount'],
			},
		});
	});

	it('a message is there as soon as it comes, if the request waits for it', async () => {
		const queue = await sqs.open('uploads');
		const receiving = receiveMessages(queue, { ...now, waitSeconds: 20 }, once);
		while (sqs.requests.length === 0) await new Promise(setImmediate);
		sqs.send('uploads', 'late');
		expect(await receiving).toMatchObject([{ body: 'late' }]);
	});

	it('a receipt handle is worth nothing once its message can be received again', async () => {
		const queue = await sqs.open('uploads');
		sqs.send('uploads', 'text');
		const [message] = await receiveMessages(queue, now, once);
		sqs.advance(30_000);
		const failure = await rejectionOf(deleteMessage(queue, message?.receiptHandle ?? '', none));
		expect(failure).toMatchObject({ kind: 'precondition', code: 'MessageNotInflight' });
		expect(failure.message).toBe(
			'Could not delete a message of queue “uploads”: the message is not held any more',
		);
	});

	it.each([
		['a server that fails', { status: 500, body: '{"__type":"x#InternalError"}' }],
		['a server that is throttled', { status: 400, body: '{"__type":"x#RequestThrottled"}' }],
		['a connection that is reset', { reset: true }],
		['a page of a proxy', { status: 502, body: '<html></html>' }],
	])('a request to %s is sent again', async (_, fault) => {
		const queue = await sqs.open('uploads');
		sqs.send('uploads', 'text');
		sqs.faults.push({ action: 'ReceiveMessage', ...fault });
		const received = await receiveMessages(queue, now, none);
		// A reset comes after the messages were given, which are hidden then.
		expect(received).toHaveLength('reset' in fault ? 0 : 1);
	});

	it('a request is repeated as long as it may be, and sent once if nothing is to be repeated', async () => {
		const queue = await sqs.open('uploads');
		const fault = { action: 'DeleteMessage', status: 503, body: '' };
		sqs.faults.push(...Array.from({ length: 5 }, () => fault));
		await deleteMessage(queue, 'x', none).catch(() => undefined);
		expect(sqs.faults).toHaveLength(0);
		sqs.faults.push(fault, fault);
		expect(await rejectionOf(deleteMessage(queue, 'x', once))).toMatchObject({
			kind: 'unavailable',
			status: 503,
		});
		expect(sqs.faults).toHaveLength(1);
	});

	it('a request that is stopped says so', async () => {
		const queue = await sqs.open('uploads');
		const stop = new AbortController();
		const receiving = receiveMessages(queue, { ...now, waitSeconds: 20 }, { signal: stop.signal });
		while (sqs.requests.length === 0) await new Promise(setImmediate);
		stop.abort();
		expect(await rejectionOf(receiving)).toMatchObject({
			kind: 'cancelled',
			message: 'Could not receive messages of queue “uploads”: it was cancelled',
		});
	});

	it('a clock that is wrong by an hour is corrected by that of SQS', async () => {
		const queue = await sqs.open('uploads');
		sqs.advance(3_600_000);
		sqs.send('uploads', 'text');
		expect(await receiveMessages(queue, now, once)).toHaveLength(1);
		await receiveMessages(queue, now, once);
		expect(actions()).toEqual(['ReceiveMessage', 'ReceiveMessage']);
		// Somebody sets the clock.
		sqs.advance(-3_600_000);
		expect(await receiveMessages(queue, now, once)).toEqual([]);
	});
});

describe('a failure of SQS', () => {
	const receive = async (connection = sqs.connection(), url = sqs.urlOf('uploads')) =>
		await rejectionOf(
			openQueue(connection, { queue: url }).then(
				async (queue) => await receiveMessages(queue, now, once),
			),
		);

	it('a failure of SQS tells that there is no such queue', async () => {
		expect(await receive(sqs.connection(), sqs.urlOf('downloads'))).toMatchObject({
			kind: 'notFound',
			message: 'Could not receive messages of queue “downloads”: the queue does not exist',
			code: 'QueueDoesNotExist',
			requestId: expect.any(String) as string,
		});
	});

	it('a failure of SQS names the permission that is missing', async () => {
		user.denied.add('ReceiveMessage');
		const failure = await receive();
		expect(failure).toMatchObject({ kind: 'denied', code: 'AccessDeniedException' });
		expect(failure.message).toBe('Could not receive messages of queue “uploads”: access denied');
		expect(failure.advice).toBe(
			'The identity of the credential needs sqs:ReceiveMessage on the queue, and no policy of the queue may deny it.',
		);
	});

	it.each([
		['a wrong secret', { secretAccessKey: 'other' }, 'the secret access key is wrong'],
		['an unknown key', { accessKeyId: 'OTHER' }, 'does not know this access key ID'],
		['a session that has ended', { sessionToken: 'old' }, 'the session token has expired'],
	])('a failure of SQS tells %s, and no secret', async (_, keys, words) => {
		const identity = { kind: 'accessKeys', sessionToken: undefined, ...user, ...keys } as const;
		const failure = await receive(sqs.connection({ identity }));
		expect(failure.kind).toBe('credentials');
		expect(failure.message).toContain(words);
		expect(JSON.stringify(failure)).not.toContain('AWS4-HMAC');
	});

	it('a failure of SQS tells that nobody listens there', async () => {
		const { endpoint, stop } = await startSqs({ users: [], queues: [] });
		await stop();
		const failure = await receive(sqs.connection(), `${endpoint}/1/uploads`);
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED', retryable: true });
		expect(failure.message).toContain(`${endpoint} could not be reached`);
	});

	it('a failure of SQS tells a KMS key that may not be used', async () => {
		const body = JSON.stringify({ __type: 'com.amazonaws.sqs#KmsAccessDenied', message: 'no' });
		sqs.faults.push({ action: 'ReceiveMessage', status: 400, body });
		expect(await receive()).toMatchObject({
			kind: 'denied',
			advice: expect.stringContaining('kms:Decrypt') as string,
		});
	});

	it('a failure of SQS has its own words if they are not known', async () => {
		const body = JSON.stringify({ __type: 'com.amazonaws.sqs#Odd', Message: 'It is Monday.' });
		sqs.faults.push({ action: 'ReceiveMessage', status: 400, body });
		expect(await receive()).toMatchObject({
			kind: 'rejected',
			code: 'Odd',
			message: 'Could not receive messages of queue “uploads”: It is Monday',
		});
	});

	it('a page with status 200 is not taken for an empty queue', async () => {
		sqs.faults.push({ action: 'ReceiveMessage', status: 200, body: '<html>Sign in</html>' });
		expect((await receive()).message).toContain('is not one of SQS (HTTP 200)');
	});

	it.each([
		['lists', `{"Messages":[],"x":[${'[],'.repeat(10_000)}1]}`],
		['lists in lists', `{"Messages":[],"x":${'['.repeat(5000)}${']'.repeat(5000)}}`],
		['objects', `{"Messages":[],"x":[${'{"a":1},'.repeat(3000)}1]}`],
		['numbers', `{"Messages":[],"x":[${'1,'.repeat(10_000)}1]}`],
		['texts', `{"Messages":[],"x":[${'"[",'.repeat(10_000)}1]}`],
		['no UTF-8', Buffer.from('{"Messages":[],"x":"\xff"}', 'latin1')],
	])('a response with more than any of SQS is not parsed: %s', async (_, body) => {
		const server = createServer((__, response) => response.end(body));
		await listening(server.listen(0, '127.0.0.1'), 'listening');
		const { port } = server.address() as AddressInfo;
		try {
			const failure = await receive(sqs.connection(), `http://127.0.0.1:${port}/1/q`);
			expect(failure).toMatchObject({ kind: 'rejected', retryable: false });
			expect(failure.message).toContain('is not one of SQS (HTTP 200)');
		} finally {
			server.closeAllConnections();
			server.close();
		}
	});

	it('ten messages of a MiB are received though each character of them is escaped', async () => {
		const queue = await sqs.open('uploads');
		const body = '"\n'.repeat(512 * 1024);
		for (let n = 0; n < 10; n++) sqs.send('uploads', body);
		const messages = await receiveMessages(queue, now, once);
		expect(messages.map((message) => message.body === body)).toEqual(Array(10).fill(true));
	});

	it('a failure of SQS shows nothing of the request, though a server repeats it', async () => {
		const echo = await startEchoServer();
		echo.respond(400, (text) => ({
			type: 'application/json',
			body: JSON.stringify({ __type: `x#${text}`, message: text }),
		}));
		const identity = {
			kind: 'accessKeys',
			accessKeyId: 'AKID',
			secretAccessKey: 'secret',
			sessionToken: 'planted token',
		} as const;
		const connection = sqs.connection({ identity });
		const { message, advice, code, requestId } = await receive(connection, `${echo.endpoint}/1/q`);
		expect(JSON.stringify({ message, advice, code, requestId })).not.toContain('planted');
		echo.respond(403, htmlPage);
		expect((await receive(connection, `${echo.endpoint}/1/q`)).message).not.toContain('planted');
		echo.close();
	});

	it.each([
		[200, 21],
		[403, 1],
	])(
		'a response with status %i and no end is read no further than %i MiB, once',
		async (status, limit) => {
			let requests = 0;
			const filler = Buffer.alloc(256 * 1024, 'x');
			const endless = createServer((_, response) => {
				requests += 1;
				response.writeHead(status);
				const more = () => {
					while (!response.destroyed && response.write(filler));
				};
				response.on('drain', more);
				more();
			});
			await listening(endless.listen(0, '127.0.0.1'), 'listening');
			try {
				const { port } = endless.address() as AddressInfo;
				const failure = await receive(sqs.connection(), `http://127.0.0.1:${port}/1/q`);
				expect(failure).toMatchObject({ kind: 'corrupt', retryable: false });
				expect(failure.message).toContain(`longer than any of SQS (more than ${limit} MiB)`);
				expect(requests).toBe(1);
			} finally {
				endless.closeAllConnections();
				endless.close();
			}
		},
	);

	it('SQS is not asked with a user name and password', async () => {
		const identity = { kind: 'httpBasic', username: 'u', password: 'p' } as const;
		expect(await receive(sqs.connection({ identity }))).toMatchObject({
			kind: 'refused',
			message: 'SQS takes signed requests only, no user name and password',
		});
		expect(sqs.requests).toEqual([]);
	});
});

describe('the limits of a connection', () => {
	it('a connection that is only for reading receives messages, and deletes them', async () => {
		const queue = await sqs.open('uploads', { readOnly: true, privacyLevel: 'private' });
		sqs.send('uploads', 'text');
		const [message] = await receiveMessages(queue, now, once);
		await deleteMessage(queue, message?.receiptHandle ?? '', once);
		expect(sqs.deletedFrom('uploads')).toHaveLength(1);
	});

	it('a session token under a limit goes to no server that somebody names beside SQS and that of the credential', async () => {
		const identity = { kind: 'accessKeys', ...user, sessionToken: 'token' } as const;
		const limited = { identity, readOnly: true, endpoint: 'https://s3.example.com' };
		const refused = await rejectionOf(sqs.open('uploads', limited));
		expect(refused).toMatchObject({ kind: 'refused' });
		expect(refused.message).toContain('so its session token is not sent to');
		expect(sqs.requests).toEqual([]);
	});

	it('what egress rules forbid is not asked', async () => {
		const egress = {
			blockedRanges: ['127.0.0.0/8'],
			allowedRanges: [],
			allowedHosts: [],
			blockedHosts: [],
		};
		const queue = await sqs.open('uploads', { egress });
		expect(await rejectionOf(receiveMessages(queue, now, once))).toMatchObject({
			kind: 'unreachable',
			code: 'BlockedAddress',
		});
		expect(sqs.requests).toEqual([]);
	});
});

describe('a session', () => {
	it('a session that SQS refuses early is replaced', async () => {
		const roleArn = 'arn:aws:iam::111122223333:role/reader';
		const users: SqsUser[] = [];
		const sts = await startSts({
			region: 'eu-central-1',
			users: [user],
			roles: [{ arn: roleArn, maxSessionDuration: 3600 }],
			onSession: (lent) => users.push(lent),
		});
		const own = await startSqs({ users, queues: [{ name: 'uploads' }] });
		const identity = {
			kind: 'assumeRole',
			source: { kind: 'accessKeys', ...user, sessionToken: undefined },
			roleArn,
			externalId: undefined,
			roleSessionName: undefined,
			durationSeconds: undefined,
			stsEndpoint: sts.endpoint,
		} as const;
		const connection = sqs.connection({ identity, region: 'eu-central-1' });
		const queue = await openQueue(connection, { queue: own.urlOf('uploads') });
		expect(await receiveMessages(queue, now, once)).toEqual([]);
		users.pop();
		// A session that is refused when it is new is not worth another one.
		expect((await rejectionOf(receiveMessages(queue, now, once))).kind).toBe('credentials');
		pass(120);
		expect(await receiveMessages(queue, now, once)).toEqual([]);
		expect(sts.lent).toHaveLength(2);
		await Promise.all([sts.stop(), own.stop()]);
	});
});
