import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { readConnection, regionLabelOf } from '../../credentials/read/readConnection';
import { listBuckets } from '../../s3/buckets/listBuckets';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import type { Connection } from '../../s3/Connection';
import { newSession } from '../../s3/identity/identityFor';
import { partitionOf } from '../../s3/partitions';
import { listObjects } from '../../s3/list/listObjects';
import { S3Failure } from '../../s3/S3Failure';
import { agentsFor } from '../../s3/http/agentsFor';
import { fieldsOfType } from './authentication';
import { awaitedCall } from './awaitedCall';
import { connectionWarnings, noteBucketList } from './connectionWarnings';

/** n8n shows the result only at the end, and the person waits for it. */
const TIMEOUT_MS = 30_000;

/**
 * The test that n8n runs when a credential is saved or its test is retried. It lists one key of the bucket
 * of the credential, or the buckets if it names none. It writes nothing, and says what it proved or what
 * to change.
 */
export async function amazonS3ConnectionTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const fields = credential.data ?? {};
		const type = fieldsOfType(credential.type);
		const connection = readConnection(type, fields);
		return { status: 'OK', message: await proveConnection(connection, regionLabelOf(type)) };
	} catch (error) {
		return { status: 'Error', message: reasonOf(error) };
	}
}

/**
 * Says what a connection can do, as far as it can be proved.
 *
 * @param regionLabel what the form calls its region
 * @throws {S3Failure} when it cannot be used
 */
async function proveConnection(connection: Connection, regionLabel: string): Promise<string> {
	const { bucket } = connection;
	const { tested, clockWarning } = await withNewSession(connection);
	const s3 = await openS3(tested);
	const who = `as ${identityOf(connection)} at ${placeOf(connection)}`;
	const proving =
		bucket === undefined
			? proveKeys(s3, who, await openS3(connection))
			: proveBucket(s3, bucket, who);
	const proof = await proving.catch((error: unknown) => {
		throw rewordedForTest(error, connection, regionLabel);
	});
	const clock = clockWarning ?? s3.clockWarning();
	return [proof, ...(clock === undefined ? [] : [clock]), ...connectionWarnings(s3)].join(' ');
}

/** The connection with a new session: the one that the nodes share may be an hour old. */
async function withNewSession(
	connection: Connection,
): Promise<{ tested: Connection; clockWarning?: string | undefined }> {
	const { identity } = connection;
	if (identity.kind === 'accessKeys' || identity.kind === 'httpBasic') {
		return { tested: connection };
	}
	const agents = await agentsFor(connection);
	const session = await newSession(identity, { ...connection, agents }, awaitedCall(TIMEOUT_MS));
	const { accessKeyId, secretAccessKey, sessionToken, clockWarning } = session;
	const keys = { kind: 'accessKeys', accessKeyId, secretAccessKey, sessionToken } as const;
	return { tested: { ...connection, identity: keys }, clockWarning };
}

async function proveBucket(s3: S3, bucket: string, who: string): Promise<string> {
	for await (const page of listObjects(s3, { bucket, limit: 1 }, awaitedCall(TIMEOUT_MS))) {
		if (page.entries.length > 0) break;
	}
	return `Connected ${who}: the objects of bucket “${bucket}” can be listed. Reading and writing them was not tested.`;
}

/** @param shared the connection as the nodes have it, which remembers whether buckets may be listed */
async function proveKeys(s3: S3, who: string, shared: S3): Promise<string> {
	const count = await countBuckets(s3).catch((error: unknown) => {
		// Without the code the response may be of a firewall, which knows no keys.
		if (error instanceof S3Failure && error.code === 'AccessDenied') return error;
		throw error;
	});
	noteBucketList(shared, !(count instanceof S3Failure));
	if (count instanceof S3Failure) {
		return `Connected ${who}: the keys are valid, but may not list buckets; enter a bucket to test it. ${count.message}.`;
	}
	return count === 0
		? `Connected ${who}: the keys are valid and there is no bucket yet.`
		: `Connected ${who}: the keys are valid and may list buckets. Enter a bucket to test it.`;
}

async function countBuckets(s3: S3): Promise<number> {
	let count = 0;
	for await (const buckets of listBuckets(s3, { limit: 1 }, awaitedCall(TIMEOUT_MS)))
		count += buckets.length;
	return count;
}

/** The failure in other words if it means something else for a new connection than for one in use. */
function rewordedForTest(
	error: unknown,
	{ bucket, endpoint, region }: Connection,
	regionLabel: string,
): unknown {
	if (!(error instanceof S3Failure)) return error;
	if (error.code === 'AccessDenied' && bucket !== undefined) {
		return error.reworded(`${error.message}, although the keys are valid`, error.advice);
	}
	const unknownHost = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN';
	if (unknownHost && endpoint === undefined && partitionOf(region) === undefined) {
		return error.reworded(
			`“${region}” is not a region of AWS`,
			`Choose a ${regionLabel} in the credential, or enter the Endpoint of the server that has this region.`,
		);
	}
	if (error.code === 'ECONNRESET' && endpoint?.startsWith('http://') === true) {
		return error.reworded(
			error.message,
			'If the server speaks TLS, begin the endpoint with https://. If not, look for a proxy or firewall that cuts connections.',
		);
	}
	const path = endpoint === undefined ? '' : new URL(endpoint).pathname.replace(/\/$/, '');
	if (path !== '' && error.kind === 'corrupt') {
		return error.reworded(
			error.message,
			`If a bucket stands in the Endpoint, leave “${path}” off and enter it as Bucket. ${error.advice}`,
		);
	}
	return error;
}

function identityOf({ identity }: Connection): string {
	if (identity.kind === 'httpBasic') return `user “${identity.username}”`;
	if (identity.kind === 'accessKeys') return `access key ${identity.accessKeyId}`;
	if (identity.kind === 'container') return 'the role of the container';
	if (identity.kind === 'instance') return 'the role of the instance';
	return `role ${identity.roleArn}`;
}

function placeOf({ endpoint, region }: Connection): string {
	return endpoint ?? `AWS in ${region}`;
}

function reasonOf(error: unknown): string {
	if (error instanceof S3Failure) {
		if (error.kind === 'cancelled') {
			return `The server did not respond within ${TIMEOUT_MS / 1000} seconds. Check endpoint and region of the credential and whether n8n may reach that server.`;
		}
		return `${error.message}. ${error.description}`;
	}
	return error instanceof Error ? error.message : String(error);
}
