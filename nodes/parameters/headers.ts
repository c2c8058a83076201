import { offeredBeside } from './offeredBeside';
import type { OptionGroup } from './OptionGroup';
import { readDate, readTrimmed } from './read';

/** Headers of HTTP that S3 keeps with an object and sends with it. */
export interface ContentHeaders {
	cacheControl: string | undefined;
	contentDisposition: string | undefined;
	contentEncoding: string | undefined;
	contentLanguage: string | undefined;
	contentType: string | undefined;
	expires: Date | undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#SysMetadata */
export const contentHeaders: OptionGroup<ContentHeaders> = {
	fields: [
		{
			displayName: 'Content Type',
			name: 'contentType',
			type: 'string',
			default: '',
			placeholder: 'e.g. application/pdf',
			description:
				'The type of the content. Leave it empty to use the type of the file, or plain text.',
		},
		{
			displayName: 'Content Disposition',
			name: 'contentDisposition',
			type: 'string',
			default: '',
			placeholder: 'e.g. attachment; filename="invoice.pdf"',
			description: 'Whether browsers show or save the object, and under which name',
		},
		// The file of a URL has that of its response.
		...offeredBeside(
			'/source',
			['binary', 'text'],
			[
				{
					displayName: 'Content Encoding',
					name: 'contentEncoding',
					type: 'string',
					default: '',
					placeholder: 'e.g. gzip',
					description: 'How the content is already encoded. The bytes are stored unchanged.',
				},
			],
		),
		{
			displayName: 'Content Language',
			name: 'contentLanguage',
			type: 'string',
			default: '',
			placeholder: 'e.g. en-GB',
			description: 'The language of the content',
		},
		{
			displayName: 'Cache Control',
			name: 'cacheControl',
			type: 'string',
			default: '',
			placeholder: 'e.g. max-age=3600',
			description: 'How long browsers and proxies may keep the object',
		},
		...offeredBeside(
			'cacheControl',
			[{ _cnd: { exists: true } }],
			[
				{
					displayName: 'Expires',
					name: 'expires',
					type: 'dateTime',
					default: '',
					description:
						'Until when caches that ignore Cache Control may keep the object. The object itself is not deleted then.',
				},
			],
		),
	],
	read: (source) => ({
		cacheControl: readTrimmed(source, 'options.cacheControl'),
		contentDisposition: readTrimmed(source, 'options.contentDisposition'),
		contentEncoding: readTrimmed(source, 'options.contentEncoding'),
		contentLanguage: readTrimmed(source, 'options.contentLanguage'),
		contentType: readTrimmed(source, 'options.contentType'),
		expires: readDate(source, 'options.expires'),
	}),
};
