import type { INodeProperties } from 'n8n-workflow';

import type { LinkTerms } from '../../s3/client/S3';
import type { OptionGroup } from './OptionGroup';
import { notLost, readNumber, readTrimmed } from './read';

/** Seconds. */
const DEFAULT_LIFE = 3600;
/** Seconds: the longest that S3 allows. */
const MAX_LIFE = 7 * 24 * 3600;

/** How long a link or form can be used. */
export const expiresInField: INodeProperties = {
	displayName: 'Expires In (Seconds)',
	name: 'expiresIn',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MAX_LIFE },
	default: DEFAULT_LIFE,
	description:
		'How long it can be used, any number of times: at most 604800 seconds (7 days), and no longer than the session if the credential assumes a role',
};

/** Where those who use a link or form reach the server; undefined: as the credential says. */
export const publicEndpoint: OptionGroup<Pick<LinkTerms, 'publicEndpoint'>> = {
	fields: [
		{
			displayName: 'Public Endpoint',
			name: 'publicEndpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://files.example.com',
			description:
				'URL under which others reach the S3 server. Leave it empty to use that of the credential.',
		},
	],
	read: (source) => {
		const name = 'options.publicEndpoint';
		// The one of the credential may be for this network alone, and others could not use the link.
		return { publicEndpoint: notLost(source, name, readTrimmed(source, name)) };
	},
};

/**
 * Seconds that a link or form is to live.
 *
 * @throws {S3Failure} of kind `invalid` when it is not a whole number that S3 allows
 */
export const expiresInOf = (source: Parameters<typeof readNumber>[0]): number =>
	notLost(
		source,
		'expiresIn',
		readNumber(source, 'expiresIn', { min: 1, max: MAX_LIFE, whole: true }),
	) ?? DEFAULT_LIFE;
