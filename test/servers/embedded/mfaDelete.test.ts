import { issue } from '../rolesAnywhere/authority';
import { withServer } from '../withServer';
import type { RunningServer } from '../withServer';
import { md5, outcome } from './client';

const MFA = 'arn:aws:iam::111122223333:mfa/device 123456';
const { pem: cert, keyPem: key } = issue({ name: 'S3', hosts: ['127.0.0.1'] });

const plain = withServer({ bucketsOfEachTest: ['b'] });
const secure = withServer({ bucketsOfEachTest: ['b'], tls: { cert, key } });

/** The ID of a version in a bucket that wants a code for its deletion. */
async function protectedVersion(server: RunningServer): Promise<string> {
	const bucket = server.store.bucket('b');
	bucket.versioning = 'Enabled';
	bucket.mfaDelete = true;
	server.users.main.mfa = MFA;
	const { headers } = await server.send('PUT', '/b/key', { body: 'x' });
	return String(headers['x-amz-version-id']);
}

const remove = (server: RunningServer, versionId: string, mfa?: string) =>
	server.send('DELETE', '/b/key', {
		query: { versionId },
		headers: mfa === undefined ? {} : { 'x-amz-mfa': mfa },
	});

describe('MFA delete', () => {
	it('MFA delete lets a version be deleted with the code of the device', async () => {
		const version = await protectedVersion(secure);
		expect((await remove(secure, version, MFA)).status).toBe(204);
	});

	it.each([undefined, '', MFA.replace('6', '7'), '123456'])(
		'MFA delete refuses to delete a version with the code %j',
		async (code) => {
			const version = await protectedVersion(secure);
			expect(outcome(await remove(secure, version, code))).toEqual([403, 'AccessDenied']);
			expect(secure.store.bucket('b').allOf('key')).toHaveLength(1);
		},
	);

	it('MFA delete refuses a code that did not come over TLS', async () => {
		const version = await protectedVersion(plain);
		expect(outcome(await remove(plain, version, MFA))).toEqual([403, 'AccessDenied']);
	});

	it('MFA delete needs no code for a delete marker', async () => {
		await protectedVersion(plain);
		expect((await plain.send('DELETE', '/b/key')).status).toBe(204);
	});

	it('MFA delete stops a whole DeleteObjects for one version without its code', async () => {
		const version = await protectedVersion(secure);
		const ofVersion = `<Object><Key>key</Key><VersionId>${version}</VersionId></Object>`;
		const body = `<Delete><Object><Key>other</Key></Object>${ofVersion}</Delete>`;
		const send = (headers: Record<string, string>) =>
			secure.send('POST', '/b', {
				query: { delete: '' },
				body,
				headers: { 'content-md5': md5(body), ...headers },
			});
		expect(outcome(await send({}))).toEqual([403, 'AccessDenied']);
		expect(secure.store.bucket('b').allOf('other')).toEqual([]);
		expect((await send({ 'x-amz-mfa': MFA })).text).not.toContain('<Error>');
	});

	it('MFA delete is switched on and off with a code', async () => {
		secure.users.main.mfa = MFA;
		const put = (mfaDelete: string, headers: Record<string, string> = {}) =>
			secure.send('PUT', '/b', {
				query: { versioning: '' },
				body: `<VersioningConfiguration><Status>Enabled</Status><MfaDelete>${mfaDelete}</MfaDelete></VersioningConfiguration>`,
				headers,
			});
		const get = async () => (await secure.send('GET', '/b', { query: { versioning: '' } })).text;
		expect(outcome(await put('Enabled'))).toEqual([403, 'AccessDenied']);
		expect(outcome(await put('On'))).toEqual([400, 'MalformedXML']);
		expect((await put('Enabled', { 'x-amz-mfa': MFA })).status).toBe(200);
		expect(await get()).toContain('<MfaDelete>Enabled</MfaDelete>');
		expect(outcome(await put('Disabled'))).toEqual([403, 'AccessDenied']);
		expect((await put('Disabled', { 'x-amz-mfa': MFA })).status).toBe(200);
		expect(await get()).not.toContain('MfaDelete');
	});
});
