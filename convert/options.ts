import { isExpression } from './expressions';
import { asRecord, isSet } from './parameters';
import type { Parameters } from './Workflow';

const ACLS: Readonly<Record<string, string>> = {
	authenticatedRead: 'authenticated-read',
	awsExecRead: 'aws-exec-read',
	bucketOwnerFullControl: 'bucket-owner-full-control',
	bucketOwnerRead: 'bucket-owner-read',
	private: 'private',
	publicRead: 'public-read',
	publicReadWrite: 'public-read-write',
};
const STORAGE_CLASSES: Readonly<Record<string, string>> = {
	deepArchive: 'DEEP_ARCHIVE',
	glacier: 'GLACIER',
	intelligentTiering: 'INTELLIGENT_TIERING',
	onezoneIA: 'ONEZONE_IA',
	// The node has the name with this slip, and S3 refuses it.
	RecudedRedundancy: 'REDUCED_REDUNDANCY',
	standard: 'STANDARD',
	standardIA: 'STANDARD_IA',
};
const ENCRYPTIONS: Readonly<Record<string, string>> = { AES256: 's3', 'aws:kms': 'kms' };
const DIRECTIVES: Readonly<Record<string, string>> = { copy: 'keep', replace: 'replace' };
const LOCK_MODES: Readonly<Record<string, string>> = {
	governance: 'GOVERNANCE',
	compliance: 'COMPLIANCE',
};

const GRANTS = ['grantFullControl', 'grantRead', 'grantReadAcp', 'grantWrite', 'grantWriteAcp'];

/** Options of theirs by the names of ours, with the values of ours. */
const SAME: Readonly<Record<string, { name: string; values?: Readonly<Record<string, string>> }>> =
	{
		acl: { name: 'acl', values: ACLS },
		storageClass: { name: 'storageClass', values: STORAGE_CLASSES },
		requesterPays: { name: 'requestPayer' },
		lockLegalHold: { name: 'objectLockLegalHold' },
		lockMode: { name: 'objectLockMode', values: LOCK_MODES },
		lockRetainUntilDate: { name: 'objectLockRetainUntil' },
		serverSideEncryption: { name: 'encryption', values: ENCRYPTIONS },
		encryptionAwsKmsKeyId: { name: 'encryptionKmsKeyId' },
		metadataDirective: { name: 'metadata', values: DIRECTIVES },
		taggingDirective: { name: 'tags', values: DIRECTIVES },
		fetchOwner: { name: 'fetchOwner' },
		startAfter: { name: 'startAfter' },
		delimiter: { name: 'delimiter' },
		versionId: { name: 'versionId' },
	};

/** Options of theirs that say nothing new here, or that are dealt with where they matter. */
const ELSEWHERE = [
	'parentFolderKey',
	'prefix',
	'folderKey',
	'includeCommonPrefixes',
	'serverSideEncryptionContext',
	'serversideEncryptionCustomerAlgorithm',
	'serversideEncryptionCustomerKey',
	'serversideEncryptionCustomerKeyMD5',
];

/** The options that the two have in common, and what to say of the others. */
export function optionsOf(fields: unknown): { options: Parameters; notes: string[] } {
	const options: Parameters = {};
	const notes: string[] = [];
	for (const [name, value] of Object.entries(asRecord(fields))) {
		const same = SAME[name];
		if (!isSet(value) || ELSEWHERE.includes(name)) continue;
		if (GRANTS.includes(name)) {
			notes.push(`${name} was left out: n8n’s node sends it without anybody to grant it to.`);
		} else if (name === 'encodingType') {
			notes.push(
				'encodingType was left out: keys come as they are. Take decodeURI… out of what reads them.',
			);
		} else if (same === undefined) {
			notes.push(`${name} was left out: this package has no such option.`);
		} else if (same.values === undefined) {
			options[same.name] = value;
		} else {
			options[same.name] = same.values[String(value)] ?? value;
			if (isExpression(value)) {
				const values = Object.values(same.values).join(', ');
				notes.push(`${name} is an expression; its values have other names now: ${values}.`);
			}
		}
	}
	addKeys(asRecord(fields), options, notes);
	return { options, notes };
}

/** Encryption with a key of the customer, and what AWS KMS keeps beside the encryption. */
function addKeys(fields: Parameters, options: Parameters, notes: string[]): void {
	const key = fields.serversideEncryptionCustomerKey;
	// Its algorithm can only be one, and its MD5 is computed.
	if (isSet(key)) Object.assign(options, { encryption: 'customer', encryptionCustomerKey: key });
	const context = fields.serverSideEncryptionContext;
	if (!isSet(context)) return;
	const entries = contextEntries(context);
	if (entries === undefined) {
		notes.push('serverSideEncryptionContext was left out: enter its pairs as names and values.');
	} else {
		options.encryptionKmsContext = { entry: entries };
	}
}

/** The pairs in a context, which is JSON in base64. */
function contextEntries(context: unknown): { name: string; value: string }[] | undefined {
	if (typeof context !== 'string' || isExpression(context)) return undefined;
	try {
		const pairs = JSON.parse(Buffer.from(context, 'base64').toString()) as object;
		return Object.entries(pairs).map(([name, value]) => ({ name, value: String(value) }));
	} catch {
		return undefined;
	}
}
