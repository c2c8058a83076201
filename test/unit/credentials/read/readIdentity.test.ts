import { readConnection } from '../../../../credentials/read/readConnection';

const keys = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
const role = { ...keys, assumeRole: true, roleArn: ' arn:aws:iam::111122223333:role/n8n ' };

describe('assuming a role', () => {
	it('is what the credential says, with the keys as its source', () => {
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

	it('asks the STS of a server of one’s own', () => {
		const fields = { ...role, endpoint: 'https://ceph.example.com' };
		expect(readConnection('amazonS3AccessKeysApi', fields).identity).toMatchObject({
			stsEndpoint: 'https://ceph.example.com',
		});
	});

	it('is not done where it is switched off, whatever the fields hold', () => {
		const fields = { ...role, assumeRole: false };
		expect(readConnection('amazonS3AccessKeysApi', fields).identity.kind).toBe('accessKeys');
	});

	it.each([
		[{ roleArn: '' }, 'The credential has no Role ARN'],
		[{ roleDurationSeconds: 899 }, 'Role Duration of the credential is not a whole number'],
		[{ roleDurationSeconds: 43_201 }, 'Role Duration of the credential is not a whole number'],
	])('is refused with %j', (fields, message) => {
		expect(() => readConnection('amazonS3AccessKeysApi', { ...role, ...fields })).toThrow(message);
	});
});

it('leaves the passphrase of a private key as it is', () => {
	const fields = {
		trustAnchorArn: 'a',
		profileArn: 'b',
		roleArn: 'c',
		publicCertificate: 'd',
		privateKey: 'e',
		privateKeyPassphrase: ' f ',
	};
	expect(readConnection('amazonS3RolesAnywhereApi', fields).identity).toMatchObject({
		passphrase: ' f ',
	});
});
