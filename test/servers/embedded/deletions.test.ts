import { createHash } from 'node:crypto';
import { withServer } from '../withServer';
import { md5, outcome, pathOf, texts } from './client';
import type { Reply, Sent } from './client';
import { escapeXml } from './xml';

const server = withServer({ bucketsOfEachTest: ['b'] });

const send = (method: string, sent: Sent = {}, path = '/b/key') => server.send(method, path, sent);
const put = (path = '/b/key', headers: Record<string, string> = {}) =>
	send('PUT', { body: 'x', headers }, path);
const etag = createHash('md5').update('x').digest('hex');
const versionOf = ({ headers }: Reply) => String(headers['x-amz-version-id']);
const isThere = async (path = '/b/key', query: Record<string, string> = {}) =>
	(await send('HEAD', { query }, path)).status === 200;
const bucket = () => server.store.bucket('b');
const later = () => new Date(Date.now() + 60_000).toISOString();

describe('DeleteObject', () => {
	it.each(['/b/key', '/b/none'])(
		'DeleteObject succeeds for %s, whether it is there or not',
		async (path) => {
			await put();
			const { status, headers } = await send('DELETE', {}, path);
			expect([status, headers['x-amz-delete-marker']]).toEqual([204, undefined]);
			expect(await isThere(path)).toBe(false);
		},
	);

	it('DeleteObject puts a delete marker if versions are kept, also for a key that is not there', async () => {
		bucket().versioning = 'Enabled';
		const version = versionOf(await put());
		for (const path of ['/b/key', '/b/none']) {
			const reply = await send('DELETE', {}, path);
			expect(reply.headers['x-amz-delete-marker']).toBe('true');
			expect(versionOf(reply)).toMatch(/^[0-9a-f]{32}$/);
		}
		expect(await isThere('/b/key', { versionId: version })).toBe(true);
	});

	it('DeleteObject replaces the null version by a null marker if versions are suspended', async () => {
		await put();
		bucket().versioning = 'Suspended';
		const reply = await send('DELETE');
		expect([versionOf(reply), reply.headers['x-amz-delete-marker']]).toEqual(['null', 'true']);
		expect(bucket().allOf('key')).toHaveLength(1);
	});

	it('DeleteObject deletes a version for good, and a marker, which brings the object back', async () => {
		bucket().versioning = 'Enabled';
		const [first, second] = [versionOf(await put()), versionOf(await put())];
		const marker = versionOf(await send('DELETE'));
		const removed = await send('DELETE', { query: { versionId: marker } });
		expect([versionOf(removed), removed.headers['x-amz-delete-marker']]).toEqual([marker, 'true']);
		expect(await isThere()).toBe(true);
		const gone = await send('DELETE', { query: { versionId: first } });
		expect([versionOf(gone), gone.headers['x-amz-delete-marker']]).toEqual([first, undefined]);
		expect(
			bucket()
				.allOf('key')
				.map(({ versionId }) => versionId),
		).toEqual([second]);
	});

	it('DeleteObject refuses an empty version ID, which would be the newest by mistake', async () => {
		await put();
		const reply = await send('DELETE', { query: { versionId: '' } });
		expect(outcome(reply)).toEqual([400, 'InvalidArgument']);
		expect(await isThere()).toBe(true);
	});

	it('DeleteObject needs the permission for versions only for a version', async () => {
		const user = server.users.limited;
		await put();
		user.allow = [{ actions: ['s3:DeleteObject'], resources: ['b/*'] }];
		const ofVersion = await send('DELETE', { user, query: { versionId: 'null' } });
		expect(outcome(ofVersion)).toEqual([403, 'AccessDenied']);
		user.allow = [{ actions: ['s3:DeleteObjectVersion'], resources: ['b/*'] }];
		expect(outcome(await send('DELETE', { user }))).toEqual([403, 'AccessDenied']);
		expect((await send('DELETE', { user, query: { versionId: 'null' } })).status).toBe(204);
	});
});

describe('If-Match of DeleteObject', () => {
	const remove = (match: string, sent: Sent = {}) =>
		send('DELETE', { ...sent, headers: { 'if-match': match } });

	it.each([etag, `"${etag}"`, '*'])('%s deletes the object', async (match) => {
		await put();
		expect((await remove(match)).status).toBe(204);
		expect(await isThere()).toBe(false);
	});

	it('If-Match with another ETag deletes nothing', async () => {
		await put();
		expect(outcome(await remove('"other"'))).toEqual([412, 'PreconditionFailed']);
		expect(await isThere()).toBe(true);
	});

	it.each([etag, '*'])('%s is refused for a key that is not there', async (match) => {
		expect(outcome(await remove(match))).toEqual([404, 'NoSuchKey']);
	});

	it.each([etag, '*'])('%s is refused for a delete marker, and puts none', async (match) => {
		bucket().versioning = 'Enabled';
		await put();
		await send('DELETE');
		expect(outcome(await remove(match))).toEqual([412, 'PreconditionFailed']);
		expect(bucket().allOf('key')).toHaveLength(2);
	});

	it('If-Match of DeleteObject is about the newest version, also if another one is to be deleted', async () => {
		bucket().versioning = 'Enabled';
		const first = versionOf(await send('PUT', { body: 'another' }));
		const newest = (await put()).headers.etag as string;
		const query = { versionId: first };
		const other = `"${createHash('md5').update('another').digest('hex')}"`;
		expect(outcome(await remove(other, { query }))).toEqual([412, 'PreconditionFailed']);
		expect((await remove(newest, { query })).status).toBe(204);
		expect(await isThere('/b/key', query)).toBe(false);
	});

	it('If-Match of DeleteObject needs the permission to read for an ETag, and none for *', async () => {
		const user = server.users.limited;
		user.allow = [{ actions: ['s3:DeleteObject'], resources: ['*'] }];
		await put();
		expect(outcome(await remove(etag, { user }))).toEqual([403, 'AccessDenied']);
		expect((await remove('*', { user })).status).toBe(204);
	});

	it.each(['x-amz-if-match-size', 'x-amz-if-match-last-modified-time'])(
		'If-Match of DeleteObject has no %s beside it, which is for directory buckets',
		async (name) => {
			await put();
			const reply = await send('DELETE', { headers: { [name]: '1' } });
			expect(outcome(reply)).toEqual([501, 'NotImplemented']);
			expect(await isThere()).toBe(true);
		},
	);
});

describe('DeleteObjects', () => {
	const remove = (body: string, sent: Sent = {}) =>
		send(
			'POST',
			{ query: { delete: '' }, body, headers: { 'content-md5': md5(body) }, ...sent },
			'/b',
		);
	const object = (key: string, more = '') => `<Object><Key>${escapeXml(key)}</Key>${more}</Object>`;
	const request = (...objects: string[]) => `<Delete>${objects.join('')}</Delete>`;
	const keys = (...names: string[]) => request(...names.map((name) => object(name)));

	it('DeleteObjects deletes what is there, and says the same of what is not', async () => {
		await put();
		const { text } = await remove(keys('key', 'none'));
		expect(texts(text, 'Key')).toEqual(['key', 'none']);
		expect(text).not.toContain('<Error>');
		expect(await isThere()).toBe(false);
	});

	it('DeleteObjects takes 1,000 keys and no more', async () => {
		const names = Array.from({ length: 1001 }, (_, i) => `k${i}`);
		server.store.putMany('b', names);
		expect(outcome(await remove(keys(...names)))).toEqual([400, 'MalformedXML']);
		expect([...bucket().keys.from('', true)]).toHaveLength(1001);
		expect(texts((await remove(keys(...names.slice(1)))).text, 'Key')).toHaveLength(1000);
		expect([...bucket().keys.from('', true)]).toEqual(['k0']);
	});

	it.each(['<Quiet>true</Quiet>', '<Quiet> true </Quiet>'])(
		'DeleteObjects says nothing of what went well with %s',
		async (quiet) => {
			server.users.limited.allow = [{ actions: ['s3:DeleteObject'], resources: ['b/mine'] }];
			const body = request(quiet, object('mine'), object('theirs'));
			const { text } = await remove(body, { user: server.users.limited });
			expect(text).not.toContain('<Deleted>');
			expect(texts(text, 'Key')).toEqual(['theirs']);
		},
	);

	it('DeleteObjects says what went well with Quiet off', async () => {
		const { text } = await remove(request(object('key'), '<Quiet>false</Quiet>'));
		expect(text).toContain('<Deleted><Key>key</Key></Deleted>');
	});

	it.each<[string, Record<string, string>, (string | number | undefined)[]]>([
		['no checksum', {}, [400, 'InvalidRequest']],
		['a wrong Content-MD5', { 'content-md5': md5('other') }, [400, 'BadDigest']],
		['a Content-MD5 that is none', { 'content-md5': 'x' }, [400, 'InvalidDigest']],
		['a wrong CRC32', { 'x-amz-checksum-crc32': 'AAAAAA==' }, [400, 'BadDigest']],
		['the right SHA256', { 'x-amz-checksum-sha256': '' }, [200, undefined]],
		['the right Content-MD5', { 'content-md5': '' }, [200, undefined]],
	])('DeleteObjects looks at the checksum of its body: %s', async (_, headers, expected) => {
		await put();
		const body = keys('key');
		const right = {
			'content-md5': md5(body),
			'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
		};
		const filled = Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [
				name,
				value || right[name as keyof typeof right],
			]),
		);
		expect(outcome(await remove(body, { headers: filled }))).toEqual(expected);
		expect(await isThere()).toBe(expected[0] !== 200);
	});

	it.each([
		'a&b',
		'<a>',
		`"quoted" 'too'`,
		'a\nb',
		'a\r\nb',
		'a\rb',
		'\t',
		' a ',
		'\u007f',
		'\u0085',
		'\u2028',
		'\ufeff',
		'\ud7ff\ue000\ufffd',
		'🙂',
		'\u{10ffff}',
		']]>',
		'<!--',
		'&amp;',
		'%2F',
		'é',
		'e\u0301',
		'//',
		'..',
	])('DeleteObjects deletes the key %j alone', async (key) => {
		const path = `/b/${pathOf(key)}`;
		await put(path);
		await put('/b/other');
		const { status, text } = await remove(keys(key));
		expect([status, texts(text, 'Key')]).toEqual([200, [key]]);
		expect([await isThere(path), await isThere('/b/other')]).toEqual([false, true]);
	});

	it('DeleteObjects takes a carriage return that is not escaped for a line feed, as XML has it', async () => {
		for (const path of ['/b/a%0Db', '/b/a%0Ab']) await put(path);
		expect(
			texts((await remove('<Delete><Object><Key>a\rb</Key></Object></Delete>')).text, 'Key'),
		).toEqual(['a\nb']);
		expect([await isThere('/b/a%0Db'), await isThere('/b/a%0Ab')]).toEqual([true, false]);
	});

	it.each([
		'',
		' ',
		'<Delete>',
		'<Delete/>',
		'<Other/>',
		keys('a').replace('</Delete>', ''),
		keys('a').slice(1),
		'<Delete><Object><Key>k</Object></Key></Delete>',
		'<Delete><Object/></Delete>',
		'<Delete><Object><VersionId>v</VersionId></Object></Delete>',
		request(object('a', '<Key>b</Key>')),
		request(object('a', '<Size2>1</Size2>')),
		request('<Prefix>a</Prefix>', object('a')),
		request(object('a'), '<Quiet>yes</Quiet>'),
		request('text', object('a')),
		`${keys('a')}${keys('b')}`,
		'<Delete><Object><Key>a&b</Key></Object></Delete>',
		'<Delete><Object><Key>&nbsp;</Key></Object></Delete>',
		'<!DOCTYPE Delete [<!ENTITY a "key">]><Delete><Object><Key>&a;</Key></Object></Delete>',
	])('DeleteObjects refuses %j, and deletes nothing', async (body) => {
		await put('/b/a');
		expect(outcome(await remove(body))).toEqual([400, 'MalformedXML']);
		expect(await isThere('/b/a')).toBe(true);
	});

	it.each(['\u0000', '\u0001', '\u000b', '\u001f', '\ufffe', '\uffff'])(
		'DeleteObjects refuses the character %j, which XML does not have, written as it is and as a reference',
		async (character) => {
			const reference = `&#${character.charCodeAt(0)};`;
			for (const written of [character, reference]) {
				const body = `<Delete><Object><Key>${written}</Key></Object></Delete>`;
				expect(outcome(await remove(body))).toEqual([400, 'MalformedXML']);
			}
		},
	);

	it.each(['&#xD800;', '&#x110000;', '&#0;'])(
		'DeleteObjects refuses %s, which is no character',
		async (reference) => {
			const body = `<Delete><Object><Key>${reference}</Key></Object></Delete>`;
			expect(outcome(await remove(body))).toEqual([400, 'MalformedXML']);
		},
	);

	it('DeleteObjects refuses a request with an empty key', async () => {
		await put();
		expect(outcome(await remove(keys('key', '')))).toEqual([400, 'UserKeyMustBeSpecified']);
		expect(await isThere()).toBe(true);
	});

	it('DeleteObjects reports a key that is too long, and deletes the others', async () => {
		await put();
		const { text } = await remove(keys('k'.repeat(1025), 'key'));
		expect(texts(text, 'Code')).toEqual(['KeyTooLongError']);
		expect(await isThere()).toBe(false);
	});

	it('DeleteObjects reports what the user may not delete, and deletes the others', async () => {
		server.users.limited.allow = [{ actions: ['s3:DeleteObject'], resources: ['b/mine*'] }];
		const { text } = await remove(keys('mine', 'theirs'), { user: server.users.limited });
		expect(text).toMatch(
			/<Deleted><Key>mine<\/Key><\/Deleted><Error><Key>theirs<\/Key><Code>AccessDenied</,
		);
	});

	it('DeleteObjects is refused as a whole for a bucket that is not there', async () => {
		const body = keys('key');
		const sent = { query: { delete: '' }, body, headers: { 'content-md5': md5(body) } };
		expect(outcome(await send('POST', sent, '/none'))).toEqual([404, 'NoSuchBucket']);
	});

	it('DeleteObjects puts markers and deletes versions, and says which', async () => {
		bucket().versioning = 'Enabled';
		const version = versionOf(await put());
		const { text } = await remove(
			request(object('key'), object('key', `<VersionId>${version}</VersionId>`)),
		);
		const [{ versionId: marker } = { versionId: '' }] = bucket().allOf('key');
		expect(text).toContain(
			`<Deleted><Key>key</Key><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>${marker}</DeleteMarkerVersionId></Deleted><Deleted><Key>key</Key><VersionId>${version}</VersionId></Deleted>`,
		);
		const gone = await remove(request(object('key', `<VersionId>${marker}</VersionId>`)));
		expect(gone.text).toContain(
			`<Deleted><Key>key</Key><VersionId>${marker}</VersionId><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>${marker}</DeleteMarkerVersionId></Deleted>`,
		);
		expect(bucket().isEmpty).toBe(true);
	});

	it('DeleteObjects keeps the condition of each key', async () => {
		for (const path of ['/b/same', '/b/changed']) await put(path);
		const condition = (key: string, match: string) => object(key, `<ETag>${match}</ETag>`);
		const { text } = await remove(
			request(condition('same', etag), condition('changed', '"other"'), condition('none', '*')),
		);
		expect([texts(text, 'Key'), texts(text, 'Code')]).toEqual([
			['same', 'changed', 'none'],
			['PreconditionFailed', 'NoSuchKey'],
		]);
		expect([await isThere('/b/same'), await isThere('/b/changed')]).toEqual([false, true]);
	});

	it.each(['<Size>1</Size>', '<LastModifiedTime>x</LastModifiedTime>', '<VersionId></VersionId>'])(
		'DeleteObjects reports a key with %s, and deletes nothing',
		async (more) => {
			await put();
			const { text } = await remove(request(object('key', more)));
			expect(texts(text, 'Code')[0]).toMatch(/^(NotImplemented|InvalidArgument)$/);
			expect(await isThere()).toBe(true);
		},
	);

	it('DeleteObjects reports the error that a test wants for a key, which stays', async () => {
		for (const path of ['/b/a', '/b/c']) await put(path);
		const effect = { kind: 'refuseKeys', keys: ['a'], code: 'InternalError' } as const;
		server.faults.add({ effect, times: 1 });
		const { text } = await remove(keys('a', 'c'));
		expect([texts(text, 'Code'), texts(text, 'Key')]).toEqual([['InternalError'], ['a', 'c']]);
		expect([await isThere('/b/a'), await isThere('/b/c')]).toEqual([true, false]);
		expect((await remove(keys('a'))).text).not.toContain('<Error>');
	});

	it('DeleteObjects says nothing of a key that a test wants to be left out', async () => {
		server.faults.add({ effect: { kind: 'omitKeys', keys: ['a'] } });
		expect(texts((await remove(keys('a', 'c'))).text, 'Key')).toEqual(['c']);
	});
});

describe('a locked version', () => {
	const lock = (headers: Record<string, string>) =>
		put('/b/key', { 'content-md5': md5('x'), ...headers });
	const remove = (versionId: string, headers: Record<string, string> = {}, sent: Sent = {}) =>
		send('DELETE', { query: { versionId }, headers, ...sent });
	const bypass = { 'x-amz-bypass-governance-retention': 'true' };
	const retained = (mode: string) => ({
		'x-amz-object-lock-mode': mode,
		'x-amz-object-lock-retain-until-date': later(),
	});
	beforeEach(() => (bucket().versioning = 'Enabled'));

	it('a locked version is hidden by a marker like any other', async () => {
		await lock(retained('COMPLIANCE'));
		expect((await send('DELETE')).headers['x-amz-delete-marker']).toBe('true');
	});

	it.each([
		['in compliance mode', () => retained('COMPLIANCE'), bypass],
		['with a legal hold', () => ({ 'x-amz-object-lock-legal-hold': 'ON' }), bypass],
		['in governance mode without the header', () => retained('GOVERNANCE'), {}],
		[
			'in governance mode with the header off',
			() => retained('GOVERNANCE'),
			{ 'x-amz-bypass-governance-retention': 'false' },
		],
	])('a locked version is not deleted %s', async (_, headers, sent) => {
		const version = versionOf(await lock(headers()));
		const reply = await remove(version, sent);
		expect(outcome(reply)).toEqual([403, 'AccessDenied']);
		expect(texts(reply.text, 'Message')).toEqual([
			'Access Denied because object protected by object lock.',
		]);
		expect(await isThere('/b/key', { versionId: version })).toBe(true);
	});

	it('a locked version in governance mode is deleted with the header and its permission', async () => {
		const version = versionOf(await lock(retained('GOVERNANCE')));
		const user = server.users.limited;
		user.allow = [{ actions: ['s3:DeleteObject*'], resources: ['*'] }];
		const refused = await remove(version, bypass, { user });
		expect(outcome(refused)).toEqual([403, 'AccessDenied']);
		expect(refused.text).toContain('s3:BypassGovernanceRetention');
		user.allow.push({ actions: ['s3:BypassGovernanceRetention'], resources: ['b/key'] });
		expect((await remove(version, bypass, { user })).status).toBe(204);
	});

	it('a locked version is an error of its key in DeleteObjects', async () => {
		const version = versionOf(await lock(retained('GOVERNANCE')));
		const body = `<Delete><Object><Key>key</Key><VersionId>${version}</VersionId></Object><Object><Key>other</Key></Object></Delete>`;
		const sent = { query: { delete: '' }, body, headers: { 'content-md5': md5(body) } };
		const { status, text } = await send('POST', sent, '/b');
		expect([status, texts(text, 'Code'), texts(text, 'Key')]).toEqual([
			200,
			['AccessDenied'],
			['key', 'other'],
		]);
	});

	it('a locked version is told to a user who may read the lock', async () => {
		await lock({ ...retained('GOVERNANCE'), 'x-amz-object-lock-legal-hold': 'ON' });
		const user = server.users.limited;
		const locks = async () =>
			Object.keys((await send('HEAD', { user })).headers).filter((name) => name.includes('lock'));
		user.allow = [{ actions: ['s3:GetObject'], resources: ['*'] }];
		expect(await locks()).toEqual([]);
		user.allow = [{ actions: ['s3:GetObject', 's3:GetObjectRetention'], resources: ['*'] }];
		expect(await locks()).toHaveLength(2);
		user.allow = [{ actions: ['s3:GetObject', 's3:GetObjectLegalHold'], resources: ['*'] }];
		expect(await locks()).toEqual(['x-amz-object-lock-legal-hold']);
	});
});
