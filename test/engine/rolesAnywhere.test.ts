/** A certificate instead of keys, from the credential's fields to the objects. */
import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { issue } from '../servers/rolesAnywhere/authority';
import { startRolesAnywhere, type RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { withServer } from '../servers/withServer';
import { runNode, type Credential } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const root = issue({ name: 'Company CA', ca: true });
const leaf = issue({ name: 'n8n' }, root);

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
withBinaryStore();
let service: RolesAnywhereServer;
let credential: Credential;

beforeAll(async () => {
	service = await startRolesAnywhere({
		account: accountTrusting(root),
		onSession: ({ roleArn, ...keys }) => {
			server.addUser({ name: roleArn, ...keys });
		},
	});
	const fields = {
		trustAnchorArn: TRUST_ANCHOR_ARN,
		profileArn: PROFILE_ARN,
		roleArn: ROLE_ARN,
		rolesAnywhereRegion: 'us-east-1',
		rolesAnywhereCustomRegion: 'eu-central-1',
		durationSeconds: 3600,
		// As a form field of one line leaves it.
		publicCertificate: leaf.pem.replaceAll('\n', ' '),
		privateKey: leaf.keyPem.replaceAll('\n', ' '),
		rolesAnywhereEndpoint: service.endpoint,
		endpoint: server.endpoint,
		bucket,
	};
	credential = fields as unknown as Credential;
});
afterAll(() => service.stop());

const run = (operation: string, parameters: object, count = 1) =>
	runNode({
		items: Array.from({ length: count }, (_, n) => ({ json: { n } })),
		parameters: { authentication: 'rolesAnywhere', resource: 'object', operation, ...parameters },
		credential,
	});

async function save(fields: object) {
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const data = { ...credential, ...fields };
	const saved = { id: '1', name: 'x', type: 'amazonS3RolesAnywhereApi', data };
	return await amazonS3ConnectionTest.call(undefined as never, saved);
}

describe('Roles Anywhere', () => {
	it('Roles Anywhere lends one session for many items of several nodes and executions', async () => {
		const key = '=key/{{ $json.n }}';
		const put = await run('put', { key, source: 'text', text: '={{ $json.n }}' }, 100);
		expect(put.error).toBeUndefined();
		const list = await run('list', { returnAll: true });
		expect(list.outputs[0]).toHaveLength(100);
		const get = await run('get', { key: { __rl: true, mode: 'key', value: key }, as: 'text' }, 100);
		expect(get.outputs[0]?.map(({ json }) => json.text)).toEqual(
			Array.from({ length: 100 }, (_, n) => String(n)),
		);
		expect(service.requestCount).toBe(1);
	});

	it('the connection test of Roles Anywhere says whose permissions n8n has', async () => {
		const { status, message } = await save({});
		expect(status).toBe('OK');
		expect(message).toContain(`Connected as role ${ROLE_ARN}`);
	});

	it('Roles Anywhere needs no region beside the ARNs, and one that was saved counts', async () => {
		const { rolesAnywhereRegion, rolesAnywhereCustomRegion, ...fields } = credential;
		const runWith = async (saved: object) => {
			const parameters = { authentication: 'rolesAnywhere', operation: 'list', output: 'array' };
			return await runNode({ parameters, credential: { ...fields, ...saved } });
		};
		expect((await runWith({})).error).toBeUndefined();
		expect((await runWith({ rolesAnywhereRegion: '' })).error).toBeUndefined();
		expect((await runWith({ rolesAnywhereRegion: 'eu-central-1' })).error).toBeUndefined();
		const wrong = await runWith({ rolesAnywhereRegion });
		expect(wrong.error?.message).toContain('in region eu-central-1 but the Roles Anywhere region');
		const right = await runWith({ rolesAnywhereRegion, rolesAnywhereCustomRegion });
		expect(right.error).toBeUndefined();
	});

	it.each([
		[
			'a key of another certificate',
			{ privateKey: issue({ name: 'other' }, root).keyPem },
			/private key/,
		],
		['a certificate that is none', { publicCertificate: 'hello' }, /Certificate/],
		['an ARN of something else', { trustAnchorArn: ROLE_ARN }, /Trust Anchor ARN/],
		['another region than the trust anchor’s', { rolesAnywhereCustomRegion: '' }, /eu-central-1/],
		['a duration of a second', { durationSeconds: 1 }, /Duration/],
		['no profile', { profileArn: '' }, /Profile ARN/],
	])(
		'a credential with %s is refused when it is saved, and the field is named',
		async (_, fields, words) => {
			const before = service.requestCount;
			const { status, message } = await save(fields);
			expect(status).toBe('Error');
			expect(message).toMatch(words);
			expect(message).not.toContain(leaf.keyPem.split('\n')[1]);
			expect(service.requestCount).toBe(before);
		},
	);

	it('the failure repeats what Roles Anywhere says of an authority it does not trust', async () => {
		const stranger = issue({ name: 'n8n' }, issue({ name: 'Stranger CA', ca: true }));
		const fields = { publicCertificate: stranger.pem, privateKey: stranger.keyPem };
		const { status, message } = await save(fields);
		expect(status).toBe('Error');
		expect(message).toMatch(/AccessDenied|Untrusted/);
	});
});
