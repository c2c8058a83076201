import { S3Failure } from '../../s3/S3Failure';

/** n8n's names of the credential types a connection can come from. */
export type CredentialType =
	| 'amazonS3AccessKeysApi'
	| 'amazonS3AmbientApi'
	| 'amazonS3BasicAuthApi'
	| 'amazonS3RolesAnywhereApi';

/** A credential's fields as n8n decrypts them; the value of an expression can be anything. */
export type CredentialFields = Readonly<Record<string, unknown>>;

/**
 * The trimmed text of a field; undefined if it is empty.
 *
 * @param label the field's name as n8n shows it
 * @throws {S3Failure} of kind `invalid` for anything but text or a number
 */
export function readTextField(
	fields: CredentialFields,
	name: string,
	label: string,
): string | undefined {
	const value = fields[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw S3Failure.invalid(
			`${label} of the credential is not text`,
			`Enter ${label} in the credential as text.`,
		);
	}
	const text = String(value).trim();
	return text === '' ? undefined : text;
}

/**
 * The trimmed text of a field that must not be empty.
 *
 * @throws {S3Failure} of kind `invalid`
 */
export function readRequiredField(fields: CredentialFields, name: string, label: string): string {
	const text = readTextField(fields, name, label);
	if (text === undefined) {
		throw S3Failure.invalid(
			`The credential has no ${label}`,
			`Enter the ${label} in the credential, or correct the expression there.`,
		);
	}
	return text;
}

/**
 * A switch, also one that an expression gave as text; an empty one is off.
 *
 * @throws {S3Failure} of kind `invalid`
 */
export function readBooleanField(fields: CredentialFields, name: string, label: string): boolean {
	const value = fields[name] ?? false;
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	if (text === 'true') return true;
	if (text === 'false' || text === '') return false;
	throw S3Failure.invalid(
		`${label} of the credential is neither true nor false`,
		`Switch ${label} on or off in the credential.`,
	);
}
