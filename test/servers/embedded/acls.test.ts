import { withServer } from '../withServer';
import { outcome, texts } from './client';
import type { Sent } from './client';

const server = withServer({ bucketsOfEachTest: ['b'] });
const send = (method: string, sent: Sent = {}) => server.send(method, '/b/key', sent);
const put = (acl?: string) =>
	send('PUT', { body: 'x', headers: acl === undefined ? {} : { 'x-amz-acl': acl } });
const aclOf = (sent: Sent = {}) => send('GET', { query: { acl: '' }, ...sent });

describe('ACLs', () => {
	it('a bucket has ACLs only if that was asked for when it was made', async () => {
		expect(outcome(await put('private'))).toEqual([400, 'AccessControlListNotSupported']);
		expect((await put('bucket-owner-full-control')).status).toBe(200);
		const headers = { 'x-amz-object-ownership': 'ObjectWriter' };
		await server.send('PUT', '/with-acls', { headers });
		const open = { body: 'x', headers: { 'x-amz-acl': 'public-read' } };
		expect((await server.send('PUT', '/with-acls/key', open)).status).toBe(200);
		const controls = await server.send('GET', '/with-acls', { query: { ownershipControls: '' } });
		expect(texts(controls.text, 'ObjectOwnership')).toEqual(['ObjectWriter']);
		const wrong = { headers: { 'x-amz-object-ownership': 'Nobody' } };
		expect(outcome(await server.send('PUT', '/wrong', wrong))).toEqual([400, 'InvalidArgument']);
		expect((await server.send('HEAD', '/wrong')).status).toBe(404);
	});

	it('the ACL of an object names its owner and groups, and nothing of what it replaces', async () => {
		server.store.bucket('b').ownership = 'BucketOwnerPreferred';
		await put('public-read-write');
		const { text } = await aclOf();
		expect(texts(text, 'Permission')).toEqual(['FULL_CONTROL', 'READ', 'WRITE']);
		expect(texts(text, 'URI')).toEqual([
			'http://acs.amazonaws.com/groups/global/AllUsers',
			'http://acs.amazonaws.com/groups/global/AllUsers',
		]);
		await put();
		expect(texts((await aclOf()).text, 'Permission')).toEqual(['FULL_CONTROL']);
	});

	it('an ACL needs a permission of its own, to be read and to be written', async () => {
		await put();
		const user = server.users.limited;
		user.allow = [{ actions: ['s3:GetObject', 's3:PutObject'], resources: ['*'] }];
		expect(outcome(await aclOf({ user }))).toEqual([403, 'AccessDenied']);
		const headers = { 'x-amz-acl': 'bucket-owner-full-control' };
		expect(outcome(await send('PUT', { headers, user }))).toEqual([403, 'AccessDenied']);
		user.allow = [{ actions: ['s3:GetObjectAcl'], resources: ['b/key'] }];
		expect((await aclOf({ user })).status).toBe(200);
	});

	it('there is no ACL of what is not there', async () => {
		expect(outcome(await aclOf())).toEqual([404, 'NoSuchKey']);
	});
});
