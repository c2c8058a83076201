/**
 * The permissions that the table of calls names are enough, and none of them is too many: a user of radosgw who
 * has them alone runs every operation, and without one of them fails with that one named.
 */
import type { IDataObject } from 'n8n-workflow';

import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { CALLS, type Permission } from '../../s3/calls/calls';
import { SdkClient } from '../../s3/client/SdkClient';
import { arnOf } from '../../s3/errors/denial';
import { send } from '../engine/bucket';
import { runNode, storedFile, type Credential } from '../engine/n8n';
import { withBinaryStore } from '../engine/withBinaryStore';
import { startRadosgw, type Radosgw } from '../servers/radosgw/radosgw';
import {
	ALSO_WANTED,
	CASES,
	LARGE,
	NOT_NEEDED,
	NOT_TRIED,
	UNKNOWN,
	type PermissionCase,
	type Prepared,
} from './permissionCases';
import { readDoc } from './page';
import { putUserPolicy } from './userPolicy';

withBinaryStore();
let server: Radosgw;
let main: Credential;
let limited: Credential;

beforeAll(() => {
	server = startRadosgw({ port: 8950, gibibytes: 2 });
	main = { endpoint: server.endpoint, ...server.users.main };
	limited = { endpoint: server.endpoint, ...server.users.limited };
}, 60_000);
afterAll(() => server.stop());

/** What the run that is under way needs, and what radosgw wants besides. */
let needed: Permission[] = [];
let alsoWanted: Permission[] = [];
const { send: sendCall } = SdkClient.prototype;
SdkClient.prototype.send = async function (this: SdkClient, name, input, ...rest) {
	const { permissions } = CALLS[name] as { permissions: (input: object) => Permission[] };
	needed.push(...permissions(input));
	const { Bucket: bucket } = input as { Bucket?: string };
	const more = ALSO_WANTED[name] ?? [];
	alsoWanted.push(...more.map((action) => ({ action, on: { bucket } })));
	return await sendCall.call(this, name, input, ...rest);
} as typeof sendCall;

let made = 0;
const NOTHING: Prepared = { bucket: '', other: '', versionId: '', etag: '', asOf: '', marker: '' };

/** Makes buckets with objects for one run. */
async function prepare(one: PermissionCase): Promise<Prepared> {
	const { bucketWith, grantsSource } = one;
	const bucket = `permissions-${made++}`;
	const other = `${bucket}-other`;
	const mentions = (name: string) =>
		JSON.stringify([one.items, one.parameters({ ...NOTHING, other })]).includes(`"${name}"`);
	const put = async (path: string, body: string | Buffer = '', headers = {}) =>
		await send(main, 'PUT', path, { body, headers });
	const locks = { 'x-amz-bucket-object-lock-enabled': 'true' };
	await put(`/${bucket}`, '', bucketWith === 'lock' ? locks : {});
	if (mentions(other)) await put(`/${other}`);
	if (bucketWith === 'versions') {
		const configuration =
			'<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
		await put(`/${bucket}?versioning`, configuration);
	}
	const first = await put(`/${bucket}/key`, 'content', { 'x-amz-tagging': 'tag=old' });
	const { headers } = await send(main, 'HEAD', `/${bucket}/key`);
	const asOf = new Date(headers.get('last-modified') ?? '');
	const grant = { 'x-amz-grant-read': 'id="limited"', 'x-amz-grant-full-control': 'id="main"' };
	if (mentions('large')) {
		await put(`/${bucket}/large`, Buffer.alloc(LARGE), grantsSource === true ? grant : {});
	}
	if (one.openUpload === true) await send(main, 'POST', `/${other}/upload?uploads`);
	let marker = '';
	if (bucketWith === 'versions') {
		for (const key of ['deleted 1', 'deleted 2', 'deleted']) {
			await put(`/${bucket}/${encodeURIComponent(key)}`, 'x');
			const deleted = await send(main, 'DELETE', `/${bucket}/${encodeURIComponent(key)}`);
			marker = deleted.headers.get('x-amz-version-id') ?? '';
		}
	}
	return {
		bucket,
		other,
		versionId: first.headers.get('x-amz-version-id') ?? '',
		etag: (headers.get('etag') ?? '').replaceAll('"', ''),
		asOf: asOf.toISOString(),
		marker,
	};
}

/** Allows the limited user these actions and no others. */
async function permit(permissions: readonly Permission[]): Promise<void> {
	const known = permissions.filter(({ action }) => !UNKNOWN.includes(action));
	const Statement = known.map(({ action, on }) => ({
		Effect: 'Allow',
		Action: [action],
		Resource: [arnOf(on)],
	}));
	await putUserPolicy(main, { Version: '2012-10-17', Statement });
}

interface Outcome {
	/** What it needs by the table of calls. */
	needed: Permission[];
	alsoWanted: Permission[];
	/** What is told of a failure; undefined if it did all that it was asked for. */
	failure: string | undefined;
}

/** Runs a case with a user. */
async function run(
	one: PermissionCase,
	prepared: Prepared,
	credential: Credential,
): Promise<Outcome> {
	const { of, parameters, items, fileSize, unread = [] } = one;
	const [resource = '', operation = ''] = of.split('.');
	const binary =
		fileSize === undefined ? {} : { binary: { data: await storedFile(Buffer.alloc(fileSize)) } };
	[needed, alsoWanted] = [[], []];
	const { error, outputs } = await runNode({
		items: items ?? [{ json: {}, ...binary }],
		parameters: { resource, operation, bucket: prepared.bucket, ...parameters(prepared) },
		credential,
	});
	if (one.asksForMissing === true) {
		alsoWanted.push({ action: 's3:ListBucket', on: { bucket: prepared.bucket } });
	}
	const failure = error === undefined ? undefined : `${error.message} ${error.description ?? ''}`;
	return {
		needed,
		alsoWanted,
		failure: failure ?? partialFailure(outputs[0]?.map(({ json }) => json) ?? [], unread),
	};
}

/** What could not be done or read by an operation that goes on without it. */
function partialFailure(rows: IDataObject[], expected: readonly string[]): string | undefined {
	const failed = rows.flatMap(({ failed = [], unread = [] }) => [
		...(failed as IDataObject[]),
		// radosgw does not name regions, whoever asks.
		...(unread as IDataObject[]).filter(
			({ what, code }) => code !== 'notNamed' && !expected.includes(what as string),
		),
	]);
	return failed.length === 0 ? undefined : JSON.stringify(failed);
}

const withPrepared = async (
	one: PermissionCase,
	permissions: (prepared: Prepared) => Permission[],
) => {
	const prepared = await prepare(one);
	await permit(permissions(prepared));
	return await run(one, prepared, limited);
};

/** The same permissions for the buckets of another run. */
function moved(permissions: readonly Permission[], from: Prepared, to: Prepared): Permission[] {
	return permissions.map(({ action, on }) => ({
		action,
		on: { ...on, bucket: on.bucket?.replace(from.bucket, to.bucket) },
	}));
}

/** Actions that some case needs. */
const seen = new Set<string>();

it.each(CASES.map((one) => [one.name, one] as const))(
	'%s needs the permissions that its calls name, and a denial names them',
	async (_, one) => {
		const prepared = await prepare(one);
		const owner = await run(one, prepared, main);
		expect(owner.failure).toBeUndefined();
		for (const { action } of owner.needed) seen.add(action);
		const allowed = await withPrepared(one, (now) =>
			moved([...owner.needed, ...owner.alsoWanted], prepared, now),
		);
		expect(allowed.failure).toBeUndefined();
		const actions = new Set(owner.needed.map(({ action }) => action));
		const free: string[] = [];
		for (const action of actions) {
			if (UNKNOWN.includes(action)) continue;
			const rest = owner.needed.filter((permission) => permission.action !== action);
			const denied = await withPrepared(one, (now) =>
				moved([...rest, ...owner.alsoWanted], prepared, now),
			);
			if (denied.failure === undefined) free.push(action);
			else expect(denied.failure).toContain(action);
		}
		expect(free.sort()).toEqual([...(one.notEnforced ?? [])].sort());
	},
);

it('every action that docs/permissions.md names is needed by a case', () => {
	const named = new Set(readDoc('permissions.md').match(/\bs3:\w+/g));
	const excused = [...UNKNOWN, ...Object.keys(NOT_NEEDED)];
	expect([...named].filter((action) => !seen.has(action) && !excused.includes(action))).toEqual([]);
	expect(Object.keys(NOT_NEEDED).filter((action) => seen.has(action))).toEqual([]);
});

/** Signs a link with the keys of the limited user. */
const linkFor = async (bucket: string, method: string) => {
	const parameters = {
		resource: 'object',
		operation: 'getPresignedUrl',
		bucket,
		key: 'key',
		method,
	};
	const { outputs } = await runNode({ parameters, credential: limited });
	return outputs[0]?.[0]?.json as { url: string };
};

it.each([
	['GET', 's3:GetObject'],
	['HEAD', 's3:GetObject'],
	['PUT', 's3:PutObject'],
	['DELETE', 's3:DeleteObject'],
])('a link for %s can be used if its maker has %s, and only then', async (method, action) => {
	const { bucket } = await prepare({ name: '', of: 'object.get', parameters: () => ({}) });
	const use = async () => (await fetch((await linkFor(bucket, method)).url, { method })).status;
	await permit([{ action: 's3:ListBucket', on: { bucket } }]);
	expect(await use()).toBe(403);
	await permit([{ action, on: { bucket, key: 'key' } }]);
	expect([200, 201, 204]).toContain(await use());
});

it('every operation is tried with each of its permissions, or makes no request', () => {
	const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
		Object.keys(registry).map((operation) => `${resource}.${operation}`),
	);
	const tried = new Set<string>([...CASES.map(({ of }) => of), ...Object.keys(NOT_TRIED)]);
	expect(operations.filter((operation) => !tried.has(operation))).toEqual([]);
});
