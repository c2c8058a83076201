import { X509Certificate } from 'node:crypto';

import type { AddressingStyle, Connection, Identity } from '../s3/Connection';
import { S3Failure } from '../s3/S3Failure';

/** n8n's names of the credential types a connection can come from. */
export type CredentialType = 'amazonS3AccessKeysApi' | 'amazonS3BasicAuthApi';

/** A credential's fields as n8n decrypts them; expressions can make anything of them. */
export type CredentialFields = Readonly<Record<string, unknown>>;

const MEBIBYTE = 1024 * 1024;
/** S3 takes at most 5 GiB in one PUT. */
const LARGEST_THRESHOLD_MB = 5 * 1024;

/**
 * The connection that a credential describes: trimmed, coerced and checked, frozen.
 *
 * @throws {S3Failure} of kind `invalid` that names the field; its value only where it can hold no secret
 */
export function readConnection(type: CredentialType, fields: CredentialFields): Connection {
	const endpoint = readEndpoint(fields);
	if (type === 'amazonS3BasicAuthApi' && endpoint === undefined) {
		throw invalid(
			'The credential has no Endpoint',
			'Enter the URL of the S3 server in the credential, for example https://minio.example.com:9000.',
		);
	}
	const bucket = readText(fields, 'bucket', 'Bucket');
	const bucketOnly = readBoolean(fields, 'bucketOnly', 'Only This Bucket');
	if (bucketOnly && bucket === undefined) {
		throw invalid(
			'The credential is limited to one bucket but names none',
			'Enter the bucket in the credential, or switch Only This Bucket off.',
		);
	}
	if (bucket !== undefined && endpoint?.endsWith(`/${bucket}`)) {
		throw invalid(
			`The credential's Endpoint ends with the bucket “${bucket}”`,
			'Remove the bucket from the Endpoint; it belongs in the Bucket field alone.',
		);
	}
	return Object.freeze({
		region: readRegion(fields),
		endpoint,
		addressingStyle: readAddressingStyle(fields),
		bucket,
		bucketOnly,
		multipartThreshold: readThreshold(fields),
		caCertificate: readCertificate(fields),
		ignoreSslIssues: readBoolean(fields, 'ignoreSslIssues', 'Ignore SSL Issues'),
		identity: Object.freeze(
			type === 'amazonS3BasicAuthApi' ? readBasicAuth(fields) : readAccessKeys(fields),
		),
	});
}

function invalid(message: string, advice: string): S3Failure {
	return new S3Failure({ kind: 'invalid', message, advice });
}

/** The trimmed text of a field; undefined where it is empty. */
function readText(fields: CredentialFields, name: string, label: string): string | undefined {
	const value = fields[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw invalid(
			`${label} of the credential is not text`,
			`Enter ${label} in the credential as text.`,
		);
	}
	const text = String(value).trim();
	return text === '' ? undefined : text;
}

function readRequired(fields: CredentialFields, name: string, label: string): string {
	const text = readText(fields, name, label);
	if (text === undefined) {
		throw invalid(`The credential has no ${label}`, `Enter the ${label} in the credential.`);
	}
	return text;
}

function readBoolean(fields: CredentialFields, name: string, label: string): boolean {
	const value = fields[name] ?? false;
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	if (text === 'true') return true;
	if (text === 'false' || text === '') return false;
	throw invalid(
		`${label} of the credential is neither true nor false`,
		`Switch ${label} on or off in the credential.`,
	);
}

function readRegion(fields: CredentialFields): string {
	const region =
		readText(fields, 'customRegion', 'Custom Region') ??
		readText(fields, 'region', 'Region') ??
		'us-east-1';
	if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(region) || region.length > 63) {
		throw invalid(
			`“${region.slice(0, 80)}” is not the name of a region`,
			'Choose a Region in the credential, or enter a Custom Region of lower case letters, digits and single dashes, for example eu-central-1.',
		);
	}
	return region;
}

/** The value is never shown in a message: people paste URLs with a password in them. */
function readEndpoint(fields: CredentialFields): string | undefined {
	const text = readText(fields, 'endpoint', 'Endpoint');
	if (text === undefined) return undefined;
	if (!/^https?:\/\//i.test(text)) {
		throw invalid(
			'The Endpoint of the credential does not start with https:// or http://',
			'Enter the whole URL of the S3 server, for example https://minio.example.com:9000.',
		);
	}
	if (!URL.canParse(text)) {
		throw invalid(
			'The Endpoint of the credential is not a URL',
			'Enter the URL of the S3 server, for example https://minio.example.com:9000.',
		);
	}
	const url = new URL(text);
	if (url.username !== '' || url.password !== '') {
		throw invalid(
			'The Endpoint of the credential holds a user name or password',
			'Remove everything before the host name from the Endpoint; keys and passwords have fields of their own.',
		);
	}
	if (url.search !== '' || url.hash !== '') {
		throw invalid(
			'The Endpoint of the credential has a query or fragment',
			'Remove the part from "?" or "#" on from the Endpoint.',
		);
	}
	return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function readAddressingStyle(fields: CredentialFields): AddressingStyle {
	const style = readText(fields, 'addressingStyle', 'Addressing Style') ?? 'auto';
	if (style === 'auto' || style === 'path' || style === 'virtual') return style;
	throw invalid(
		`The credential's Addressing Style is unknown: ${style.slice(0, 40)}`,
		'Choose Automatic, Path or Virtual-Hosted in the credential.',
	);
}

/** Bytes. */
function readThreshold(fields: CredentialFields): number {
	const megabytes = Number(readText(fields, 'multipartThresholdMb', 'Multipart Threshold') ?? 100);
	if (!(megabytes >= 0 && megabytes <= LARGEST_THRESHOLD_MB)) {
		throw invalid(
			`The credential's Multipart Threshold is not a number from 0 to ${LARGEST_THRESHOLD_MB}`,
			`Enter a Multipart Threshold from 0 to ${LARGEST_THRESHOLD_MB} MiB in the credential; 100 suits most.`,
		);
	}
	return Math.floor(megabytes * MEBIBYTE);
}

/** PEM with its line breaks restored: one-line form fields turn them into spaces. */
function readCertificate(fields: CredentialFields): string | undefined {
	const text = readText(fields, 'caCertificate', 'CA Certificate');
	if (text === undefined) return undefined;
	const advice =
		'Paste the certificate of the authority as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.';
	if (text.includes('PRIVATE KEY')) {
		throw invalid('The CA Certificate of the credential is a private key', advice);
	}
	const certificates = [
		...text
			.replaceAll('\\n', '\n')
			.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g),
	].map((match) => wrapCertificate(match[1] ?? ''));
	if (certificates.length === 0 || !certificates.every(isCertificate)) {
		throw invalid('The CA Certificate of the credential cannot be read', advice);
	}
	return certificates.join('');
}

function wrapCertificate(base64: string): string {
	const lines = base64.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function isCertificate(pem: string): boolean {
	try {
		return new X509Certificate(pem).raw.length > 0;
	} catch {
		return false;
	}
}

function readAccessKeys(fields: CredentialFields): Identity {
	const temporary = readBoolean(fields, 'temporaryCredentials', 'Temporary Credentials');
	return {
		kind: 'accessKeys',
		accessKeyId: readAccessKeyId(fields, 'accessKeyId', 'Access Key ID'),
		secretAccessKey: readRequired(fields, 'secretAccessKey', 'Secret Access Key'),
		sessionToken: temporary ? readRequired(fields, 'sessionToken', 'Session Token') : undefined,
	};
}

function readBasicAuth(fields: CredentialFields): Identity {
	const scheme = readText(fields, 'scheme', 'Scheme') ?? 'sigv4';
	if (scheme === 'sigv4') {
		return {
			kind: 'accessKeys',
			accessKeyId: readAccessKeyId(fields, 'username', 'User Name'),
			secretAccessKey: readRequired(fields, 'password', 'Password'),
			sessionToken: undefined,
		};
	}
	if (scheme !== 'http') {
		throw invalid(
			`The credential's Scheme is unknown: ${scheme.slice(0, 40)}`,
			'Choose Signature Version 4 or HTTP Basic in the credential.',
		);
	}
	const username = readRequired(fields, 'username', 'User Name');
	if (username.includes(':')) {
		throw invalid(
			'The User Name of the credential contains a colon, which HTTP Basic does not allow',
			'Enter a User Name without a colon, or choose Signature Version 4 as Scheme.',
		);
	}
	return {
		kind: 'httpBasic',
		username,
		password: readRequired(fields, 'password', 'Password'),
	};
}

/** An access key ID stands between slashes and commas in a header, so it can hold neither. */
function readAccessKeyId(fields: CredentialFields, name: string, label: string): string {
	const accessKeyId = readRequired(fields, name, label);
	if (!/^[\x21-\x7e]+$/.test(accessKeyId) || /[/,]/.test(accessKeyId)) {
		throw invalid(
			`The ${label} of the credential holds a character that no access key ID has`,
			`Copy the ${label} into the credential again, without spaces, slashes, commas or a second value.`,
		);
	}
	return accessKeyId;
}
