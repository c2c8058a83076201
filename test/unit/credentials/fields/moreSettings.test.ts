import { NodeHelpers } from 'n8n-workflow';
import type { ICredentialType, INodeParameters, INodeProperties } from 'n8n-workflow';

import { AmazonS3AccessKeysApi } from '../../../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3AmbientApi } from '../../../../credentials/AmazonS3AmbientApi.credentials';
import { AmazonS3BasicAuthApi } from '../../../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../../../credentials/AmazonS3RolesAnywhereApi.credentials';
import { AmazonS3TargetAccessKeysApi } from '../../../../credentials/AmazonS3TargetAccessKeysApi.credentials';
import { AmazonS3TargetAmbientApi } from '../../../../credentials/AmazonS3TargetAmbientApi.credentials';
import { AmazonS3TargetBasicAuthApi } from '../../../../credentials/AmazonS3TargetBasicAuthApi.credentials';
import { AmazonS3TargetRolesAnywhereApi } from '../../../../credentials/AmazonS3TargetRolesAnywhereApi.credentials';

const types = [
	new AmazonS3AccessKeysApi(),
	new AmazonS3BasicAuthApi(),
	new AmazonS3RolesAnywhereApi(),
	new AmazonS3AmbientApi(),
	new AmazonS3TargetAccessKeysApi(),
	new AmazonS3TargetBasicAuthApi(),
	new AmazonS3TargetRolesAnywhereApi(),
	new AmazonS3TargetAmbientApi(),
].map((type): [string, ICredentialType] => [type.name, type]);

/** What the form of a credential shows for values, by n8n's own rules; a new one holds all defaults. */
function shown({ properties }: ICredentialType, values: INodeParameters = {}): string[] {
	const defaults = Object.fromEntries(properties.map(({ name, default: value }) => [name, value]));
	return properties
		.filter(({ type }) => type !== 'hidden')
		.filter((field) => NodeHelpers.displayParameter({ ...defaults, ...values }, field, null, null))
		.map(({ displayName }) => displayName);
}

/** What n8n hands over of a stored credential, and what it stores of one that is saved in the form. */
const handedOver = ({ properties }: ICredentialType, stored: INodeParameters) =>
	NodeHelpers.getNodeParameters(properties, stored, true, false, null, null) ?? {};
const saved = ({ properties }: ICredentialType, form: INodeParameters) =>
	NodeHelpers.getNodeParameters(properties, form, false, false, null, null) ?? {};

const isTwice = ({ name }: INodeProperties, { properties }: ICredentialType) =>
	properties.filter((field) => field.name === name).length === 2;

/** A value that is not the default. */
const another = ({ type, default: value }: INodeProperties) =>
	type === 'boolean' ? value !== true : type === 'number' ? 1234 : 'another';

const hiddenFields = types.flatMap(([typeName, type]) => {
	const names = [
		...new Set(type.properties.filter((f) => isTwice(f, type)).map(({ name }) => name)),
	];
	return names.map((name): [string, string, ICredentialType, INodeProperties] => [
		typeName,
		name,
		type,
		type.properties.find((field) => field.name === name)!,
	]);
});

it.each<[string, string[], ICredentialType]>([
	[
		'Amazon S3',
		['Access Key ID', 'Secret Access Key', 'Region', 'Endpoint', 'Bucket', 'More Settings'],
		new AmazonS3AccessKeysApi(),
	],
	[
		'S3-Compatible Server (MinIO, Ceph, R2)',
		['Endpoint', 'User Name', 'Password', 'Region', 'Bucket', 'More Settings'],
		new AmazonS3BasicAuthApi(),
	],
	[
		'Amazon S3 Role of the Machine',
		['Source', 'Region', 'Bucket', 'More Settings'],
		new AmazonS3AmbientApi(),
	],
	[
		'Amazon S3 Roles Anywhere',
		[
			'Trust Anchor ARN',
			'Profile ARN',
			'Role ARN',
			'Certificate',
			'Private Key',
			'Region of the Bucket',
			'Bucket',
			'More Settings',
		],
		new AmazonS3RolesAnywhereApi(),
	],
])('the form of %s shows at first look: %p', (displayName, fields, type) => {
	expect(type.displayName).toBe(displayName);
	expect(shown(type)).toEqual(fields);
});

it('the form of a target shows what the form of its kind shows', () => {
	const forms = types.map(([, { properties }]) => properties);
	const half = forms.length / 2;
	expect(forms.slice(half)).toEqual(forms.slice(0, half));
});

it.each(types)('the form of %s shows every field once with More Settings on', (_name, type) => {
	const fields = shown(type, { moreSettings: true });
	expect(new Set(fields).size).toBe(fields.length);
	expect(fields).toEqual(expect.arrayContaining(['Custom Region', 'Proxy', 'CA Certificate']));
	expect(fields).not.toContain('Proxy URL');
	expect(shown(type, { moreSettings: true, proxy: 'custom' })).toContain('Proxy URL');
});

it.each(hiddenFields)(
	'%s hands over %s and keeps it when it is saved, with More Settings on and off',
	(_type, name, type, field) => {
		for (const switched of [{}, { moreSettings: false }, { moreSettings: true }]) {
			for (const value of [another(field), '={{ $json.x }}']) {
				const stored = { ...switched, [name]: value } as INodeParameters;
				expect(handedOver(type, stored)).toMatchObject({ [name]: value });
				expect(saved(type, stored)).toMatchObject({ [name]: value });
				expect(shown(type, stored).filter((label) => label === field.displayName)).toHaveLength(1);
			}
		}
	},
);

it.each(['proxyUrl', 'proxyUser', 'proxyPassword'])(
	'%s is handed over with a proxy that an expression decides',
	(name) => {
		for (const proxy of ['custom', '={{ $json.proxy }}']) {
			for (const [, type] of types) {
				expect(handedOver(type, { proxy, [name]: 'x' })).toMatchObject({ [name]: 'x' });
			}
		}
	},
);

it('the fields of temporary keys and of a role are handed over with a switch that an expression decides', () => {
	const type = new AmazonS3AccessKeysApi();
	for (const on of [true, '={{ $json.on }}']) {
		const stored = {
			temporaryCredentials: on,
			sessionToken: 'token',
			assumeRole: on,
			roleArn: 'arn',
		};
		expect(handedOver(type, stored)).toMatchObject(stored);
	}
	const off = handedOver(type, { sessionToken: 'token', roleArn: 'arn' });
	expect(off).not.toHaveProperty('sessionToken');
	expect(off).not.toHaveProperty('roleArn');
});

it.each(types)(
	'n8n’s public API demands no field of %s for the value of another',
	(_name, type) => {
		// It makes a schema of the conditions that show a field, with every such field required or refused.
		expect(type.properties.filter(({ displayOptions }) => displayOptions?.show)).toEqual([]);
	},
);
