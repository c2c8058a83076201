/** What a credential that is only for reading, or has a privacy level, refuses: before any request, whatever it is. */
import type { INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { CALLS, type CallName } from '../../s3/calls/calls';
import { withFileServer } from '../servers/fileServer';
import { withServer } from '../servers/withServer';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
withBinaryStore('default');

const text = { source: 'text', text: 'x' };
const tags = { tag: [{ name: 'a', value: 'b' }] };
const copyOf = { sourceBucket: bucket, sourceKey: 'key', key: 'copy' };
const receipt = JSON.stringify([{ key: 'key', versionId: 'v', deleteMarker: true }]);

/** Each operation that changes something, in the ways that could read first. */
const CHANGES: Readonly<Record<string, INodeParameters[]>> = {
	'object append': [text],
	'object changeStorageClass': [{ storageClass: 'STANDARD_IA' }],
	'object copy': [copyOf],
	'object delete': [{}, { options: { ifMatch: 'etag' } }],
	'object deleteByPrefix': [{ prefix: 'k' }, { prefix: 'k', options: { allVersions: true } }],
	'object getPresignedPost': [{}],
	'object getPresignedUrl': [{ method: 'PUT' }, { method: 'DELETE' }],
	'object move': [copyOf],
	'object put': [
		text,
		{ ...text, options: { overwrite: 'never' } },
		{ ...text, options: { multipartThresholdMb: 0 } },
	],
	'object restore': [{ days: 1, tier: 'Bulk' }],
	'object setTags': ['merge', 'replace', 'remove'].map((mode) => ({
		mode,
		tags,
		tagNames: 'a',
	})),
	'object undelete': [
		{ undeleteBy: 'key' },
		{ undeleteBy: 'prefix', prefix: 'k', asOf: '2026-01-01T00:00:00Z' },
		{ undeleteBy: 'receipt', receipt },
	],
	'bucket cleanUpUploads': [{ olderThanHours: 1 }],
	'bucket create': [{ bucketName: 'new-bucket' }],
	'bucket delete': [{}, { options: { emptyFirst: true } }],
};

const run = async (
	[resource, operation]: readonly string[],
	parameters: INodeParameters,
	limit: object,
) =>
	await runNode({
		parameters: { resource, operation, bucket, key: 'key', ...parameters },
		credential: { ...server.credential, ...limit },
	});

it('every operation that may change something is tried with a credential that is only for reading', () => {
	const changing = Object.entries<Registry>(resources).flatMap(([resource, operations]) =>
		Object.entries(operations)
			.filter(([, { calls }]) => (Object.keys(calls) as CallName[]).some((n) => CALLS[n].changes))
			.map(([operation]) => `${resource} ${operation}`),
	);
	expect(Object.keys(CHANGES).sort()).toEqual(changing.sort());
});

it.each(
	Object.entries(CHANGES).flatMap(([operation, all]) =>
		all.map((parameters) => [operation, parameters] as const),
	),
)(
	'a credential that is only for reading refuses %s with %j before any request',
	async (operation, parameters) => {
		const { error } = await run(operation.split(' '), parameters, { readOnly: true });
		expect(error?.message).toContain('This credential is only for reading, so it may not');
		expect(server.requests).toEqual([]);
	},
);

it.each([
	['object deleteByPrefix', { prefix: 'k' }],
	['object undelete', { undeleteBy: 'prefix', prefix: 'k' }],
	['bucket cleanUpUploads', { olderThanHours: 1 }],
])(
	'a credential that is only for reading allows the dry run of %s',
	async (operation, parameters) => {
		const dryRun = { ...parameters, options: { dryRun: true } };
		const { error } = await run(operation.split(' '), dryRun, { readOnly: true });
		expect(error).toBeUndefined();
	},
);

const files = withFileServer();

it.each([
	['object put', () => text],
	['object put', () => ({ source: 'url', url: files.on('/file', () => undefined) })],
	['object copy', () => copyOf],
	['object move', () => copyOf],
	['object changeStorageClass', () => ({ storageClass: 'STANDARD_IA' })],
])(
	'a credential that is private refuses %s with a public ACL before any request (%#)',
	async (operation, parametersOf) => {
		const parameters = { ...parametersOf(), options: { acl: 'public-read' } };
		const { error } = await run(operation.split(' '), parameters, { privacyLevel: 'private' });
		expect(error?.message).toContain('so the ACL “public-read” is not allowed');
		expect([...server.requests, ...files.requests]).toEqual([]);
	},
);
