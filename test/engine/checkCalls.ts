import { AsyncLocalStorage } from 'node:async_hooks';
import type { INodeParameters } from 'n8n-workflow';

import type { CallName } from '../../s3/calls/calls';
import { SdkClient } from '../../s3/client/SdkClient';
import { operationOf } from './operationOf';

/** The S3 calls of the run that is under way. */
const callsOfRun = new AsyncLocalStorage<Set<CallName>>();

const { send } = SdkClient.prototype;
SdkClient.prototype.send = async function (this: SdkClient, name, ...rest) {
	callsOfRun.getStore()?.add(name);
	return await send.call(this, name, ...rest);
} as typeof send;

/** Does work, and gives the S3 calls that it made beside what came of it. */
export async function withCalls<Result>(
	work: () => Promise<Result>,
): Promise<{ result: Result; calls: ReadonlySet<CallName> }> {
	const calls = new Set<CallName>();
	return { result: await callsOfRun.run(calls, work), calls };
}

/**
 * Checks the S3 calls that a node with these parameters made against those that its operation declares.
 *
 * @throws Error with the calls that it does not declare
 */
export function checkCalls(parameters: INodeParameters, made: ReadonlySet<CallName>): void {
	if (made.size === 0) return;
	const { title, calls } = operationOf(parameters);
	const undeclared = [...made].filter((name) => calls[name] === undefined);
	if (undeclared.length === 0) return;
	throw new Error(`${title} makes calls that it does not declare: ${undeclared.join(', ')}`);
}
