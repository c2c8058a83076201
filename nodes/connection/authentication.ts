import type { INodeProperties } from 'n8n-workflow';

import type { CredentialType } from '../../credentials/read/readConnection';

/**
 * Which of two connections a credential is for. n8n keeps one credential of a type on a node, so the
 * second connection, to which objects are copied, has credential types of its own with the same fields.
 */
export type CredentialSlot = 'source' | 'target';

/** A type of credentials that a node can have. */
export interface NodeCredentialType {
	/** What n8n calls it. */
	readonly name: string;
	/** The type that has the same fields. */
	readonly fieldsOf: CredentialType;
}

/** The kinds of credentials by what workflows save as authentication. */
const kinds = new Map<unknown, 'AccessKeys' | 'BasicAuth' | 'RolesAnywhere'>([
	['accessKeys', 'AccessKeys'],
	['basicAuth', 'BasicAuth'],
	['rolesAnywhere', 'RolesAnywhere'],
]);

/** The parameter that holds the authentication of a connection. */
export const AUTHENTICATION: Readonly<Record<CredentialSlot, string>> = {
	source: 'authentication',
	target: 'targetAuthentication',
};

/** The credential type of an authentication; access keys if that is unknown or empty. */
export function credentialTypeOf(
	authentication: unknown,
	slot: CredentialSlot,
): NodeCredentialType {
	const kind = kinds.get(authentication) ?? 'AccessKeys';
	const fieldsOf = `amazonS3${kind}Api` as const;
	return { name: slot === 'source' ? fieldsOf : `amazonS3Target${kind}Api`, fieldsOf };
}

export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Access Keys',
			value: 'accessKeys',
			description: 'An access key ID and secret of AWS or of an S3-compatible server',
		},
		{
			name: 'Basic Auth',
			value: 'basicAuth',
			description: 'User name and password of an S3-compatible server',
		},
		{
			name: 'Roles Anywhere',
			value: 'rolesAnywhere',
			description: 'An X.509 certificate for AWS IAM Roles Anywhere, without long-lived keys',
		},
	],
	default: 'accessKeys',
};
