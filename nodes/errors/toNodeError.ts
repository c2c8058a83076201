import { NodeApiError, NodeOperationError, type INode, type JsonObject } from 'n8n-workflow';

import { withoutHalves } from '../../s3/errors/halfCharacter';
import { S3Failure, type FailureKind } from '../../s3/S3Failure';

type ErrorOptions = NonNullable<ConstructorParameters<typeof NodeOperationError>[2]>;
type Failure = NonNullable<ErrorOptions['failure']>;

/**
 * What n8n is told of the cause of each kind of failure; undefined for what is wrong before any request,
 * which is not an error of the API.
 */
const apiFailures: Record<FailureKind, ((failure: S3Failure) => Failure | undefined) | undefined> =
	{
		invalid: undefined,
		refused: undefined,
		cancelled: undefined,
		notFound: () => ({ cause: 'configuration-invalid' }),
		denied: () => ({ cause: 'configuration-invalid' }),
		credentials: () => ({ cause: 'credential-invalid' }),
		precondition: () => undefined,
		rejected: () => undefined,
		throttled: ({ retryAfterMs }) => ({
			cause: 'rate-limited',
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
		}),
		unavailable: () => ({ cause: 'temporarily-unavailable' }),
		unreachable: ({ retryable }) => ({
			cause: retryable ? 'temporarily-unavailable' : 'configuration-invalid',
		}),
		corrupt: () => ({ cause: 'temporarily-unavailable' }),
	};

/**
 * n8n's error for whatever an item failed with: `NodeApiError` for what S3 said,
 * `NodeOperationError` for what was wrong before, n8n's own errors as they are.
 */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof S3Failure) return fromFailure(node, error, itemIndex);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		if (itemIndex !== undefined) error.context.itemIndex ??= itemIndex;
		return error;
	}
	const cause = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(node, cause, itemIndex === undefined ? {} : { itemIndex });
}

function fromFailure(
	node: INode,
	failure: S3Failure,
	itemIndex: number | undefined,
): NodeApiError | NodeOperationError {
	const { message, description, status } = failure;
	const toApiFailure = apiFailures[failure.kind];
	const options = { message, description, ...(itemIndex === undefined ? {} : { itemIndex }) };
	if (toApiFailure === undefined) {
		return inOurWords(new NodeOperationError(node, message, options), failure);
	}
	const declared = toApiFailure(failure);
	const error = new NodeApiError(node, factsOf(failure), {
		...options,
		...(status === undefined ? {} : { httpCode: String(status) }),
		...(declared === undefined ? {} : { failure: declared }),
	});
	// Without a status n8n takes the first code that it finds for one.
	error.httpCode = status === undefined ? null : String(status);
	return inOurWords(error, failure);
}

/**
 * n8n replaces the whole message when a system error code is anywhere in it, as in the key
 * `treeaccess.csv`, and drops a description equal to it; so both are set again. Where a text was cut there may be half of
 * an emoji, with which some models refuse all that an agent tells them.
 */
function inOurWords<E extends NodeApiError | NodeOperationError>(
	error: E,
	{ message, description }: S3Failure,
): E {
	error.message = withoutHalves(message);
	error.description = withoutHalves(description);
	error.messages = [];
	return error;
}

/** The details of the error; never the failure itself, whose cause may hold a signed request. */
function factsOf({ operation, code, status, requestId, bucket, key }: S3Failure): JsonObject {
	const facts = { operation, code, status, requestId, bucket, key };
	return Object.fromEntries(
		Object.entries(facts).filter(
			(fact): fact is [string, string | number] => fact[1] !== undefined,
		),
	);
}
