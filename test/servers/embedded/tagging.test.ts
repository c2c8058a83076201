import { withServer } from '../withServer';
import { outcome, texts } from './client';
import type { Sent } from './client';
import { escapeXml } from './xml';

const server = withServer({ bucketsOfEachTest: ['b'] });

const send = (method: string, sent: Sent = {}) => server.send(method, '/b/key', sent);
const put = (headers: Record<string, string> = {}) => send('PUT', { body: 'x', headers });
const tagging = (method: string, body = '', query: Record<string, string> = {}) =>
	send(method, { query: { tagging: '', ...query }, body });
const xml = (...tags: [string, string][]) =>
	`<Tagging><TagSet>${tags.map(([name, value]) => `<Tag><Key>${escapeXml(name)}</Key><Value>${escapeXml(value)}</Value></Tag>`).join('')}</TagSet></Tagging>`;

async function tags(query: Record<string, string> = {}): Promise<Record<string, string>> {
	const { text } = await tagging('GET', '', query);
	const values = texts(text, 'Value');
	return Object.fromEntries(texts(text, 'Key').map((name, index) => [name, values[index] ?? '']));
}

describe('tags', () => {
	it('tags come with the object, and are counted', async () => {
		await put({ 'x-amz-tagging': 'a%20b=c+d&e=%C3%A9' });
		expect((await send('GET')).headers['x-amz-tagging-count']).toBe('2');
		expect(await tags()).toEqual({ 'a b': 'c d', e: 'é' });
	});

	it('tags are replaced as a whole, and deleted', async () => {
		await put({ 'x-amz-tagging': 'old=1' });
		expect((await tagging('PUT', xml(['new', '']))).status).toBe(200);
		expect(await tags()).toEqual({ new: '' });
		expect((await tagging('DELETE')).status).toBe(204);
		expect(await tags()).toEqual({});
		expect((await send('GET')).headers['x-amz-tagging-count']).toBeUndefined();
	});

	it('tags have all characters that S3 allows, and as many of them', async () => {
		await put();
		const name = 'Aé漢 1_.:/=+-@'.padEnd(128, 'k');
		const value = `${'🄰'.replace('🄰', 'ß')} ٣ ª`.padEnd(256, 'v');
		expect((await tagging('PUT', xml([name, value]))).status).toBe(200);
		expect(await tags()).toEqual({ [name]: value });
	});

	it.each<[string, [string, string][], string]>([
		['more than 10', Array.from({ length: 11 }, (_, i) => [`k${i}`, '']), 'BadRequest'],
		[
			'two of one name',
			[
				['a', '1'],
				['a', '2'],
			],
			'InvalidTag',
		],
		['no name', [['', 'v']], 'InvalidTag'],
		['a name of 129 characters', [['k'.repeat(129), '']], 'InvalidTag'],
		['a value of 257 characters', [['k', 'v'.repeat(257)]], 'InvalidTag'],
		['65 characters of two units each', [['𐐀'.repeat(65), '']], 'InvalidTag'],
		['a name with another character', [['a*b', '']], 'InvalidTag'],
		['a value with another character', [['k', 'a&b']], 'InvalidTag'],
		['a name of AWS', [['aws:x', '']], 'InvalidTag'],
	])('tags are refused if there are %s, and stay as they were', async (_, pairs, code) => {
		await put({ 'x-amz-tagging': 'old=1' });
		expect(outcome(await tagging('PUT', xml(...pairs)))).toEqual([400, code]);
		expect(await tags()).toEqual({ old: '1' });
	});

	it('tags may be 10, and differ in case alone', async () => {
		await put();
		const ten = Array.from({ length: 8 }, (_, i): [string, string] => [`k${i}`, '']);
		expect((await tagging('PUT', xml(...ten, ['a', ''], ['A', '']))).status).toBe(200);
	});

	it.each([
		'<Tagging></Tagging>',
		'<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>',
		'<Tagging><TagSet><Tag><Key>&nope;</Key><Value/></Tag></TagSet></Tagging>',
		'<TagSet></TagSet>',
	])('tags are refused if they are %s', async (body) => {
		await put();
		expect(outcome(await tagging('PUT', body))).toEqual([400, 'MalformedXML']);
	});

	it('tags belong to a version', async () => {
		server.store.bucket('b').versioning = 'Enabled';
		const first = (await put({ 'x-amz-tagging': 'v=1' })).headers['x-amz-version-id'] as string;
		await put({ 'x-amz-tagging': 'v=2' });
		const changed = await tagging('PUT', xml(['v', 'new']), { versionId: first });
		expect(changed.headers['x-amz-version-id']).toBe(first);
		expect([await tags({ versionId: first }), await tags()]).toEqual([{ v: 'new' }, { v: '2' }]);
		await tagging('DELETE', '', { versionId: first });
		expect([await tags({ versionId: first }), await tags()]).toEqual([{}, { v: '2' }]);
	});

	it.each(['GET', 'PUT', 'DELETE'])('a delete marker has no tags: %s', async (method) => {
		server.store.bucket('b').versioning = 'Enabled';
		await put();
		const marker = (await send('DELETE')).headers['x-amz-version-id'] as string;
		const body = method === 'PUT' ? xml(['a', '']) : '';
		expect(outcome(await tagging(method, body))).toEqual([404, 'NoSuchKey']);
		const named = await tagging(method, body, { versionId: marker });
		expect(outcome(named)).toEqual([405, 'MethodNotAllowed']);
	});

	it.each<[string, string, Record<string, string>]>([
		['GET', 's3:GetObjectTagging', {}],
		['PUT', 's3:PutObjectTagging', {}],
		['DELETE', 's3:DeleteObjectTagging', {}],
		['GET', 's3:GetObjectVersionTagging', { versionId: 'null' }],
		['PUT', 's3:PutObjectVersionTagging', { versionId: 'null' }],
		['DELETE', 's3:DeleteObjectVersionTagging', { versionId: 'null' }],
	])('tags need their own permission: %s needs %s', async (method, action, query) => {
		await put();
		const user = server.users.limited;
		const body = method === 'PUT' ? xml(['a', '']) : '';
		const ask = () => send(method, { query: { tagging: '', ...query }, body, user });
		user.allow = [{ actions: ['s3:*Object', 's3:*Acl'], resources: ['*'] }];
		expect(outcome(await ask())).toEqual([403, 'AccessDenied']);
		user.allow = [{ actions: [action], resources: ['b/key'] }];
		expect((await ask()).status).toBeLessThan(300);
	});

	it('tags are not counted for a user who may not read them', async () => {
		await put({ 'x-amz-tagging': 'a=1' });
		const user = server.users.limited;
		user.allow = [{ actions: ['s3:GetObject'], resources: ['*'] }];
		expect((await send('HEAD', { user })).headers['x-amz-tagging-count']).toBeUndefined();
		user.allow = [{ actions: ['s3:GetObject', 's3:GetObjectTagging'], resources: ['*'] }];
		expect((await send('HEAD', { user })).headers['x-amz-tagging-count']).toBe('1');
	});
});
