import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { AmazonS3AccessKeysApi } from '../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3BasicAuthApi } from '../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../credentials/AmazonS3RolesAnywhereApi.credentials';
import { withServer } from '../servers/withServer';
import { runNode } from './n8n';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
const { credential } = server;

const kinds: [string, ICredentialType, object][] = [
	['accessKeys', new AmazonS3AccessKeysApi(), {}],
	['basicAuth', new AmazonS3BasicAuthApi(), { username: 'user', password: 'password' }],
	[
		'rolesAnywhere',
		new AmazonS3RolesAnywhereApi(),
		{
			trustAnchorArn: 'arn',
			profileArn: 'arn',
			roleArn: 'arn',
			publicCertificate: 'certificate',
			privateKey: 'key',
		},
	],
];

/** The fields that the form shows only with More Settings on. */
const hidden = kinds.flatMap(([authentication, { properties }, fields]) =>
	properties
		.filter((field, i) => properties.findIndex(({ name }) => name === field.name) < i)
		.map((field): [string, string, INodeProperties, object] => [
			authentication,
			field.displayName,
			field,
			fields,
		]),
);

async function list(authentication: string, fields: object) {
	return await runNode({
		parameters: { authentication, resource: 'object', operation: 'list', bucket, output: 'array' },
		credential: { ...credential, ...fields },
	});
}

/** What no field of its type can hold. */
const wrongValue = ({ type }: INodeProperties) => (type === 'boolean' ? 'perhaps' : true);

it.each(hidden.filter(([, label]) => label !== 'Private Key Passphrase'))(
	'a value that %s got without More Settings counts in the field %s',
	async (authentication, label, field, fields) => {
		const { error } = await list(authentication, { ...fields, [field.name]: wrongValue(field) });
		expect(error?.message).toContain(label.replace(/ \(.*\)/, ''));
		expect(error?.message).toMatch(/of the credential is (not text|neither true nor false)/);
	},
);

it('More Settings hides eleven fields and more, which all count without it', () => {
	for (const [authentication] of kinds) {
		expect(hidden.filter(([kind]) => kind === authentication).length).toBeGreaterThan(10);
	}
});

it('a limit that came without More Settings holds in the node', async () => {
	const { error } = await list('accessKeys', { bucket: 'other', bucketOnly: true });
	expect(error?.message).toContain('“other”');
	expect(server.requests).toEqual([]);
});
