import type { INodePropertyOptions } from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import { offeredBeside } from './offeredBeside';
import type { OptionGroup } from './OptionGroup';
import type { ParameterSource } from './ParameterSource';
import { isExpression, notLost, readDate, readEntered, readOneOf, readTrimmed } from './read';

/** Conditions for reading an object. */
export interface ReadConditions {
	ifMatch: string | undefined;
	ifNoneMatch: string | undefined;
	ifModifiedSince: Date | undefined;
	ifUnmodifiedSince: Date | undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html */
export const readConditions: OptionGroup<ReadConditions> = {
	fields: [
		{
			displayName: 'If ETag Differs',
			name: 'ifNoneMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 5d41402abc4b2a76b9719d911017c592',
			description:
				'Get the object only if its ETag differs from this one. Otherwise the item has no content and the outcome “notModified”.',
		},
		{
			displayName: 'If ETag Matches',
			name: 'ifMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 5d41402abc4b2a76b9719d911017c592',
			description:
				'Get the object only if this is its ETag. Otherwise the item has no content and the outcome “preconditionFailed”.',
		},
		{
			displayName: 'If Modified Since',
			name: 'ifModifiedSince',
			type: 'dateTime',
			default: '',
			description:
				'Get the object only if it was modified after this moment. Otherwise the item has no content and the outcome “notModified”.',
		},
		{
			displayName: 'If Unmodified Since',
			name: 'ifUnmodifiedSince',
			type: 'dateTime',
			default: '',
			description:
				'Get the object only if it was not modified after this moment. Otherwise the item has no content and the outcome “preconditionFailed”.',
		},
	],
	read: (source) => ({
		ifMatch: readEntered(source, 'options.ifMatch'),
		ifNoneMatch: readTrimmed(source, 'options.ifNoneMatch'),
		ifModifiedSince: readDate(source, 'options.ifModifiedSince'),
		ifUnmodifiedSince: notLost(
			source,
			'options.ifUnmodifiedSince',
			readDate(source, 'options.ifUnmodifiedSince'),
		),
	}),
};

function readOverwrite<const Values extends readonly string[]>(
	source: ParameterSource,
	values: Values,
): Values[number] | undefined {
	return notLost(source, 'options.overwrite', readOneOf(source, 'options.overwrite', values));
}

/** What to do if there is an object under the key that is to be written. */
export interface OverwriteCondition {
	overwrite: 'always' | 'never' | 'ifMatch' | undefined;
	/** The ETag of the object that may be overwritten. */
	etag: string | undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export const overwriteCondition: OptionGroup<OverwriteCondition> = {
	fields: [
		{
			displayName: 'Overwrite',
			name: 'overwrite',
			type: 'options',
			options: [
				{ name: 'Always', value: 'always', description: 'Replace the object' },
				{
					name: 'If ETag Matches',
					value: 'ifMatch',
					description: 'Replace the object only if it still has the ETag that you enter',
				},
				{
					name: 'Never',
					value: 'never',
					description: 'Fail if an object with the same key exists',
				},
			],
			default: 'never',
			description:
				'What to do if an object with the same key exists. Without this option it is replaced.',
		},
		...offeredBeside(
			'overwrite',
			['ifMatch'],
			[
				{
					displayName: 'Overwrite Only ETag',
					name: 'etag',
					type: 'string',
					default: '',
					placeholder: 'e.g. d41d8cd98f00b204e9800998ecf8427e',
					description: 'The ETag of the object that may be overwritten',
				},
			],
		),
	],
	read: (source) => {
		const overwrite = readOverwrite(source, ['always', 'never', 'ifMatch']);
		return { overwrite, etag: etagFor(source, overwrite) };
	},
};

/** @throws {S3Failure} of kind `invalid` for an ETag without the condition that it is for */
function etagFor(source: ParameterSource, overwrite: string | undefined): string | undefined {
	const etag = readTrimmed(source, 'options.etag');
	if (overwrite === 'ifMatch') return etag;
	// With an expression other items may need it.
	if (etag === undefined || isExpression(source.entered('options.overwrite'))) return undefined;
	throw S3Failure.invalid(
		'Overwrite Only ETag is given, but Overwrite is not set to If ETag Matches',
		'Set Overwrite to If ETag Matches, or remove Overwrite Only ETag.',
	);
}

/** What to do if there is an object under the key of a copy. */
export interface CopyCondition {
	overwrite: OverwriteCondition['overwrite'] | 'ifDifferent';
	etag: string | undefined;
}

const IF_DIFFERENT: INodePropertyOptions = {
	name: 'If Different',
	value: 'ifDifferent',
	description:
		'Skip the copy if the object there has the same size and the same checksum of all bytes',
};

/** As `overwriteCondition`, for copies, whose content can be compared. */
export const copyCondition: OptionGroup<CopyCondition> = {
	fields: overwriteCondition.fields.map((field) =>
		field.name === 'overwrite'
			? { ...field, options: [...((field.options ?? []) as INodePropertyOptions[]), IF_DIFFERENT] }
			: field,
	),
	read: (source) => {
		const overwrite = readOverwrite(source, ['always', 'never', 'ifMatch', 'ifDifferent']);
		return { overwrite, etag: etagFor(source, overwrite) };
	},
};
