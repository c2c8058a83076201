import type { Exchange } from './Exchange';
import { OWNER } from './listings';
import { S3Error } from './S3Error';
import { element, responseXml } from './xml';

const GROUPS = 'http://acs.amazonaws.com/groups/global';
const EVERYBODY = `${GROUPS}/AllUsers`;

/** What each canned ACL grants to groups; its owner, who also owns every bucket here, may do everything. */
const CANNED: Readonly<Record<string, readonly (readonly [group: string, permission: string])[]>> =
	{
		private: [],
		'public-read': [[EVERYBODY, 'READ']],
		'public-read-write': [
			[EVERYBODY, 'READ'],
			[EVERYBODY, 'WRITE'],
		],
		'authenticated-read': [[`${GROUPS}/AuthenticatedUsers`, 'READ']],
		'aws-exec-read': [],
		'bucket-owner-read': [],
		'bucket-owner-full-control': [],
	};

/**
 * The canned ACL that an object is to have. Buckets have ACLs only if that was asked for when they were made.
 * @throws S3Error
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function aclOf({ headers, bucket }: Exchange): string | undefined {
	const acl = headers['x-amz-acl'];
	if (acl === undefined) return undefined;
	if (CANNED[acl] === undefined) {
		const fields = { ArgumentName: 'x-amz-acl', ArgumentValue: acl };
		throw new S3Error(400, 'InvalidArgument', '', { fields });
	}
	if (bucket.ownership === 'BucketOwnerEnforced' && acl !== 'bucket-owner-full-control') {
		throw new S3Error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
	}
	return acl;
}

/** S3's XML of the list that a canned ACL stands for. */
export function aclXml(acl = 'private'): string {
	const grants = (CANNED[acl] ?? []).map(([group, permission]) =>
		grantXml('Group', element('URI', group), permission),
	);
	const all = [grantXml('CanonicalUser', OWNER, 'FULL_CONTROL'), ...grants];
	return responseXml(
		'AccessControlPolicy',
		`<Owner>${OWNER}</Owner>`,
		`<AccessControlList>${all.join('')}</AccessControlList>`,
	);
}

const grantXml = (type: string, grantee: string, permission: string): string =>
	`<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">${grantee}</Grantee>${element('Permission', permission)}</Grant>`;
