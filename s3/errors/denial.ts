import { bucketKindOf } from '../bucketKinds';
import { ACCESS_DENIED } from './errorCodes';
import type { Permission } from '../calls/calls';

/** Who was denied something, and what the server says of it. */
export interface Denial {
	/** The server's own words; undefined if there are none. */
	readonly said: string | undefined;
	/** Whether it is S3 that says so, and not perhaps a proxy on the way. */
	readonly isOfS3: boolean;
	readonly needed: readonly Permission[];
	/** As ARNs name the part of AWS; `aws` unless given. */
	readonly partition: string | undefined;
}

/** What servers say when they do not want to say more than the code does. */
const NO_REASON = /^(access[ _]?denied|forbidden)$/i;
/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const MISSING = /not authorized to perform: ([\w-]+:\w+)(?: on resource: "?(arn:[^\s"]+))?/;

/** The reason that the server gives in a sentence of its own; undefined if it gives none. */
export function reasonIn(said: string | undefined): string | undefined {
	return said === undefined || NO_REASON.test(said) ? undefined : said;
}

/** What to do about a denial: what the server names, else what the call needs. */
export function adviceOnDenial({ said, isOfS3, needed, partition }: Denial): string {
	const [, action, resource] = MISSING.exec(said ?? '') ?? [];
	if (action !== undefined) {
		const same = needed.filter((permission) => permission.action === action);
		const what =
			resource === undefined ? listOf(same, partition) || action : `${action} on ${resource}`;
		return /explicit deny/.test(said ?? '')
			? `A policy denies ${what}: ask its owner to change it.`
			: `The identity of the credential needs ${what}.`;
	}
	if (needed.length === 0) return ACCESS_DENIED.advice;
	const list = listOf(needed, partition);
	if (!isOfS3) {
		return `The response names no error of S3: look for a proxy or firewall on the way. If a permission is missing, the identity of the credential needs ${list}.`;
	}
	return reasonIn(said) === undefined
		? `The identity of the credential needs ${list}.`
		: `If a permission is missing, the identity of the credential needs ${list}.`;
}

function listOf(needed: readonly Permission[], partition: string | undefined): string {
	const resources = new Map<string, string[]>();
	for (const { action, on } of needed) {
		const arn = arnOf(on, partition);
		resources.set(arn, [...(resources.get(arn) ?? []), action]);
	}
	return [...resources].map(([arn, actions]) => `${actions.join(', ')} on ${arn}`).join(' and ');
}

/**
 * How policies name a bucket, an object or everything; of an alias nobody can tell the account that its ARN names.
 * @param partition as ARNs name the part of AWS
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
 */
export function arnOf({ bucket, key }: Permission['on'], partition = 'aws'): string {
	if (bucket === undefined) return '*';
	// Of an access point.
	if (bucket.startsWith('arn:')) return key === undefined ? bucket : `${bucket}/object/${key}`;
	if (bucketKindOf(bucket) === 'accessPoint') {
		const object = key === undefined ? '' : ` with /object/${key} after it`;
		return `the ARN (not the alias) of the access point “${bucket}”${object}`;
	}
	return `arn:${partition}:s3:::${bucket}${key === undefined ? '' : `/${key}`}`;
}
