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
 * @throws {S3Failure} of kind `invalid` for anything but text or a number, or for an expression that gave nothing
 */
export function readTextField(
	fields: CredentialFields,
	name: string,
	label: string,
): string | undefined {
	const value = fields[name];
	if (value === undefined || value === null) {
		checkNotLost(fields, name, label);
		return undefined;
	}
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
 * A number; undefined if the field is empty, for which the editor stores null.
 *
 * @throws {S3Failure} of kind `invalid` for an expression that gave nothing; any other text is NaN
 */
export function readNumberField(
	fields: CredentialFields,
	name: string,
	label: string,
): number | undefined {
	if (fields[name] === null) return undefined;
	const text = readTextField(fields, name, label);
	return text === undefined ? undefined : Number(text);
}

/**
 * A switch, also one that an expression gave as text; off if n8n does not hand it over, as the form hides it.
 *
 * @throws {S3Failure} of kind `invalid`, also for an expression that gave nothing: many a switch is a limit
 */
export function readBooleanField(fields: CredentialFields, name: string, label: string): boolean {
	const value = fields[name];
	if (value === undefined || value === null) {
		checkNotLost(fields, name, label);
		return false;
	}
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
	if (text === 'true') return true;
	if (text === 'false') return false;
	throw S3Failure.invalid(
		`${label} of the credential is neither true nor false`,
		`Switch ${label} on or off in the credential.`,
	);
}

/**
 * n8n hands over a field whose expression gave nothing as undefined or null; one that was left empty has an empty text,
 * and one that the form hides is not there.
 *
 * @throws {S3Failure} of kind `invalid` for a field that is there without a value
 */
function checkNotLost(fields: CredentialFields, name: string, label: string): void {
	if (!Object.hasOwn(fields, name)) return;
	throw gaveNothing(label);
}

/** What is said of an expression that gave nothing. */
export function gaveNothing(label: string): S3Failure {
	return S3Failure.invalid(
		`The expression of ${label} in the credential gave nothing`,
		`Correct the expression in the credential, or give ${label} a fixed value there.`,
	);
}
