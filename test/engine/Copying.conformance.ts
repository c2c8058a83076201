/** Copies between two users of radosgw, of whom the second one may read the source by the policy of its bucket. */
import { putUserPolicy } from '../docs/userPolicy';
import { startRadosgw, type Radosgw } from '../servers/radosgw/radosgw';
import { newBucket, putAll, send } from './bucket';
import { runNode, type Credential } from './n8n';

let server: Radosgw;
let main: Credential;
let limited: Credential;
let source: string;
let target: string;

beforeAll(async () => {
	server = startRadosgw({ port: 8870, gibibytes: 1 });
	main = { endpoint: server.endpoint, ...server.users.main };
	limited = { endpoint: server.endpoint, ...server.users.limited };
	source = await newBucket(main);
	target = await newBucket(main);
	await putAll(main, source, { key: 'content' });
	await putUserPolicy(main, policyFor(target, { Action: ['s3:GetObject*', 's3:PutObject*'] }));
}, 60_000);
afterAll(() => server.stop());

const policyFor = (bucket: string, statement: object) => ({
	Version: '2012-10-17',
	Statement: [{ Effect: 'Allow', Resource: [`arn:aws:s3:::${bucket}/*`], ...statement }],
});

const copy = async (copyOnServer: boolean) =>
	await runNode({
		parameters: {
			resource: 'object',
			operation: 'copy',
			sourceBucket: source,
			sourceKey: 'key',
			bucket: target,
			key: 'copy',
			anotherConnection: true,
			targetAuthentication: 'accessKeys',
			options: { copyOnServer },
		},
		credential: main,
		targetCredential: limited,
	});

it('Copy On the Server copies with the keys of the second user once the policy of the source lets them read', async () => {
	const refused = await copy(true);
	expect(refused.error?.description).toContain('the identity of the second credential');
	expect((await copy(false)).outputs[0]?.[0]?.json).toMatchObject({ copiedBy: 'stream' });
	const reading = {
		Principal: { AWS: ['arn:aws:iam:::user/limited'] },
		Action: ['s3:GetObject', 's3:GetObjectTagging'],
	};
	const body = JSON.stringify(policyFor(source, reading));
	expect((await send(main, 'PUT', `/${source}?policy`, { body })).ok).toBe(true);
	const { outputs, error } = await copy(true);
	expect(error).toBeUndefined();
	expect(outputs[0]?.[0]?.json).toMatchObject({ bucket: target, copiedBy: 'server', size: 7 });
});
