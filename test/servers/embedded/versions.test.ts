import { withServer } from '../withServer';
import { outcome, texts } from './client';
import type { Reply, Sent } from './client';

const server = withServer({ bucketsOfEachTest: ['b'] });
const send = (method: string, sent: Sent = {}, path = '/b/key') => server.send(method, path, sent);
const put = (body: string) => send('PUT', { body });
const get = (headers: Record<string, string> = {}, query: Record<string, string> = {}) =>
	send('GET', { headers, query });

describe('versions', () => {
	const versioning = (status: string) =>
		send(
			'PUT',
			{
				query: { versioning: '' },
				body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
			},
			'/b',
		);
	const versionOf = (reply: Reply) => String(reply.headers['x-amz-version-id']);
	const list = async (query: Record<string, string> = {}) =>
		(await send('GET', { query: { versions: '', ...query } }, '/b')).text;

	it('versions are kept, and hidden by a delete marker', async () => {
		await put('before');
		expect((await versioning('Enabled')).status).toBe(200);
		const first = versionOf(await put('first'));
		const second = versionOf(await put('second'));
		expect((await get()).text).toBe('second');
		expect((await get({}, { versionId: first })).text).toBe('first');
		expect((await get({}, { versionId: 'null' })).text).toBe('before');
		const marker = versionOf(await send('DELETE'));
		const hidden = await get();
		expect(outcome(hidden)).toEqual([404, 'NoSuchKey']);
		expect(hidden.headers['x-amz-delete-marker']).toBe('true');
		expect(outcome(await get({}, { versionId: marker }))).toEqual([405, 'MethodNotAllowed']);
		expect(texts((await send('GET', {}, '/b')).text, 'Key')).toEqual([]);
		expect(texts(await list(), 'VersionId')).toEqual([marker, second, first, 'null']);
		expect(texts(await list(), 'IsLatest')).toEqual(['true', 'false', 'false', 'false']);
		const removed = await send('DELETE', { query: { versionId: marker } });
		expect(removed.headers['x-amz-delete-marker']).toBe('true');
		expect((await get()).text).toBe('second');
		expect((await send('DELETE', {}, '/b')).code).toBe('BucketNotEmpty');
	});

	it('versions are listed page by page', async () => {
		await versioning('Enabled');
		const ids: string[] = [];
		for (const key of ['a', 'b/1', 'b/2']) {
			for (let round = 0; round < 3; round++) {
				ids.push(versionOf(await send('PUT', { body: 'x' }, `/b/${key}`)));
			}
		}
		const found: string[] = [];
		let next: Record<string, string> = {};
		for (;;) {
			const page = await list({ 'max-keys': '2', ...next });
			found.push(...texts(page, 'VersionId'));
			if (texts(page, 'IsTruncated')[0] === 'false') break;
			next = {
				'key-marker': texts(page, 'NextKeyMarker')[0]!,
				'version-id-marker': texts(page, 'NextVersionIdMarker')[0]!,
			};
		}
		expect(found.sort()).toEqual(ids.sort());
		const rolled = await list({ delimiter: '/' });
		expect(texts(rolled, 'Key')).toEqual(['a', 'a', 'a']);
		expect(texts(rolled, 'Prefix')).toContain('b/');
	});

	it('versions that are all deleted make no common prefix', async () => {
		await versioning('Enabled');
		for (const path of ['/b/gone/1', '/b/gone/2', '/b/here/1']) await send('PUT', {}, path);
		for (const path of ['/b/gone/1', '/b/gone/2']) await send('DELETE', {}, path);
		const { text } = await send('GET', { query: { delimiter: '/' } }, '/b');
		expect(text).not.toContain('gone/');
		expect(text).toContain('<CommonPrefixes><Prefix>here/</Prefix></CommonPrefixes>');
	});

	it('a listing of versions tells of restores only if that is asked for, and knows no other attribute', async () => {
		await versioning('Enabled');
		await put('key');
		server.store.bucket('b').get('key')!.headers['x-amz-restore'] = 'ongoing-request="true"';
		await put('key');
		const asking = async (attribute: string) =>
			await send(
				'GET',
				{
					query: { versions: '' },
					headers: { 'x-amz-optional-object-attributes': attribute },
				},
				'/b',
			);
		expect(await list()).not.toContain('<RestoreStatus>');
		expect(texts((await asking('RestoreStatus')).text, 'IsRestoreInProgress')).toEqual(['true']);
		expect((await asking('Other')).status).toBe(400);
	});

	it('versions are replaced by each other once they are suspended', async () => {
		await versioning('Enabled');
		const kept = versionOf(await put('kept'));
		await versioning('Suspended');
		await put('one');
		expect(versionOf(await put('two'))).toBe('null');
		expect(texts(await list(), 'VersionId')).toEqual(['null', kept]);
	});
});
