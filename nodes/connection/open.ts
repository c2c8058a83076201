import {
	isSameForAllItems,
	readConnection,
	type CredentialFields,
} from '../../credentials/read/readConnection';
import { openS3 } from '../../s3/client/openS3';
import type { OpenS3 } from '../../s3/client/S3';
import type { ParameterSource } from '../parameters/ParameterSource';
import { readText } from '../parameters/read';
import { AUTHENTICATION, credentialTypeOf, type CredentialSlot } from './authentication';

/** Where the credentials of a node are read: for an item of a run, or in the editor. */
export interface CredentialSource {
	readonly parameters: ParameterSource;
	/** The fields of the credential of this type. */
	readonly fields: (type: string) => Promise<CredentialFields>;
	/** Connections that are the same for all items of a run, by credential type. */
	readonly shared?: Map<string, OpenS3>;
}

/**
 * Opens one of the connections of a node. n8n takes a credential from its database and decrypts it each
 * time, so its fields are read again only if an expression in them may differ from item to item.
 *
 * @throws {S3Failure} of kind `invalid` when a field of the credential cannot be used
 */
export async function openConnection(
	{ parameters, fields, shared }: CredentialSource,
	slot: CredentialSlot,
): Promise<OpenS3> {
	const { name, fieldsOf } = credentialTypeOf(readText(parameters, AUTHENTICATION[slot]), slot);
	const known = shared?.get(name);
	if (known !== undefined) return known;
	const entered = await fields(name);
	const s3 = await openS3(readConnection(fieldsOf, entered));
	if (isSameForAllItems(entered)) shared?.set(name, s3);
	return s3;
}
