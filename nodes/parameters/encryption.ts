import { S3Failure } from '../../s3/S3Failure';
import type { Encryption } from '../../s3/upload/putObject';
import { offeredBeside } from './offeredBeside';
import type { OptionGroup } from './OptionGroup';
import type { ParameterSource } from './ParameterSource';
import { readPairs } from './pairs';
import { isExpression, notLost, readBoolean, readEntered, readOneOf, readTrimmed } from './read';

/**
 * The key with which S3 encrypts and that it does not keep (SSE-C), in base64; undefined if none is given.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export const customerKey: OptionGroup<string | undefined> = {
	fields: [
		{
			displayName: 'Encryption Customer Key',
			name: 'encryptionCustomerKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The customer key, 32 bytes in base64, that the object is encrypted with (SSE-C). S3 does not keep it: if you lose the key, the object is lost.',
		},
	],
	read: (source) => readTrimmed(source, 'options.encryptionCustomerKey'),
};

/**
 * How S3 is to encrypt an object; undefined: as the bucket says.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
 */
export const encryption: OptionGroup<Encryption | undefined> = {
	fields: [
		{
			displayName: 'Encryption',
			name: 'encryption',
			type: 'options',
			options: [
				{ name: 'Amazon S3 Key (SSE-S3)', value: 's3' },
				{ name: 'AWS KMS Key (SSE-KMS)', value: 'kms' },
				{ name: 'AWS KMS Key, Two Layers (DSSE-KMS)', value: 'kmsDsse' },
				{ name: 'Bucket Default', value: 'none' },
				{ name: 'Customer Key (SSE-C)', value: 'customer' },
			],
			default: 'none',
			description:
				'How S3 encrypts the object. Further options appear for keys of AWS KMS and for a customer key.',
		},
		...offeredBeside(
			'encryption',
			['kms', 'kmsDsse'],
			[
				{
					displayName: 'Encryption KMS Key ID',
					name: 'encryptionKmsKeyId',
					type: 'string',
					default: '',
					placeholder: 'e.g. arn:aws:kms:eu-west-1:…:key/…',
					description:
						'ID or ARN of the KMS key. Leave it empty to use the key that AWS manages for S3.',
				},
			],
		),
		...offeredBeside(
			'encryption',
			['kms'],
			[
				{
					displayName: 'Encryption Bucket Key',
					name: 'encryptionBucketKey',
					type: 'boolean',
					default: false,
					description: 'Whether to use an S3 bucket key, which makes fewer requests to AWS KMS',
				},
			],
		),
		...offeredBeside(
			'encryption',
			['kms', 'kmsDsse'],
			[
				{
					displayName: 'Encryption KMS Context',
					name: 'encryptionKmsContext',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true },
					placeholder: 'Add context',
					default: {},
					options: [
						{
							displayName: 'Context',
							name: 'entry',
							values: [
								{ displayName: 'Name', name: 'name', type: 'string', default: '' },
								{ displayName: 'Value', name: 'value', type: 'string', default: '' },
							],
						},
					],
					description: 'What AWS KMS keeps with the encryption, for its logs and policies',
				},
			],
		),
		...offeredBeside('encryption', ['customer'], customerKey.fields),
	],
	read: (source) => {
		const kinds = ['none', 's3', 'kms', 'kmsDsse', 'customer'] as const;
		const kind = notLost(source, KIND, readOneOf(source, KIND, kinds));
		refuseUnused(source, kind);
		switch (kind) {
			case undefined:
			case 'none':
				return undefined;
			case 's3':
				return { kind };
			case 'kms':
				return {
					...kmsKey(source),
					kind,
					bucketKey: readBoolean(source, 'options.encryptionBucketKey'),
				};
			case 'kmsDsse':
				return { ...kmsKey(source), kind };
			case 'customer':
				return { kind, key: requiredCustomerKey(source) };
		}
	},
};

const KIND = 'options.encryption';
const KMS_KEY = 'options.encryptionKmsKeyId';

/** @throws {S3Failure} of kind `invalid` for what the chosen encryption would ignore */
function refuseUnused(source: ParameterSource, kind: Encryption['kind'] | 'none' = 'none'): void {
	// With an expression other items may need it.
	if (isExpression(source.entered(KIND))) return;
	const isOfKms = kind === 'kms' || kind === 'kmsDsse';
	const given = [
		!isOfKms && readTrimmed(source, KMS_KEY) !== undefined && 'Encryption KMS Key ID',
		!isOfKms && kmsContext(source) !== undefined && 'Encryption KMS Context',
		kind !== 'kms' && readBoolean(source, 'options.encryptionBucketKey') && 'Encryption Bucket Key',
		kind !== 'customer' && customerKey.read(source) !== undefined && 'Encryption Customer Key',
	].find((name) => name !== false);
	if (given === undefined) return;
	throw S3Failure.invalid(
		`${given} is given, but Encryption is set to something that does not use it`,
		`Choose the Encryption that it is for, or remove ${given}.`,
	);
}

const kmsContext = (source: ParameterSource) =>
	readPairs(source, 'options.encryptionKmsContext.entry', 'encryption context');

const kmsKey = (source: ParameterSource) => ({
	keyId: readEntered(source, KMS_KEY),
	context: kmsContext(source),
});

function requiredCustomerKey(source: ParameterSource): string {
	const key = customerKey.read(source);
	if (key !== undefined) return key;
	throw S3Failure.invalid(
		'Encryption is set to Customer Key (SSE-C), but no key is given',
		'Add the option Encryption Customer Key with a key of 32 bytes as base64.',
	);
}
