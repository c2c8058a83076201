import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { toNodeError } from '../../../../nodes/errors/toNodeError';
import { S3Failure, type FailureDetails, type FailureKind } from '../../../../s3/S3Failure';

const node: INode = {
	id: '1',
	name: 'Amazon S3',
	type: 'amazonS3',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const failure = (details: Partial<FailureDetails>) =>
	new S3Failure({
		kind: 'notFound',
		message: 'There is no object “a.csv” in bucket “b”',
		advice: 'Check the key.',
		...details,
	});

describe('toNodeError', () => {
	it('toNodeError makes an API error of what S3 said, with its code and request ID in the description', () => {
		const error = toNodeError(
			node,
			failure({ code: 'NoSuchKey', status: 404, requestId: 'R1' }),
			3,
		);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('There is no object “a.csv” in bucket “b”');
		expect(error.description).toBe('Check the key. (NoSuchKey · 404 · request R1)');
		expect((error as NodeApiError).httpCode).toBe('404');
		expect(error.context.itemIndex).toBe(3);
	});

	it.each<FailureKind>(['invalid', 'refused'])(
		'toNodeError makes an operation error of what is %s before a request',
		(kind) => {
			const error = toNodeError(node, failure({ kind }), 0);
			expect(error).toBeInstanceOf(NodeOperationError);
			expect(error.description).toBe('Check the key.');
		},
	);

	it.each([
		'There is no object “treeaccess.csv” in bucket “b”',
		'Could not put “ENOENT/econnrefused.txt”',
		'Could not put “EPERM”',
	])(
		'toNodeError keeps the message %p, although n8n replaces any that holds a system error code',
		(message) => {
			expect(toNodeError(node, failure({ message }), 0).message).toBe(message);
			expect(toNodeError(node, failure({ message, kind: 'invalid' }), 0).message).toBe(message);
		},
	);

	it('toNodeError leaves no half of an emoji where a text was cut, with which some models refuse what an agent tells them', () => {
		const cut = (text: string) => `“${text.slice(0, -1)}…” is refused.`;
		const error = toNodeError(node, failure({ message: cut('😀'), advice: cut('😀😀') }), 0);
		expect(error.message).toBe('“\ufffd…” is refused.');
		expect(error.description).toBe('“😀\ufffd…” is refused.');
	});

	it('toNodeError keeps the message of a refused connection, for whose code n8n has a message of its own', () => {
		const error = toNodeError(
			node,
			failure({
				kind: 'unreachable',
				message: 'Nothing answers at localhost',
				code: 'ECONNREFUSED',
			}),
		);
		expect(error.message).toBe('Nothing answers at localhost');
		expect((error as NodeApiError).httpCode).toBeNull();
	});

	it.each<[FailureKind, boolean, string | undefined]>([
		['notFound', false, 'configuration-invalid'],
		['denied', false, 'configuration-invalid'],
		['credentials', false, 'credential-invalid'],
		['precondition', false, undefined],
		['rejected', false, undefined],
		['throttled', true, 'rate-limited'],
		['unavailable', true, 'temporarily-unavailable'],
		['unreachable', true, 'temporarily-unavailable'],
		['unreachable', false, 'configuration-invalid'],
		['corrupt', true, 'temporarily-unavailable'],
	])('toNodeError tells n8n the cause of %s (retryable: %s)', (kind, retryable, cause) => {
		const error = toNodeError(node, failure({ kind, retryable, status: 400 }), 0);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.failure?.cause).toBe(cause);
	});

	it('toNodeError passes on how long the server asks to wait', () => {
		const error = toNodeError(node, failure({ kind: 'throttled', retryAfterMs: 1500 }), 0);
		expect(error.failure).toEqual({ cause: 'rate-limited', retryAfterMs: 1500 });
	});

	it('toNodeError leaves out the cause of the failure, which may hold the signed request', () => {
		const cause = Object.assign(new Error('x'), { $request: { authorization: 'planted-secret' } });
		const error = toNodeError(node, failure({ cause, status: 403 }), 0);
		expect(JSON.stringify([error, Object.values(error), error.cause])).not.toContain(
			'planted-secret',
		);
	});

	it('toNodeError returns the errors of n8n as they are', () => {
		const error = new NodeOperationError(node, 'no binary', { description: 'd', itemIndex: 2 });
		expect(toNodeError(node, error, 2)).toBe(error);
	});

	it('toNodeError wraps any other error with the item it belongs to', () => {
		const error = toNodeError(node, new TypeError('odd'), 4);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe('odd');
		expect(error.context.itemIndex).toBe(4);
	});
});
