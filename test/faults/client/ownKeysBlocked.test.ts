/** Buckets of AWS that refuse objects under a customer's own key: it says no more than of any other denial. */
import { openS3 } from '../../../s3/client/openS3';
import { connectionTo } from '../../servers/connectionTo';
import { startHttpProxy } from '../../servers/httpProxy';
import { issue } from '../../servers/rolesAnywhere/authority';
import { withServer } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';

const HOST = 's3.us-east-1.amazonaws.com';
const authority = issue({ name: 'Amazon of the tests', ca: true });
const { pem: cert, keyPem: key } = issue({ name: HOST, hosts: [HOST] }, authority);
const server = withServer({ buckets: ['data'], tls: { cert, key } });
const object = { Bucket: 'data', Key: 'key' };
const ownKey = {
	SSECustomerAlgorithm: 'AES256',
	SSECustomerKey: Buffer.alloc(32, 7).toString('base64'),
};

it('a denied put under a customer’s own key says on AWS that the bucket may refuse such keys, and a denied get does not', async () => {
	const { host } = new URL(server.endpoint);
	const proxy = await startHttpProxy({ hosts: { [`${HOST}:443`]: host } });
	const s3 = await openS3(
		connectionTo(server, {
			endpoint: undefined,
			addressingStyle: 'path',
			caCertificate: authority.pem,
			proxy: { kind: 'custom', url: proxy.url, user: undefined, password: undefined },
		}),
	);
	server.faults.add({ effect: { kind: 'answer', status: 403, code: 'AccessDenied' } });
	const call = { signal: undefined, retryFor: 0 };
	const put = await rejectionOf(s3.send('PutObject', { ...object, ...ownKey, Body: 'x' }, call));
	expect(put.kind).toBe('denied');
	expect(put.advice).toContain('BlockedEncryptionTypes');
	const others = [
		s3.send('PutObject', { ...object, Body: 'x' }, call),
		s3.send('GetObject', { ...object, ...ownKey }, call),
	];
	for (const other of others) {
		expect((await rejectionOf(other)).advice).not.toContain('BlockedEncryptionTypes');
	}
	await proxy.stop();
});
