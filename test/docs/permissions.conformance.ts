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
	NOTHING,
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
const until = new Date(Date.now() + 3_600_000).toISOString();
const LOCKED = {
	'x-amz-object-lock-mode': 'GOVERNANCE',
	'x-amz-object-lock-retain-until-date': until,
};

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
	const keepVersions = async (status: string) => {
		const body = `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;
		await put(`/${bucket}?versioning`, body);
	};
	if (bucketWith === 'versions') await keepVersions('Enabled');
	const locked = bucketWith === 'lock' ? LOCKED : {};
	const first = await put(`/${bucket}/key`, 'content', { 'x-amz-tagging': 'tag=old', ...locked });
	let asOf = '';
	let marker = '';
	let large: Response | undefined;
	const grant = { 'x-amz-grant-read': 'id="limited"', 'x-amz-grant-full-control': 'id="main"' };
	if (mentions('large')) {
		const headers = { ...locked, ...(grantsSource === true && grant) };
		large = await put(`/${bucket}/large`, Buffer.alloc(LARGE), headers);
	}
	if (one.openUpload === true) await send(main, 'POST', `/${other}/upload?uploads`);
	const remove = async (key: string) => {
		const deleted = await send(main, 'DELETE', `/${bucket}/${encodeURIComponent(key)}`);
		return deleted.headers.get('x-amz-version-id') ?? '';
	};
	if (bucketWith === 'versions') {
		for (const key of ['deleted 1', 'deleted 2', 'deleted', 'deleted null']) {
			await put(`/${bucket}/${encodeURIComponent(key)}`, 'x');
		}
		for (const key of ['deleted 1', 'deleted 2', 'deleted']) marker = await remove(key);
		const listed = await send(main, 'GET', `/${bucket}?versions&prefix=key`);
		// radosgw dates versions by the millisecond in a listing. Without one the moment is a whole second.
		const date = Date.parse(/<LastModified>([^<]*)/.exec(await listed.text())?.[1] ?? '');
		asOf = new Date(date % 1000 === 0 ? date + 1 : date).toISOString();
		if (one.nullVersions === true) await keepVersions('Suspended');
		await put(`/${bucket}/key`, 'newer');
		if (one.nullVersions === true) {
			await remove('deleted null');
			await keepVersions('Enabled');
		}
	}
	const { headers } = await send(main, 'HEAD', `/${bucket}/key`);
	return {
		bucket,
		other,
		versionId: first.headers.get('x-amz-version-id') ?? '',
		largeVersionId: large?.headers.get('x-amz-version-id') ?? '',
		etag: (headers.get('etag') ?? '').replaceAll('"', ''),
		asOf,
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
		// By another name it is another server, between which objects are streamed.
		targetCredential: {
			...credential,
			endpoint: server.virtualHostEndpoint ?? '',
		},
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

/** What the node signs with the keys of the limited user. */
const signed = async (operation: string, bucket: string, parameters: object) => {
	const asked = { resource: 'object', operation, bucket, key: 'key', ...parameters };
	const { outputs } = await runNode({ parameters: asked, credential: limited });
	return outputs[0]?.[0]?.json as { url: string; fields: Record<string, string> };
};
const anyCase: PermissionCase = { name: '', of: 'object.get', parameters: () => ({}) };

it.each([
	['GET', 's3:GetObject'],
	['HEAD', 's3:GetObject'],
	['PUT', 's3:PutObject'],
	['DELETE', 's3:DeleteObject'],
])('a link for %s can be used if its maker has %s, and only then', async (method, action) => {
	const { bucket } = await prepare(anyCase);
	const use = async () => {
		const { url } = await signed('getPresignedUrl', bucket, { method });
		return (await fetch(url, { method })).status;
	};
	await permit([{ action: 's3:ListBucket', on: { bucket } }]);
	expect(await use()).toBe(403);
	await permit([{ action, on: { bucket, key: 'key' } }]);
	expect([200, 201, 204]).toContain(await use());
});

it.each([
	['GET', 's3:GetObject'],
	['HEAD', 's3:GetObject'],
	['DELETE', 's3:DeleteObject'],
])(
	'a link for %s of a version can be used if its maker has %sVersion, and only then',
	async (method, action) => {
		const { bucket, versionId } = await prepare({ ...anyCase, bucketWith: 'versions' });
		const use = async () => {
			const { url } = await signed('getPresignedUrl', bucket, { method, options: { versionId } });
			return (await fetch(url, { method })).status;
		};
		await permit([{ action, on: { bucket, key: 'key' } }]);
		expect(await use()).toBe(403);
		await permit([{ action: `${action}Version`, on: { bucket, key: 'key' } }]);
		expect([200, 204]).toContain(await use());
	},
);

/** Allows the limited user an action on “key” by the policy of its bucket. */
async function permitByBucket(bucket: string, action: string): Promise<void> {
	const statement = {
		Effect: 'Allow',
		Principal: { AWS: ['arn:aws:iam:::user/limited'] },
		Action: [action],
		Resource: [arnOf({ bucket, key: 'key' })],
	};
	const policy = { Version: '2012-10-17', Statement: [statement] };
	await send(main, 'PUT', `/${bucket}?policy`, { body: JSON.stringify(policy) });
}

/** Uploads a file by a form of the limited user. */
async function useForm(bucket: string): Promise<number> {
	const { url, fields } = await signed('getPresignedPost', bucket, {});
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.append(name, value);
	body.append('file', new Blob(['uploaded']), 'file.txt');
	return (await fetch(url, { method: 'POST', body })).status;
}

it('a form can be used if its maker has s3:PutObject on its key, and only then', async () => {
	const { bucket } = await prepare(anyCase);
	await permit([]);
	await permitByBucket(bucket, 's3:GetObject');
	expect(await useForm(bucket)).toBe(403);
	await permitByBucket(bucket, 's3:PutObject');
	expect(await useForm(bucket)).toBe(201);
	expect(await (await send(limited, 'GET', `/${bucket}/key`)).text()).toBe('uploaded');
});

// It reads them before it reads the form, which says whose they are.
it('radosgw looks at no policy of IAM for a form, only at that of the bucket', async () => {
	const { bucket } = await prepare(anyCase);
	await permit([{ action: 's3:PutObject', on: { bucket, key: 'key' } }]);
	expect(await useForm(bucket)).toBe(403);
});

it('every operation is tried with each of its permissions, or makes no request', () => {
	const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
		Object.keys(registry).map((operation) => `${resource}.${operation}`),
	);
	const tried = new Set<string>([...CASES.map(({ of }) => of), ...Object.keys(NOT_TRIED)]);
	expect(operations.filter((operation) => !tried.has(operation))).toEqual([]);
});
