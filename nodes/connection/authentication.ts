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
const kinds = new Map<string, 'AccessKeys' | 'Ambient' | 'BasicAuth' | 'RolesAnywhere'>([
	['accessKeys', 'AccessKeys'],
	['ambient', 'Ambient'],
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
	const kind = kinds.get(String(authentication)) ?? 'AccessKeys';
	const fieldsOf = `amazonS3${kind}Api` as const;
	return { name: slot === 'source' ? fieldsOf : `amazonS3Target${kind}Api`, fieldsOf };
}

/** The credential type that has the same fields as one of a node. */
export function fieldsOfType(name: string): CredentialType {
	return name.replace(/^amazonS3Target/, 'amazonS3') as CredentialType;
}

export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Access Keys (AWS or Any S3 Server)',
			value: 'accessKeys',
			description: 'An access key ID and secret of AWS or of an S3-compatible server',
		},
		{
			name: 'User and Password (MinIO, Ceph and Others)',
			value: 'basicAuth',
			description: 'User name and password of an S3-compatible server',
		},
		{
			name: 'Roles Anywhere (AWS Without Long-Lived Keys)',
			value: 'rolesAnywhere',
			description: 'An X.509 certificate for AWS IAM Roles Anywhere, without long-lived keys',
		},
		{
			name: 'Role of the Machine (EKS, ECS, EC2)',
			value: 'ambient',
			description:
				'The role of the machine that n8n runs on in AWS, if the owner of this n8n allows it',
		},
	],
	default: 'accessKeys',
};

/** How to reach the connection that objects are copied to, if it is another one. */
export const targetAuthenticationField: INodeProperties = {
	...authenticationField,
	displayName: 'Target Authentication',
	name: AUTHENTICATION.target,
	displayOptions: { show: { anotherConnection: [true] } },
	description: 'What kind of credential the target has',
};
