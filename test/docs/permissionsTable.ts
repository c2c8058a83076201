/** The table of docs/permissions.md: made of what operations and the table of calls declare. */
import type { INodeProperties } from 'n8n-workflow';

import { resources } from '../../nodes/AmazonS3/resources';
import type { Operation, Registry } from '../../nodes/run/operation';
import { CALLS } from '../../s3/calls/calls';
import type { CallName, Permission } from '../../s3/calls/calls';
import { arnOf } from '../../s3/errors/denial';
import { capitalized } from './sentence';

const BEGIN = '<!-- npm run docs writes from here -->';
const END = '<!-- to here -->';

/** An input that fits every call; what a call does not have does not matter to its permissions. */
const OBJECT = { Bucket: 'BUCKET', Key: '*' };
const INPUT = { ...OBJECT, CopySource: 'SOURCE/*', Delete: { Objects: [{ Key: '*' }] } };

/** The same for a version. */
const OF_VERSION = {
	VersionId: 'v',
	CopySource: 'SOURCE/*?versionId=v',
	Delete: { Objects: [{ Key: '*', VersionId: 'v' }] },
};

/** What operations put into the input of their calls whatever is asked of them, by resource and operation. */
const ALWAYS: Readonly<Record<string, object>> = {
	'bucket.delete': OF_VERSION,
	'object.undelete': OF_VERSION,
};

/** What options put into the input of a call that changes what it needs, by the name of their field. */
export const INPUTS: Readonly<Record<string, object>> = {
	versionId: OF_VERSION,
	allVersions: OF_VERSION,
	sourceVersionId: OF_VERSION,
	ifMatch: { IfMatch: 'e' },
	etag: { IfMatch: 'e' },
	bypassGovernance: { BypassGovernanceRetention: true },
	tags: { Tagging: 'a=b', CreateBucketConfiguration: { Tags: [{ Key: 'a', Value: 'b' }] } },
	acl: { ACL: 'private' },
	objectLock: { ObjectLockEnabledForBucket: true },
	objectLockMode: { ObjectLockMode: 'GOVERNANCE' },
	objectLockLegalHold: { ObjectLockLegalHoldStatus: 'ON' },
};

/**
 * Calls that an option does not change: they take no such condition, have another one of their own, or are about the
 * copy, and not the version that is copied.
 */
const UNCHANGED: Readonly<Record<string, readonly CallName[]>> = {
	etag: ['CreateMultipartUpload', 'DeleteObject'],
	sourceVersionId: ['PutObjectTagging'],
};

/** Operations with a bucket to copy from; others that copy do so within their own. */
const WITH_SOURCE = ['object.copy', 'object.move'];
/** The calls that these make for their source. A look at an object is one at the copy, too. */
const OF_SOURCE: readonly CallName[] = [
	'DeleteObject',
	'GetObject',
	'GetObjectTagging',
	'HeadObject',
];
const OF_BOTH: readonly CallName[] = ['HeadObject'];

const permissionsOf = (call: CallName, more: object = {}): Permission[] => {
	const { permissions } = CALLS[call] as { permissions: (input: object) => Permission[] };
	return permissions({ ...INPUT, ...more });
};

const code = (text: string): string => `\`${text}\``;

/** What a call of an operation needs its permissions on. */
function resourcesOf(operation: string, call: CallName, needed: Permission[]): string[] {
	const arns = needed.map(({ on }) => arnOf(on));
	if (!WITH_SOURCE.includes(operation)) return arns.map((arn) => arn.replace('SOURCE', 'BUCKET'));
	if (!OF_SOURCE.includes(call)) return arns;
	const ofSource = arns.map((arn) => arn.replace('BUCKET', 'SOURCE'));
	return OF_BOTH.includes(call) ? [...ofSource, ...arns] : ofSource;
}

/** The options of an operation, such as Version ID. */
function optionsOf({ fields }: Operation): INodeProperties[] {
	const options = fields.find(({ name }) => name === 'options')?.options ?? [];
	return options as INodeProperties[];
}

/** What an option adds to a call, such as “Tags: `s3:PutObjectTagging`”, or changes about it. */
function addedBy({ name, displayName }: INodeProperties, call: CallName): string[] {
	const input = INPUTS[name];
	if (input === undefined || UNCHANGED[name]?.includes(call) === true) return [];
	const before = permissionsOf(call).map(({ action }) => action);
	const after = permissionsOf(call, input).map(({ action }) => action);
	const added = after.filter((action) => !before.includes(action)).map(code);
	if (added.length === 0) return [];
	const replaces = before.some((action) => !after.includes(action));
	const ofSource = name === 'sourceVersionId' && OF_BOTH.includes(call) ? ' on the source' : '';
	return [`${displayName}: ${added.join(', ')}${ofSource}${replaces ? ' instead' : ''}`];
}

/** The options that change what an operation needs, such as `object.get with versionId`. */
export function changingOptions(): string[] {
	return Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
		Object.values(registry).flatMap((operation) => {
			const calls = Object.keys(operation.calls) as CallName[];
			return optionsOf(operation)
				.filter((option) => calls.some((call) => addedBy(option, call).length > 0))
				.map(({ name }) => `${resource}.${operation.option.value} with ${name}`);
		}),
	);
}

/** A row for each call of an operation. */
function rowsOf(resource: string, operation: Operation): string[] {
	const { name, value } = operation.option;
	const title = `**${capitalized(resource)}: ${name}**`;
	const id = `${resource}.${value}`;
	const calls = Object.entries(operation.calls) as [CallName, string][];
	return calls.map(([call, when], index) => {
		const needed = permissionsOf(call, ALWAYS[id]);
		const options = optionsOf(operation).flatMap((option) => addedBy(option, call));
		const cells = [
			index === 0 ? title : '',
			call,
			when,
			needed.map(({ action }) => code(action)).join(', '),
			[...new Set(resourcesOf(id, call, needed))].map(code).join(', '),
			[...new Set(options)].join('; '),
		];
		return `| ${cells.join(' | ')} |`;
	});
}

/** All operations, their calls, and the permissions of these. */
function permissionsTable(): string {
	const rows = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
		Object.values(registry).flatMap((operation) => rowsOf(resource, operation)),
	);
	return [
		'| Operation | Call | Made | Needs | On | With an option |',
		'| --- | --- | --- | --- | --- | --- |',
		...rows,
	].join('\n');
}

/**
 * A page with the table between its marks.
 *
 * @throws Error if the page has no marks
 */
export function withPermissions(page: string): string {
	const begin = page.indexOf(BEGIN);
	const end = page.indexOf(END);
	if (begin < 0 || end < begin) throw new Error('The page has no marks for the table.');
	const before = page.slice(0, begin + BEGIN.length);
	return `${before}\n\n${permissionsTable()}\n\n${page.slice(end)}`;
}
