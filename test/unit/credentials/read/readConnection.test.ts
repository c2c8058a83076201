import { generateKeyPairSync, X509Certificate } from 'node:crypto';

import { readConnection, type CredentialFields } from '../../../../credentials/read/readConnection';
import { S3Failure } from '../../../../s3/S3Failure';

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

function failureOf(read: () => unknown): S3Failure {
	try {
		read();
	} catch (error) {
		if (error instanceof S3Failure) return error;
	}
	throw new Error('it did not fail');
}

describe('access keys', () => {
	it('make a connection to AWS with nothing but the keys', () => {
		expect(accessKeys({})).toEqual({
			region: 'us-east-1',
			endpoint: undefined,
			addressingStyle: 'auto',
			bucket: undefined,
			bucketOnly: false,
			privacyLevel: 'none',
			multipartThreshold: 100 * 1024 * 1024,
			proxy: { kind: 'environment' },
			caCertificate: undefined,
			ignoreSslIssues: false,
			identity: {
				kind: 'accessKeys',
				accessKeyId: 'AKIDEXAMPLE',
				secretAccessKey: 'planted-secret',
				sessionToken: undefined,
			},
		});
	});

	it('are read without the spaces and line breaks that pasting brings', () => {
		const { identity, bucket } = accessKeys({
			accessKeyId: ' AKIDEXAMPLE\n',
			secretAccessKey: '\tplanted-secret ',
			bucket: ' b ',
		});
		expect(identity).toMatchObject(keys);
		expect(bucket).toBe('b');
	});

	it('have a session token only while they are said to be temporary', () => {
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
	])('with %p are refused', (fields, message) => {
		expect(failureOf(() => accessKeys(fields)).message).toContain(message);
	});
});

describe('basic auth', () => {
	it('uses user name and password as the access key pair by default', () => {
		expect(basicAuth({}).identity).toEqual({
			kind: 'accessKeys',
			accessKeyId: 'user',
			secretAccessKey: 'planted-secret',
			sessionToken: undefined,
		});
	});

	it('keeps them for an Authorization header with the scheme http', () => {
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
	])('with %p is refused', (fields, message) => {
		expect(failureOf(() => basicAuth(fields)).message.replace("'", '’')).toContain(message);
	});
});

describe('the region', () => {
	it.each([
		[{ region: 'eu-central-1' }, 'eu-central-1'],
		[{ region: 'eu-central-1', customRegion: ' fr-par ' }, 'fr-par'],
		[{ region: '' }, 'us-east-1'],
		[{ customRegion: 'auto' }, 'auto'],
	])('of %p is %s', (fields, region) => {
		expect(accessKeys(fields).region).toBe(region);
	});

	it.each(['EU-Central-1', 'eu_central_1', 'eu-central-1.', 'eu central', '-a', 'a--b', 'a/b'])(
		'%p is refused',
		(customRegion) => {
			expect(failureOf(() => accessKeys({ customRegion })).advice).toContain('lower case');
		},
	);
});

describe('the endpoint', () => {
	it.each([
		['https://s3.example.com', 'https://s3.example.com'],
		['https://s3.example.com/', 'https://s3.example.com'],
		[' HTTPS://S3.Example.com:9000// ', 'https://s3.example.com:9000'],
		['http://[::1]:9000', 'http://[::1]:9000'],
		[
			'https://ref.storage.example.co/storage/v1/s3',
			'https://ref.storage.example.co/storage/v1/s3',
		],
		['', undefined],
	])('%p is read as %p', (endpoint, expected) => {
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
	])('%p is refused without being shown', (endpoint, message) => {
		const failure = failureOf(() => accessKeys({ endpoint }));
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toContain(message);
		expect(failure.message + failure.description).not.toContain('planted-secret');
	});

	it('is refused when the bucket was pasted with it', () => {
		const fields = { endpoint: 'https://x.example.com/my-bucket', bucket: 'my-bucket' };
		expect(failureOf(() => accessKeys(fields)).advice).toContain('Remove the bucket');
	});
});

describe('the other fields', () => {
	it('take numbers and switches as text, as expressions give them', () => {
		const connection = accessKeys({
			multipartThresholdMb: '16',
			ignoreSslIssues: 'true',
			bucketOnly: 'false',
		});
		expect(connection.multipartThreshold).toBe(16 * 1024 * 1024);
		expect(connection.ignoreSslIssues).toBe(true);
		expect(connection.bucketOnly).toBe(false);
	});

	it.each([
		[{ multipartThresholdMb: -1 }, 'Multipart Threshold'],
		[{ multipartThresholdMb: 'much' }, 'Multipart Threshold'],
		[{ multipartThresholdMb: 5121 }, 'Multipart Threshold'],
		[{ addressingStyle: 'dns' }, 'Addressing Style'],
		[{ ignoreSslIssues: 'maybe' }, 'Ignore SSL Issues'],
		[{ bucketOnly: true }, 'limited to one bucket but names none'],
		[{ privacyLevel: 'Secret' }, 'Privacy Level is unknown: Secret'],
	])('are refused as %p', (fields, message) => {
		expect(failureOf(() => accessKeys(fields)).message).toContain(message);
	});

	it('cannot be changed by what uses the connection', () => {
		const connection = accessKeys({});
		expect(Object.isFrozen(connection) && Object.isFrozen(connection.identity)).toBe(true);
	});
});

describe('the CA certificate', () => {
	it.each([
		['as it is', pem],
		['on one line', pem.replaceAll('\n', ' ')],
		['with \\n for its line breaks', pem.trim().replaceAll('\n', '\\n')],
		['with words around it', `Here it is:\r\n${pem.replaceAll('\n', '\r\n')}Regards`],
	])('is read when it was pasted %s', (_how, caCertificate) => {
		const read = accessKeys({ caCertificate }).caCertificate ?? '';
		expect(new X509Certificate(read).fingerprint256).toBe(new X509Certificate(pem).fingerprint256);
		expect(read.split('\n').every((line) => line.length <= 64)).toBe(true);
	});

	it('may be several', () => {
		const read = accessKeys({ caCertificate: (pem + pem).replaceAll('\n', ' ') }).caCertificate;
		expect(read?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
	});

	it('is refused when it cannot be read', () => {
		const text = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
		for (const caCertificate of [text, 'hello', pem.slice(0, 200)]) {
			expect(failureOf(() => accessKeys({ caCertificate })).message).toContain('cannot be read');
		}
	});

	it('is refused, and not shown, when it is the private key', () => {
		const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		const privateKey = String(key.export({ type: 'pkcs8', format: 'pem' }));
		const failure = failureOf(() => accessKeys({ caCertificate: privateKey }));
		expect(failure.message).toContain('is a private key');
		expect(failure.message + failure.description).not.toContain(privateKey.slice(40, 80));
	});
});
