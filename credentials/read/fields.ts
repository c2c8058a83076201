import { S3Failure } from '../../s3/S3Failure';

/** n8n's names of the credential types a connection can come from. */
export type CredentialType =
	'amazonS3AccessKeysApi' | 'amazonS3BasicAuthApi' | 'amazonS3RolesAnywhereApi';

/** A credential's fields as n8n decrypts them; expressions can make anything of them. */
export type CredentialFields = Readonly<Record<string, unknown>>;

/** A failure of what was entered in the credential. */
export function invalid(message: string, advice: string): S3Failure {
	return new S3Failure({ kind: 'invalid', message, advice });
}

/** The trimmed text of a field; undefined where it is empty. */
export function readText(
	fields: CredentialFields,
	name: string,
	label: string,
): string | undefined {
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

/** The trimmed text of a field that must not be empty. */
export function readRequired(fields: CredentialFields, name: string, label: string): string {
	const text = readText(fields, name, label);
	if (text === undefined) {
		throw invalid(`The credential has no ${label}`, `Enter the ${label} in the credential.`);
	}
	return text;
}

/** A switch, also one that an expression gave as text. */
export function readBoolean(fields: CredentialFields, name: string, label: string): boolean {
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
