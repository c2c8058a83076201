import { X509Certificate } from 'node:crypto';

import { MiB } from '../../s3/bytes';
import type { AddressingStyle, Connection, PrivacyLevel } from '../../s3/Connection';
import { bucketNameOf } from '../../s3/policy/bucketAndKey';
import { endpointUrl } from '../../s3/policy/endpointUrl';
import { S3Failure } from '../../s3/S3Failure';
import { isExpressionIn } from '../fields/expressionFree';
import {
	gaveNothing,
	readBooleanField,
	readNumberField,
	readTextField,
	type CredentialFields,
	type CredentialType,
} from './readField';
import { readEgress, readUrlEgress } from './readEgress';
import { readIdentity } from './readIdentity';
import { readProxy } from './readProxy';
import { regionOfHost } from './regionOfHost';

export type { CredentialFields, CredentialType } from './readField';
export { isSameForAllItems } from '../fields/expressionFree';

/** MiB. S3 takes at most 5 GiB in one PUT. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_THRESHOLD = 5 * 1024;

/**
 * The connection that a credential describes: trimmed, coerced and checked, frozen.
 *
 * @throws {S3Failure} of kind `invalid` that names the field, and its value only if that cannot be a secret
 */
export function readConnection(type: CredentialType, fields: CredentialFields): Connection {
	const endpoint = readUrl(fields, 'endpoint', 'Endpoint');
	const publicEndpoint = readUrl(fields, 'publicEndpoint', 'Public Endpoint');
	if (type === 'amazonS3BasicAuthApi' && endpoint === undefined) {
		throw S3Failure.invalid(
			'The credential has no Endpoint',
			'Enter the URL of the S3 server in the credential, for example https://minio.example.com:9000.',
		);
	}
	const entered = readTextField(fields, 'bucket', 'Bucket');
	const bucket = entered === undefined ? undefined : bucketNameOf(entered);
	const bucketOnly = readBooleanField(fields, 'bucketOnly', 'Only This Bucket');
	if (bucketOnly && bucket === undefined) {
		throw S3Failure.invalid(
			'The credential is limited to one bucket but names none',
			'Enter the bucket in the credential, or switch off Only This Bucket.',
		);
	}
	refuseBucketIn(endpoint, 'Endpoint', bucket);
	refuseBucketIn(publicEndpoint, 'Public Endpoint', bucket);
	return Object.freeze({
		region: readRegion(fields, endpoint, regionLabelOf(type)),
		endpoint,
		publicEndpoint,
		addressingStyle: readAddressingStyle(fields),
		bucket,
		bucketOnly,
		readOnly: readBooleanField(fields, 'readOnly', 'Read Only'),
		privacyLevel: readPrivacyLevel(fields),
		multipartThreshold: readThreshold(fields),
		proxy: readProxy(fields),
		caCertificate: readCertificate(fields),
		ignoreSslIssues: readBooleanField(fields, 'ignoreSslIssues', 'Ignore SSL Issues (Insecure)'),
		egress: readEgress(),
		urlEgress: readUrlEgress(),
		identity: Object.freeze(readIdentity(type, fields, endpoint)),
	});
}

/** As AWS names regions; servers of one's own also have names such as `NL` or `RegionOne`. */
const AWS_REGION = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const ANY_REGION = /^[a-z0-9_-]+$/i;

/** What the form begins with; no provider whose host names tell the region has one of this name. */
const DEFAULT_REGION = 'us-east-1';

/** What the form calls the region of the connection. */
export const regionLabelOf = (type: CredentialType): string =>
	type === 'amazonS3RolesAnywhereApi' ? 'Region of the Bucket' : 'Region';

/** The region that was entered, or that the endpoint tells where nothing was. */
function chosenRegion(
	fields: CredentialFields,
	endpoint: string | undefined,
	label: string,
): string {
	const custom = readTextField(fields, 'customRegion', 'Custom Region');
	if (custom !== undefined) return custom;
	const chosen = readTextField(fields, 'region', label) ?? DEFAULT_REGION;
	return chosen === DEFAULT_REGION ? (regionOfHost(endpoint) ?? chosen) : chosen;
}

function readRegion(fields: CredentialFields, endpoint: string | undefined, label: string): string {
	const region = chosenRegion(fields, endpoint, label);
	const isName = (endpoint === undefined ? AWS_REGION : ANY_REGION).test(region);
	if (!isName || region.length > 63) {
		const characters =
			endpoint === undefined
				? 'lower case letters, digits and single dashes, for example eu-central-1'
				: 'letters, digits, dashes and underscores, as the server names it';
		throw S3Failure.invalid(
			`“${region.slice(0, 80)}” is not the name of a region`,
			`Choose a ${label} in the credential, or enter a Custom Region (More Settings) of ${characters}.`,
		);
	}
	return region;
}

function refuseBucketIn(url: string | undefined, label: string, bucket: string | undefined): void {
	if (bucket === undefined || url?.endsWith(`/${bucket}`) !== true) return;
	throw S3Failure.invalid(
		`The credential's ${label} ends with the bucket “${bucket}”`,
		`Remove the bucket from the ${label}; it belongs in the Bucket field alone.`,
	);
}

function readUrl(fields: CredentialFields, name: string, label: string): string | undefined {
	const text = readTextField(fields, name, label);
	if (text !== undefined) return endpointUrl(text, label, 'credential');
	if (isExpressionIn(fields, name)) throw gaveNothing(label);
	return undefined;
}

function readAddressingStyle(fields: CredentialFields): AddressingStyle {
	const style = readTextField(fields, 'addressingStyle', 'Addressing Style') ?? 'auto';
	if (style === 'auto' || style === 'path' || style === 'virtual') return style;
	throw S3Failure.invalid(
		`The credential's Addressing Style is unknown: ${style.slice(0, 40)}`,
		'Choose Automatic, Path or Virtual-Hosted in the credential.',
	);
}

function readPrivacyLevel(fields: CredentialFields): PrivacyLevel {
	const name = 'privacyLevel';
	const level = readTextField(fields, name, 'Privacy Level');
	if (level === undefined && !Object.hasOwn(fields, name)) return 'none';
	if (level === 'none' || level === 'private' || level === 'organizational' || level === 'public') {
		return level;
	}
	throw S3Failure.invalid(
		level === undefined
			? 'The credential has no Privacy Level'
			: `The credential's Privacy Level is unknown: ${level.slice(0, 40)}`,
		'Choose None, Private, Organizational or Public in the credential.',
	);
}

/** Bytes above which a file is uploaded in parts. */
function readThreshold(fields: CredentialFields): number {
	const label = 'Multipart Threshold (MiB)';
	const mebibytes = readNumberField(fields, 'multipartThresholdMb', label) ?? 100;
	if (!(mebibytes >= 0 && mebibytes <= MAX_THRESHOLD)) {
		throw S3Failure.invalid(
			`The credential's ${label} is not a number from 0 to ${MAX_THRESHOLD}`,
			`Enter a ${label} from 0 to ${MAX_THRESHOLD} in the credential; 100 suits most.`,
		);
	}
	return Math.floor(mebibytes * MiB);
}

/** PEM with its line breaks restored, because one-line form fields turn them into spaces. */
function readCertificate(fields: CredentialFields): string | undefined {
	const text = readTextField(fields, 'caCertificate', 'CA Certificate');
	if (text === undefined) return undefined;
	const advice =
		'Paste the certificate of the authority as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.';
	if (text.includes('PRIVATE KEY')) {
		throw S3Failure.invalid('The CA Certificate of the credential is a private key', advice);
	}
	const certificates = [
		...text
			.replaceAll('\\n', '\n')
			.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g),
	].map((match) => wrapCertificate(match[1] ?? ''));
	if (certificates.length === 0 || !certificates.every(isCertificate)) {
		throw S3Failure.invalid('The CA Certificate of the credential cannot be read', advice);
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
