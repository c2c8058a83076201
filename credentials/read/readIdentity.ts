import type { AccessKeysIdentity, AssumedRoleIdentity, Identity } from '../../s3/Connection';
import { isHostOfAws } from '../../s3/partitions';
import { S3Failure } from '../../s3/S3Failure';
import {
	readBooleanField,
	readNumberField,
	readRequiredField,
	readTextField,
	type CredentialFields,
	type CredentialType,
} from './readField';
import { readMachine, stsOfMachine } from './readMachine';

/** Seconds. The default of a field that n8n does not hand over as long as it holds that. */
const HOUR = 3600;

/**
 * The identity that a credential describes.
 *
 * @param endpoint of the connection
 * @throws {S3Failure} of kind `invalid` that names the field, never a secret
 */
export function readIdentity(
	type: CredentialType,
	fields: CredentialFields,
	endpoint: string | undefined,
): Identity {
	if (type === 'amazonS3BasicAuthApi') return readBasicAuth(fields);
	if (type === 'amazonS3RolesAnywhereApi') return readRolesAnywhere(fields);
	const isOfMachine = type === 'amazonS3AmbientApi';
	const source = isOfMachine ? readMachine(fields) : readAccessKeys(fields);
	if (!readBooleanField(fields, 'assumeRole', 'Assume Role')) return source;
	return readAssumedRole(fields, source, isOfMachine ? stsOfMachine() : stsAt(endpoint));
}

/**
 * The STS that gives roles to access keys: a server of one's own has it beside S3, as Ceph does. An endpoint of AWS,
 * such as that of a VPC, is for S3 alone. The role of a machine is one of AWS, whatever server it is used with.
 */
const stsAt = (endpoint: string | undefined): string | undefined =>
	endpoint === undefined || isHostOfAws(new URL(endpoint).hostname) ? undefined : endpoint;

function readAssumedRole(
	fields: CredentialFields,
	source: AssumedRoleIdentity['source'],
	stsEndpoint: string | undefined,
): AssumedRoleIdentity {
	return {
		kind: 'assumeRole',
		source,
		roleArn: readRequiredField(fields, 'roleArn', 'Role ARN'),
		externalId: readTextField(fields, 'externalId', 'External ID'),
		roleSessionName: readTextField(fields, 'roleSessionName', 'Role Session Name'),
		durationSeconds: readSeconds(fields, 'roleDurationSeconds', 'Role Duration (Seconds)'),
		stsEndpoint,
	};
}

function readRolesAnywhere(fields: CredentialFields): Identity {
	return {
		kind: 'rolesAnywhere',
		trustAnchorArn: readRequiredField(fields, 'trustAnchorArn', 'Trust Anchor ARN'),
		profileArn: readRequiredField(fields, 'profileArn', 'Profile ARN'),
		roleArn: readRequiredField(fields, 'roleArn', 'Role ARN'),
		region:
			readTextField(fields, 'rolesAnywhereCustomRegion', 'Roles Anywhere Custom Region') ??
			readTextField(fields, 'rolesAnywhereRegion', 'Roles Anywhere Region'),
		sessionName: readTextField(fields, 'sessionName', 'Session Name'),
		durationSeconds: readSeconds(
			{ durationSeconds: HOUR, ...fields },
			'durationSeconds',
			'Duration (Seconds)',
		),
		certificate: readRequiredField(fields, 'publicCertificate', 'Certificate'),
		certificateChain: readTextField(fields, 'publicCertificateChain', 'Certificate Chain'),
		privateKey: readRequiredField(fields, 'privateKey', 'Private Key'),
		passphrase: readPassphrase(fields),
		endpoint: readTextField(fields, 'rolesAnywhereEndpoint', 'Roles Anywhere Endpoint'),
	};
}

/** A passphrase may begin and end with spaces, so it is not trimmed. */
function readPassphrase(fields: CredentialFields): string | undefined {
	const { privateKeyPassphrase: value } = fields;
	if (typeof value === 'string') return value === '' ? undefined : value;
	return readTextField(fields, 'privateKeyPassphrase', 'Private Key Passphrase');
}

/** Seconds. */
function readSeconds(fields: CredentialFields, name: string, label: string): number | undefined {
	const seconds = readNumberField(fields, name, label);
	if (seconds === undefined) return undefined;
	if (Number.isInteger(seconds) && seconds >= 900 && seconds <= 43_200) return seconds;
	throw S3Failure.invalid(
		`${label} of the credential is not a whole number from 900 to 43200`,
		`Enter a ${label} from 900 to 43200 in the credential; 3600 is an hour.`,
	);
}

function readAccessKeys(fields: CredentialFields): AccessKeysIdentity {
	const temporary = readBooleanField(fields, 'temporaryCredentials', 'Temporary Credentials');
	return {
		kind: 'accessKeys',
		accessKeyId: readAccessKeyId(fields, 'accessKeyId', 'Access Key ID'),
		secretAccessKey: readRequiredField(fields, 'secretAccessKey', 'Secret Access Key'),
		sessionToken: temporary
			? readRequiredField(fields, 'sessionToken', 'Session Token')
			: undefined,
	};
}

function readBasicAuth(fields: CredentialFields): Identity {
	const scheme = readTextField(fields, 'scheme', 'Scheme') ?? 'sigv4';
	if (scheme === 'sigv4') {
		return {
			kind: 'accessKeys',
			accessKeyId: readAccessKeyId(fields, 'username', 'User Name'),
			secretAccessKey: readRequiredField(fields, 'password', 'Password'),
			sessionToken: undefined,
		};
	}
	if (scheme !== 'http') {
		throw S3Failure.invalid(
			`The credential's Scheme is unknown: ${scheme.slice(0, 40)}`,
			'Choose Signature Version 4 or HTTP Basic in the credential.',
		);
	}
	const username = readRequiredField(fields, 'username', 'User Name');
	if (username.includes(':')) {
		throw S3Failure.invalid(
			'The User Name of the credential contains a colon, which HTTP Basic does not allow',
			'Enter a User Name without a colon, or choose Signature Version 4 as Scheme.',
		);
	}
	return {
		kind: 'httpBasic',
		username,
		password: readRequiredField(fields, 'password', 'Password'),
	};
}

/** An access key ID stands between slashes and commas in a header, so it can hold neither. */
function readAccessKeyId(fields: CredentialFields, name: string, label: string): string {
	const accessKeyId = readRequiredField(fields, name, label);
	if (!/^[\x21-\x7e]+$/.test(accessKeyId) || /[/,]/.test(accessKeyId)) {
		throw S3Failure.invalid(
			`The ${label} of the credential holds a character that no access key ID has`,
			`Copy the ${label} into the credential again, without spaces, slashes, commas or a second value.`,
		);
	}
	return accessKeyId;
}
