import { readConnection } from '../../../../credentials/read/readConnection';

const keys = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
const role = { ...keys, assumeRole: true, roleArn: ' arn:aws:iam::111122223333:role/n8n ' };

it('a role to assume has the fields of the credential, with the keys as its source', () => {
	const fields = { ...role, externalId: 'x', roleSessionName: 'n8n', roleDurationSeconds: '900' };
	expect(readConnection('amazonS3AccessKeysApi', fields).identity).toEqual({
		kind: 'assumeRole',
		source: { kind: 'accessKeys', ...keys, sessionToken: undefined },
		roleArn: 'arn:aws:iam::111122223333:role/n8n',
		externalId: 'x',
		roleSessionName: 'n8n',
		durationSeconds: 900,
		stsEndpoint: undefined,
	});
});

it('a role to assume with an endpoint has the STS of that server', () => {
	const fields = { ...role, endpoint: 'https://ceph.example.com' };
	expect(readConnection('amazonS3AccessKeysApi', fields).identity).toMatchObject({
		stsEndpoint: 'https://ceph.example.com',
	});
});

it.each([
	'https://bucket.vpce-0a1b2c3d-4e5f6a7b.s3.eu-west-1.vpce.amazonaws.com',
	'https://s3.dualstack.cn-north-1.amazonaws.com.cn',
])('a role to assume with %s as endpoint has the STS of AWS', (endpoint) => {
	const { identity } = readConnection('amazonS3AccessKeysApi', { ...role, endpoint });
	expect(identity).toMatchObject({ kind: 'assumeRole', stsEndpoint: undefined });
});

it('no role is assumed if that is switched off, whatever the fields hold', () => {
	const fields = { ...role, assumeRole: false };
	expect(readConnection('amazonS3AccessKeysApi', fields).identity.kind).toBe('accessKeys');
});

it.each([
	[{ roleArn: '' }, 'The credential has no Role ARN'],
	[{ roleDurationSeconds: 899 }, 'Role Duration (Seconds) of the credential is not a whole number'],
	[
		{ roleDurationSeconds: 43_201 },
		'Role Duration (Seconds) of the credential is not a whole number',
	],
])('a role to assume with %j is refused', (fields, message) => {
	expect(() => readConnection('amazonS3AccessKeysApi', { ...role, ...fields })).toThrow(message);
});

const certificate = {
	trustAnchorArn: 'a',
	profileArn: 'b',
	roleArn: 'c',
	publicCertificate: 'd',
	privateKey: 'e',
};

it.each([
	[' f ', ' f '],
	['', undefined],
	[1234, '1234'],
])('the passphrase %j of a private key, which keeps its spaces, is read as %j', (entered, read) => {
	const fields = { ...certificate, privateKeyPassphrase: entered };
	expect(readConnection('amazonS3RolesAnywhereApi', fields).identity).toMatchObject({
		passphrase: read,
	});
});

it('the passphrase of a private key is refused if its expression gave nothing', () => {
	const fields = { ...certificate, privateKeyPassphrase: undefined };
	expect(() => readConnection('amazonS3RolesAnywhereApi', fields)).toThrow(
		'The expression of Private Key Passphrase in the credential gave nothing',
	);
});

it.each([
	[{}, 3600],
	[{ durationSeconds: 900 }, 900],
	[{ durationSeconds: '' }, undefined],
])('the session of a certificate with the fields %j lives for %p seconds', (entered, seconds) => {
	const fields = { ...certificate, ...entered };
	expect(readConnection('amazonS3RolesAnywhereApi', fields).identity).toMatchObject({
		durationSeconds: seconds,
	});
});
