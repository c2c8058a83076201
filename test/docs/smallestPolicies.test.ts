/** The policies of docs/access-keys.md are enough for what they are said to be for, and for no more. */
import { send } from '../engine/bucket';
import { runNode, storedFile, type Credential } from '../engine/n8n';
import { withBinaryStore } from '../engine/withBinaryStore';
import { withServer } from '../servers/withServer';
import { blocksIn, readDoc, rowsUnder } from './page';

const MIB = 1024 * 1024;
const page = readDoc('access-keys.md');

interface Statement {
	Action: string | string[];
	Resource: string;
}

const bucket = 'bucket';
/** Of the object “there”. */
const ETAG = '9a0364b9e99bb480dd25e1f0284c8555';
const server = withServer({ bucketsOfEachTest: [bucket] });
withBinaryStore();
let limited: Credential;

beforeAll(() => {
	limited = server.credentialOf(server.users.limited);
});
beforeEach(async () => {
	await send(server.credential, 'PUT', `/${bucket}/there`, { body: 'content' });
	server.users.limited.allow?.splice(0);
});

/** Gives the limited user the policy that stands below this word in bold. */
function permit(word: string, ...more: string[]): void {
	const [, section = ''] = page.split(`**${word}`);
	const { Statement } = JSON.parse(blocksIn(section, 'json')[0] ?? '') as {
		Statement: Statement[];
	};
	for (const { Action, Resource } of Statement) {
		const resource = Resource.replace('arn:aws:s3:::', '').replace('BUCKET', bucket);
		server.users.limited.allow?.push({ actions: [Action].flat(), resources: [resource] });
	}
	server.users.limited.allow?.push({ actions: more, resources: [`${bucket}/*`] });
}

const run = async (operation: string, parameters: object, binary?: object) => {
	const { error } = await runNode({
		items: [{ json: {}, ...(binary === undefined ? {} : { binary: binary as never }) }],
		parameters: { resource: 'object', operation, bucket, ...parameters },
		credential: limited,
	});
	return error === undefined ? 'done' : `${error.message} ${error.description ?? ''}`;
};
const put = async (options: object = {}, key = 'new') =>
	await run('put', { key, source: 'text', text: 'x', options });
const putParts = async () => {
	const data = await storedFile(Buffer.alloc(11 * MIB, 'x'));
	return await run('put', { key: 'large', options: { multipartThresholdMb: 5 } }, { data });
};
const get = async (options: object = {}) => await run('get', { key: 'there', options });
const list = async (parameters: object = {}) => await run('list', parameters);
const getMetadata = async (options: object = {}) =>
	await run('getMetadata', { key: 'there', options });
const remove = async (options: object = {}) => await run('delete', { key: 'there', options });
const getTags = async (options: object = {}) => await run('getTags', { key: 'there', options });
const setTags = async (mode: string, options: object = {}) =>
	await run('setTags', {
		key: 'there',
		mode,
		tags: { tag: [{ name: 'a', value: mode === 'remove' ? '' : 'b' }] },
		options,
	});

/** Deletes several objects together. */
async function removeMany(...keys: string[]): Promise<string> {
	const { error } = await runNode({
		items: keys.map((key) => ({ json: { key } })),
		parameters: { resource: 'object', operation: 'delete', bucket, key: '={{ $json.key }}' },
		credential: limited,
	});
	return error === undefined ? 'done' : `${error.message} ${error.description ?? ''}`;
}

async function uploadsLeft(): Promise<string> {
	const answer = await send(server.credential, 'GET', `/${bucket}?uploads`);
	return (await answer.text()).match(/<Upload>/g)?.join('') ?? 'none';
}

describe('the policy for Put', () => {
	beforeEach(() => {
		permit('Put.');
	});

	it('the policy for Put is enough for small and large files', async () => {
		expect([await put(), await putParts()]).toEqual(['done', 'done']);
	});

	it('the policy for Put is enough to clean up after a large file that failed', async () => {
		server.faults.add({
			operation: 'UploadPart',
			effect: { kind: 'answer', status: 400, code: 'InvalidRequest' },
		});
		expect(await putParts()).toContain('InvalidRequest');
		expect(await uploadsLeft()).toBe('none');
		server.faults.clear();
	});

	it('the policy for Put allows neither Get nor List', async () => {
		expect(await get()).toContain('access denied');
		expect(await list()).toContain('access denied');
	});
});

it('the policy for Get is enough for Get, and for nothing else', async () => {
	permit('Get.');
	expect(await get()).toBe('done');
	expect(await put()).toContain('access denied');
	expect(await list()).toContain('access denied');
});

it('the policy for List is enough for List, and for nothing else', async () => {
	permit('List.');
	expect(await list()).toBe('done');
	expect(await put()).toContain('access denied');
	expect(await get()).toContain('access denied');
});

describe('the policy for Get Metadata', () => {
	it('the policy for Get Metadata is enough for it, and for nothing else', async () => {
		permit('Get Metadata.');
		expect(await getMetadata()).toBe('done');
		for (const other of [put(), list(), remove(), getTags(), setTags('replace')]) {
			expect(await other).toContain('access denied');
		}
	});

	it('the policy for Get Metadata does not tell what is not there, and the message says why', async () => {
		permit('Get Metadata.');
		const said = await run('getMetadata', { key: 'nothing', options: { failIfMissing: false } });
		expect(said).toContain(`If there is no such object, S3 says so only to identities with`);
		server.users.limited.allow?.push({ actions: ['s3:ListBucket'], resources: [bucket] });
		const options = { failIfMissing: false };
		expect(await run('getMetadata', { key: 'nothing', options })).toBe('done');
	});
});

it('the policy for Delete is enough for one object and for many, and for nothing else', async () => {
	permit('Delete.');
	for (const other of [get(), getMetadata(), list(), getTags(), setTags('replace'), put()]) {
		expect(await other).toContain('access denied');
	}
	await send(server.credential, 'PUT', `/${bucket}/other`, { body: 'content' });
	expect(await remove()).toBe('done');
	expect(await removeMany('other', 'nothing', 'odd\n')).toBe('done');
	expect(server.store.bucket(bucket).isEmpty).toBe(true);
});

it('the policy for Get Tags is enough for it, and for nothing else', async () => {
	permit('Get Tags.');
	expect(await getTags()).toBe('done');
	for (const other of [get(), getMetadata(), list(), remove(), setTags('merge')]) {
		expect(await other).toContain('access denied');
	}
});

it('the policy for Set Tags is enough for all modes, also to remove the last tag, and for no other object call', async () => {
	permit('Set Tags.');
	for (const mode of ['merge', 'remove', 'replace']) expect(await setTags(mode)).toBe('done');
	for (const other of [get(), getMetadata(), list(), remove()]) {
		expect(await other).toContain('access denied');
	}
});

it('the first action of the policy for Set Tags is enough to replace all tags', async () => {
	server.users.limited.allow?.push({
		actions: ['s3:PutObjectTagging'],
		resources: [`${bucket}/*`],
	});
	expect(await setTags('replace')).toBe('done');
	expect(await setTags('merge')).toContain('access denied');
});

it('the policy for Put, Get and List is enough for all three', async () => {
	permit('Put, Get and List:');
	expect([await put(), await putParts(), await get(), await list()]).toEqual(
		Array.from({ length: 4 }, () => 'done'),
	);
});

describe('what some options need', () => {
	const also = (what: string): string =>
		rowsUnder(page, 'For')
			.find(([option]) => option === what)?.[1]
			?.replaceAll('`', '') ?? '';

	it.each<[string, () => Promise<string>]>([
		['tags in Put', () => put({ tags: { tag: [{ name: 'a', value: 'b' }] } })],
		['an ACL in Put', () => put({ acl: 'bucket-owner-full-control' })],
		['a version in Get or Get Metadata', () => get({ versionId: 'null' })],
		['a version in Get or Get Metadata', () => getMetadata({ versionId: 'null' })],
		['attributes in Get Metadata', () => getMetadata({ attributes: true })],
		[
			'attributes of a version in Get Metadata',
			() => getMetadata({ versionId: 'null', attributes: true }),
		],
		['tags in Get Metadata', () => getMetadata({ includeTags: true })],
		[
			'tags of a version in Get Metadata',
			() => getMetadata({ versionId: 'null', includeTags: true }),
		],
	])('what an option needs is as the table says for %s', async (what, work) => {
		permit('Put, Get and List:');
		expect(await work()).toContain('access denied');
		permit('Put, Get and List:', ...also(what).split(', '));
		expect(await work()).toBe('done');
	});

	it.each<[string, string, () => Promise<string>]>([
		['a version in Delete', 'Delete.', () => remove({ versionId: 'null' })],
		[
			'bypassing governance retention in Delete',
			'Delete.',
			() => remove({ bypassGovernance: true }),
		],
		['an ETag in Put', 'Put.', () => put({ overwrite: 'ifMatch', etag: ETAG }, 'there')],
		['a version in Get Tags', 'Get Tags.', () => getTags({ versionId: 'null' })],
		['a version in Set Tags', 'Set Tags.', () => setTags('merge', { versionId: 'null' })],
	])('what %s needs is as the table says', async (what, policy, work) => {
		permit(policy);
		expect(await work()).toContain('access denied');
		permit(policy, ...also(what).split(', '));
		expect(await work()).toBe('done');
	});

	it('what an ETag in Delete needs is as the table says', async () => {
		const ifMatch = ETAG;
		permit('Delete.');
		expect(await remove({ ifMatch })).toContain('its ETag is not known');
		permit('Delete.', ...also('an ETag in Delete').split(', '));
		expect(await remove({ ifMatch })).toBe('done');
	});

	it('what Change Storage Class needs to keep a lock is as the table says', async () => {
		const hold = 'x-amz-object-lock-legal-hold';
		const until = 'x-amz-object-lock-retain-until-date';
		const lock = {
			[hold]: 'ON',
			'x-amz-object-lock-mode': 'GOVERNANCE',
			[until]: '2100-01-01T00:00:00Z',
		};
		const stored = () => server.store.bucket(bucket).get('there')?.headers;
		const change = async (storageClass: string) => {
			expect(await run('changeStorageClass', { key: 'there', storageClass })).toBe('done');
			return [stored()?.[hold], stored()?.[until]];
		};
		Object.assign(stored() ?? {}, lock);
		permit('Change Storage Class.', ...also('object lock in Change Storage Class').split(', '));
		expect(await change('STANDARD_IA')).toEqual([lock[hold], lock[until]]);
		// S3 shows no lock to who may not read it.
		server.users.limited.allow?.splice(0);
		permit('Change Storage Class.');
		expect(await change('ONEZONE_IA')).toEqual([undefined, undefined]);
	});
});
