/** The policies of docs/access-keys.md are enough for what they are said to be for, and for no more. */
import { newBucket, send } from '../engine/bucket';
import {
	removeBinaryStore,
	runNode,
	startBinaryStore,
	storedFile,
	type Credential,
} from '../engine/n8n';
import { startServer, type TestServer } from '../engine/server';
import { blocksIn, readDoc, rowsUnder } from './page';

const MIB = 1024 * 1024;
const page = readDoc('access-keys.md');

interface Statement {
	Action: string | string[];
	Resource: string;
}

let server: TestServer;
let bucket: string;
let limited: Credential;

beforeAll(async () => {
	await startBinaryStore('filesystem');
	server = await startServer();
	limited = server.credentialOf(server.users.limited);
});
afterAll(async () => {
	await server.stop();
	await removeBinaryStore();
});
beforeEach(async () => {
	bucket = await newBucket(server.credential);
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
const put = async (options: object = {}) =>
	await run('put', { key: 'new', source: 'text', text: 'x', options });
const putParts = async () => {
	const data = await storedFile(Buffer.alloc(11 * MIB, 'x'));
	return await run('put', { key: 'large', options: { multipartThresholdMb: 5 } }, { data });
};
const get = async (options: object = {}) => await run('get', { key: 'there', options });
const list = async (parameters: object = {}) => await run('list', parameters);

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
		expect(await get()).toContain('AccessDenied');
		expect(await list()).toContain('AccessDenied');
	});
});

it('the policy for Get is enough for Get, and for nothing else', async () => {
	permit('Get.');
	expect(await get()).toBe('done');
	expect(await put()).toContain('AccessDenied');
	expect(await list()).toContain('AccessDenied');
});

it('the policy for List is enough for List, and for nothing else', async () => {
	permit('List.');
	expect(await list()).toBe('done');
	expect(await put()).toContain('AccessDenied');
	expect(await get()).toContain('AccessDenied');
});

it('the policy for all three is enough for all three', async () => {
	permit('All three:');
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
		['an ACL in Put', () => put({ acl: 'bucket-owner-read' })],
		['a version in Get', () => get({ versionId: 'null' })],
	])('what an option needs is as the table says for %s', async (what, work) => {
		permit('All three:');
		expect(await work()).toContain('AccessDenied');
		permit('All three:', also(what));
		expect(await work()).toBe('done');
	});
});
