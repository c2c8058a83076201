import { generateKeyPairSync, X509Certificate } from 'node:crypto';

import { AmazonS3AccessKeysApi } from '../../../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3AmbientApi } from '../../../../credentials/AmazonS3AmbientApi.credentials';
import { AmazonS3BasicAuthApi } from '../../../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../../../credentials/AmazonS3RolesAnywhereApi.credentials';
import {
	readConnection,
	type CredentialFields,
	type CredentialType,
} from '../../../../credentials/read/readConnection';
import { failureOf } from '../../failureOf';

/** Self-signed, CN=Test CA, valid for a hundred years. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBezCCASGgAwIBAgIUKzKqPQROhbgCECPGXPSW4uuYoCcwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjAyMzEyMjhaGA8yMTI2MTAyNzIz
MTIyOFowEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABDtvFVx/m0M/3p4rZyd7BMA899bN/a+srqVMHINJyH2aGt/lcpzy/wDRG4MP
2x4aIvbsdOl7EzWEHv2JjUOBpnSjUzBRMB0GA1UdDgQWBBRIPoXVPhua/xKV0ERL
gjKxLAgJ7zAfBgNVHSMEGDAWgBRIPoXVPhua/xKV0ERLgjKxLAgJ7zAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIDlCkPX0flQgGZHrM27WNpoMwgWy
ywYq9ctH8Gu59ayeAiEApJtH6jkPYqZRQpaY6Fr72fTTYMrjHxtfa28gyfAmi9k=
-----END CERTIFICATE-----
`;

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'planted-secret' };
const accessKeys = (fields: CredentialFields) =>
	readConnection('amazonS3AccessKeysApi', { ...keys, ...fields });
const basicAuth = (fields: CredentialFields) =>
	readConnection('amazonS3BasicAuthApi', {
		endpoint: 'https://s3.example.com',
		username: 'user',
		password: 'planted-secret',
		...fields,
	});

it('access keys alone make a connection to AWS', () => {
	expect(accessKeys({})).toEqual({
		region: 'us-east-1',
		endpoint: undefined,
		publicEndpoint: undefined,
		addressingStyle: 'auto',
		bucket: undefined,
		bucketOnly: false,
		readOnly: false,
		privacyLevel: 'none',
		multipartThreshold: 100 * 1024 * 1024,
		proxy: { kind: 'environment' },
		caCertificate: undefined,
		ignoreSslIssues: false,
		egress: undefined,
		urlEgress: expect.objectContaining({ allowedRanges: [] }) as object,
		identity: {
			kind: 'accessKeys',
			accessKeyId: 'AKIDEXAMPLE',
			secretAccessKey: 'planted-secret',
			sessionToken: undefined,
		},
	});
});

it('a public endpoint is read like an endpoint, and stands beside it', () => {
	const { endpoint, publicEndpoint } = basicAuth({
		publicEndpoint: ' https://Files.Example.com/ ',
	});
	expect([endpoint, publicEndpoint]).toEqual([
		'https://s3.example.com',
		'https://files.example.com',
	]);
	for (const [wrong, words] of [
		['files.example.com', 'Public Endpoint of the credential does not start with'],
		['https://me:planted-secret@files.example.com', 'Public Endpoint of the credential holds'],
		['https://files.example.com/b', "credential's Public Endpoint ends with the bucket “b”"],
	]) {
		const read = () => basicAuth({ publicEndpoint: wrong, bucket: 'b' });
		expect(failureOf(read).message).toContain(words);
	}
});

it('access keys are read without the spaces and line breaks around them', () => {
	const { identity, bucket } = accessKeys({
		accessKeyId: ' AKIDEXAMPLE\n',
		secretAccessKey: '\tplanted-secret ',
		bucket: ' b ',
	});
	expect(identity).toMatchObject(keys);
	expect(bucket).toBe('b');
});

it('access keys have their session token only if they are temporary', () => {
	const token = { sessionToken: 'planted-token' };
	expect(accessKeys(token).identity).toMatchObject({ sessionToken: undefined });
	expect(accessKeys({ ...token, temporaryCredentials: true }).identity).toMatchObject(token);
});

it.each([
	[{ accessKeyId: '' }, 'The credential has no Access Key ID'],
	[{ secretAccessKey: '  ' }, 'The credential has no Secret Access Key'],
	[{ temporaryCredentials: true }, 'The credential has no Session Token'],
	[{ accessKeyId: 'AKID EXAMPLE' }, 'The Access Key ID of the credential holds a character'],
	[{ accessKeyId: 'AKID/x' }, 'The Access Key ID of the credential holds a character'],
	[{ secretAccessKey: { a: 1 } }, 'Secret Access Key of the credential is not text'],
])('access keys with %p are refused', (fields, message) => {
	expect(failureOf(() => accessKeys(fields)).message).toContain(message);
});

it('user name and password of Basic Auth are the access key pair by default', () => {
	expect(basicAuth({}).identity).toEqual({
		kind: 'accessKeys',
		accessKeyId: 'user',
		secretAccessKey: 'planted-secret',
		sessionToken: undefined,
	});
});

it('user name and password of Basic Auth with the scheme http stay what they are', () => {
	expect(basicAuth({ scheme: 'http' }).identity).toEqual({
		kind: 'httpBasic',
		username: 'user',
		password: 'planted-secret',
	});
});

it.each([
	[{ endpoint: '' }, 'The credential has no Endpoint'],
	[{ username: '' }, 'The credential has no User Name'],
	[{ password: '' }, 'The credential has no Password'],
	[{ scheme: 'digest' }, 'The credential’s Scheme is unknown: digest'],
	[{ scheme: 'http', username: 'a:b' }, 'The User Name of the credential contains a colon'],
])('Basic Auth with %p is refused', (fields, message) => {
	expect(failureOf(() => basicAuth(fields)).message.replace("'", '’')).toContain(message);
});

it.each([
	[{ region: 'eu-central-1' }, 'eu-central-1'],
	[{ region: 'eu-central-1', customRegion: ' fr-par ' }, 'fr-par'],
	[{ region: '' }, 'us-east-1'],
	[{ customRegion: 'auto' }, 'auto'],
	[{ customRegion: 'NL', endpoint: 'https://s3.example.com' }, 'NL'],
	[{ customRegion: 'RegionOne', endpoint: 'https://s3.example.com' }, 'RegionOne'],
	[{ customRegion: 'zone_1-a', endpoint: 'https://s3.example.com' }, 'zone_1-a'],
])('the region of %p is %s', (fields, region) => {
	expect(accessKeys(fields).region).toBe(region);
});

it.each(['EU-Central-1', 'eu_central_1', 'eu-central-1.', 'eu central', '-a', 'a--b', 'a/b'])(
	'the region %p is refused',
	(customRegion) => {
		expect(failureOf(() => accessKeys({ customRegion })).advice).toContain('lower case');
	},
);

it.each(['eu central', 'eu.central', 'a/b', 'n\u00fcrnberg', 'x'.repeat(64)])(
	'the region %p is refused for any server',
	(customRegion) => {
		const fields = { customRegion, endpoint: 'https://s3.example.com' };
		expect(failureOf(() => accessKeys(fields)).advice).toContain('letters, digits, dashes');
	},
);

it.each([
	['https://s3.example.com', 'https://s3.example.com'],
	['https://s3.example.com/', 'https://s3.example.com'],
	[' HTTPS://S3.Example.com:9000// ', 'https://s3.example.com:9000'],
	['http://[::1]:9000', 'http://[::1]:9000'],
	['https://ref.storage.example.co/storage/v1/s3', 'https://ref.storage.example.co/storage/v1/s3'],
	['', undefined],
])('the endpoint %p is read as %p', (endpoint, expected) => {
	expect(accessKeys({ endpoint }).endpoint).toBe(expected);
});

it.each([
	['s3.example.com', 'does not start with https:// or http://'],
	['localhost:9000', 'does not start with https:// or http://'],
	['ftp://s3.example.com', 'does not start with https:// or http://'],
	['https://', 'is not a URL'],
	['https://a b', 'is not a URL'],
	['https://user:planted-secret@s3.example.com', 'holds a user name or password'],
	['https://s3.example.com?x=planted-secret', 'has a query'],
	['https://s3.example.com#x', 'has a query or fragment'],
])('the endpoint %p is refused without being shown', (endpoint, message) => {
	const failure = failureOf(() => accessKeys({ endpoint }));
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toContain(message);
	expect(failure.message + failure.description).not.toContain('planted-secret');
});

it('the ARN of a bucket is taken for its name', () => {
	expect(accessKeys({ bucket: 'arn:aws:s3:::photos' }).bucket).toBe('photos');
});

it('an endpoint that ends with the bucket is refused', () => {
	const fields = { endpoint: 'https://x.example.com/my-bucket', bucket: 'my-bucket' };
	expect(failureOf(() => accessKeys(fields)).advice).toContain('Remove the bucket');
});

it('numbers and switches may be text, as expressions give them', () => {
	const connection = accessKeys({
		multipartThresholdMb: '16',
		ignoreSslIssues: 'true',
		bucketOnly: 'false',
		readOnly: 'true',
	});
	expect(connection.multipartThreshold).toBe(16 * 1024 * 1024);
	expect(connection.ignoreSslIssues).toBe(true);
	expect(connection.bucketOnly).toBe(false);
	expect(connection.readOnly).toBe(true);
});

it.each([
	[{ multipartThresholdMb: -1 }, 'Multipart Threshold'],
	[{ multipartThresholdMb: 'much' }, 'Multipart Threshold'],
	[{ multipartThresholdMb: 5121 }, 'Multipart Threshold'],
	[{ addressingStyle: 'dns' }, 'Addressing Style'],
	[{ ignoreSslIssues: 'maybe' }, 'Ignore SSL Issues'],
	[{ readOnly: 'maybe' }, 'Read Only'],
	[{ bucketOnly: true }, 'limited to one bucket but names none'],
	[{ privacyLevel: 'Secret' }, 'Privacy Level is unknown: Secret'],
])('the fields %p are refused', (fields, message) => {
	expect(failureOf(() => accessKeys(fields)).message).toContain(message);
});

it('a connection cannot be changed', () => {
	const connection = accessKeys({});
	expect(Object.isFrozen(connection) && Object.isFrozen(connection.identity)).toBe(true);
});

it.each([
	['as it is', pem],
	['on one line', pem.replaceAll('\n', ' ')],
	['with \\n for its line breaks', pem.trim().replaceAll('\n', '\\n')],
	['with words around it', `Here it is:\r\n${pem.replaceAll('\n', '\r\n')}Regards`],
])('a CA certificate that was pasted %s is read', (_how, caCertificate) => {
	const read = accessKeys({ caCertificate }).caCertificate ?? '';
	expect(new X509Certificate(read).fingerprint256).toBe(new X509Certificate(pem).fingerprint256);
	expect(read.split('\n').every((line) => line.length <= 64)).toBe(true);
});

it('several CA certificates are read', () => {
	const read = accessKeys({ caCertificate: (pem + pem).replaceAll('\n', ' ') }).caCertificate;
	expect(read?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});

it('a CA certificate that cannot be read is refused', () => {
	const text = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
	for (const caCertificate of [text, 'hello', pem.slice(0, 200)]) {
		expect(failureOf(() => accessKeys({ caCertificate })).message).toContain('cannot be read');
	}
});

it('a private key in place of the CA certificate is refused and not shown', () => {
	const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const privateKey = String(key.export({ type: 'pkcs8', format: 'pem' }));
	const failure = failureOf(() => accessKeys({ caCertificate: privateKey }));
	expect(failure.message).toContain('is a private key');
	expect(failure.message + failure.description).not.toContain(privateKey.slice(40, 80));
});

it.each([
	[{}, 'fr-par'],
	[{ region: 'us-east-1' }, 'fr-par'],
	[{ region: 'eu-west-3' }, 'eu-west-3'],
	[{ region: 'us-east-1', customRegion: 'nl-ams' }, 'nl-ams'],
])(
	'an endpoint that tells its region has it unless another one is chosen: %j',
	(fields, region) => {
		const endpoint = 'https://s3.fr-par.scw.cloud';
		expect(basicAuth({ endpoint, ...fields }).region).toBe(region);
	},
);

describe('an expression that gives nothing', () => {
	const credentials = [
		new AmazonS3AccessKeysApi(),
		new AmazonS3AmbientApi(),
		new AmazonS3BasicAuthApi(),
		new AmazonS3RolesAnywhereApi(),
	];
	/** The form asks for all other fields with these. */
	const values: CredentialFields = {
		endpoint: 'https://s3.example.com',
		proxy: 'custom',
		proxyUrl: 'http://proxy:1',
		assumeRole: true,
		temporaryCredentials: true,
	};
	/** Not read, if another field has a value. */
	const without = ['customRegion', 'rolesAnywhereCustomRegion', 'publicEndpoint', 'caCertificate'];
	const lost = credentials.flatMap(({ name, properties }) => {
		const entered = properties.filter(
			(property) =>
				!['notice', 'hidden'].includes(property.type) && property.name !== 'moreSettings',
		);
		const filled = entered
			.filter((property) => !without.includes(property.name))
			.map((property) => [
				property.name,
				values[property.name] ?? (property.type === 'boolean' ? false : property.default || 'text'),
			]);
		const labels = new Map(entered.map((property) => [property.name, property.displayName]));
		return [...labels].map(([field, label]) => ({
			type: name as CredentialType,
			label,
			fields: { ...Object.fromEntries(filled), [field]: undefined } as CredentialFields,
		}));
	});

	beforeAll(() => (process.env.N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED = 'true'));
	afterAll(() => delete process.env.N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED);

	it.each(lost)(
		'the field $label of $type is named as in the form if its expression gives nothing',
		({ type, label, fields }) => {
			expect(failureOf(() => readConnection(type, fields)).message).toBe(
				`The expression of ${label} in the credential gave nothing`,
			);
		},
	);
});

it.each([
	['amazonS3AccessKeysApi', 'Region'],
	['amazonS3RolesAnywhereApi', 'Region of the Bucket'],
] as const)('a region of %s that is none is asked for as “%s”', (type, label) => {
	const { advice } = failureOf(() => readConnection(type, { ...keys, region: 'no region' }));
	expect(advice).toContain(`Choose a ${label} in the credential`);
});

it('a limit is refused as unknown if an expression gives an empty text', () => {
	expect(failureOf(() => accessKeys({ privacyLevel: '' })).message).toBe(
		'The credential has no Privacy Level',
	);
});
