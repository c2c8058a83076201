import { MiB } from '../../s3/bytes';
import type { PutRequest } from '../../s3/upload/putObject';
import { offeredBeside } from './offeredBeside';
import type { OptionGroup } from './OptionGroup';
import type { ParameterSource } from './ParameterSource';
import { notLost, readNumber, readOneOf } from './read';

/** MiB. S3 takes at most 5 GiB in one request. */
const MAX_REQUEST_MB = 5 * 1024;

const CHECKSUM = 'options.checksum';
const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'MD5', 'SHA1', 'SHA256'] as const;

/** How the bytes of an object are sent. */
export const uploading: OptionGroup<
	Pick<PutRequest, 'checksum' | 'partSize' | 'multipartThreshold'>
> = {
	fields: [
		{
			displayName: 'Checksum',
			name: 'checksum',
			type: 'options',
			options: [
				{ name: 'CRC32', value: 'CRC32' },
				{ name: 'CRC32C', value: 'CRC32C' },
				{ name: 'CRC64NVME', value: 'CRC64NVME' },
				{
					name: 'MD5',
					value: 'MD5',
					description:
						'Every server knows it, and none keeps it. It is also compared with the ETag of the stored object.',
				},
				{ name: 'SHA-1', value: 'SHA1' },
				{ name: 'SHA-256', value: 'SHA256' },
			],
			default: 'CRC32',
			description:
				'A checksum that S3 verifies and keeps with the object. Other servers may not know all of these; every server knows MD5.',
		},
		// A text is too short for parts, and of many a URL nobody knows before how long its file is.
		...offeredBeside(
			'/source',
			['binary'],
			[
				{
					displayName: 'Multipart Threshold (MiB)',
					name: 'multipartThresholdMb',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: MAX_REQUEST_MB },
					default: 100,
					description:
						'Files larger than this are uploaded in parts. Without this option, the threshold of the credential is used.',
				},
			],
		),
		...offeredBeside(
			'/source',
			['binary', 'url'],
			[
				{
					displayName: 'Part Size (MiB)',
					name: 'partSizeMb',
					type: 'number',
					typeOptions: { minValue: 5, maxValue: MAX_REQUEST_MB },
					default: 8,
					description:
						'Size of the parts of a multipart upload; it grows automatically for files that would need more than 10,000 parts',
				},
			],
		),
	],
	read: (source) => ({
		checksum: notLost(source, CHECKSUM, readOneOf(source, CHECKSUM, ALGORITHMS)),
		...readParts(source),
	}),
};

/** How large the parts of a copy are, and when it has any. */
export const copyParts: OptionGroup<Pick<PutRequest, 'partSize' | 'multipartThreshold'>> = {
	fields: [
		{
			displayName: 'Multipart Threshold (MiB)',
			name: 'multipartThresholdMb',
			type: 'number',
			typeOptions: { minValue: 5, maxValue: MAX_REQUEST_MB },
			default: MAX_REQUEST_MB,
			description:
				'Objects larger than this are copied in parts; S3 copies at most 5 GiB in one request',
		},
		{
			displayName: 'Part Size (MiB)',
			name: 'partSizeMb',
			type: 'number',
			typeOptions: { minValue: 5, maxValue: MAX_REQUEST_MB },
			default: 256,
			description:
				'Size of the parts that the server copies; it grows automatically for objects that would need more than 10,000 parts',
		},
	],
	read: readParts,
};

function readParts(source: ParameterSource): Pick<PutRequest, 'partSize' | 'multipartThreshold'> {
	return {
		partSize: readBytes(source, 'options.partSizeMb', 0.001),
		multipartThreshold: readBytes(source, 'options.multipartThresholdMb', 0),
	};
}

/** The bytes of a field in MiB. */
function readBytes(source: ParameterSource, name: string, min: number): number | undefined {
	const megabytes = readNumber(source, name, { min, max: MAX_REQUEST_MB });
	return megabytes === undefined ? undefined : Math.floor(megabytes * MiB);
}
