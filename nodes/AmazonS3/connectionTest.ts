import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { readConnection, type CredentialType } from '../../credentials/readConnection';
import { listBuckets } from '../../s3/buckets';
import { openS3, type S3 } from '../../s3/client';
import type { Connection } from '../../s3/Connection';
import { listObjects } from '../../s3/listing';
import { S3Failure } from '../../s3/S3Failure';

/** n8n waits for the test while the person does. */
const PATIENCE_MS = 30_000;

/**
 * What Save and Retry of a credential run. It lists one key of the credential's bucket, or the
 * buckets where it names none, writes nothing, and says what that proved or what to change.
 */
export async function amazonS3ConnectionTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const fields = credential.data ?? {};
		const connection = readConnection(credential.type as CredentialType, fields);
		return { status: 'OK', message: await proveConnection(connection) };
	} catch (error) {
		return { status: 'Error', message: reasonOf(error) };
	}
}

/**
 * What could be proved of a connection, as a sentence.
 *
 * @throws {S3Failure} when it does not work
 */
async function proveConnection(connection: Connection): Promise<string> {
	const s3 = await openS3(connection);
	const who = `as ${identityOf(connection)} at ${placeOf(connection)}`;
	const { bucket } = connection;
	return bucket === undefined ? await proveKeys(s3, who) : await proveBucket(s3, bucket, who);
}

async function proveBucket(s3: S3, bucket: string, who: string): Promise<string> {
	for await (const page of listObjects(s3, { bucket, limit: 1 }, patientCall())) {
		if (page.entries.length > 0) break;
	}
	return `Connected ${who}: the objects of bucket “${bucket}” can be listed. Reading and writing them was not tested.`;
}

async function proveKeys(s3: S3, who: string): Promise<string> {
	const count = await countBuckets(s3).catch(undefinedIfDenied);
	if (count === undefined) {
		return `Connected ${who}: the keys are valid, they may not list buckets; enter a bucket to test it.`;
	}
	return count === 0
		? `Connected ${who}: the keys are valid and there is no bucket yet.`
		: `Connected ${who}: the keys are valid and may list buckets. Enter a bucket to test it.`;
}

async function countBuckets(s3: S3): Promise<number> {
	let count = 0;
	for await (const buckets of listBuckets(s3, { limit: 1 }, patientCall())) count += buckets.length;
	return count;
}

function undefinedIfDenied(error: unknown): undefined {
	if (error instanceof S3Failure && error.kind === 'denied') return undefined;
	throw error;
}

function patientCall() {
	return { signal: AbortSignal.timeout(PATIENCE_MS) };
}

function identityOf({ identity }: Connection): string {
	if (identity.kind === 'httpBasic') return `user “${identity.username}”`;
	if (identity.kind === 'accessKeys') return `access key ${identity.accessKeyId}`;
	return `role ${identity.roleArn}`;
}

function placeOf({ endpoint, region }: Connection): string {
	return endpoint ?? `AWS in ${region}`;
}

function reasonOf(error: unknown): string {
	if (error instanceof S3Failure) {
		if (error.kind === 'cancelled') {
			return `The server did not answer within ${PATIENCE_MS / 1000} seconds. Check endpoint and region of the credential and whether n8n may reach that server.`;
		}
		return `${error.message}. ${error.description}`;
	}
	return error instanceof Error ? error.message : String(error);
}
