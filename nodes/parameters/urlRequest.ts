import type { INodeProperties } from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import type { UrlRequest } from '../../s3/url/openUrl';
import { offeredBeside } from './offeredBeside';
import type { OptionGroup } from './OptionGroup';
import { readPairs } from './pairs';
import { checkEntered, readOneOf, readText, readTrimmed } from './read';

/** The URL of a file on another server. */
export const urlField: INodeProperties = {
	displayName: 'URL',
	name: 'url',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/reports/2026.pdf',
	displayOptions: { show: { source: ['url'] } },
	description:
		'URL of the file. It is streamed to S3 byte for byte, with its content type and name; n8n keeps no copy.',
};

const displayOptions: INodeProperties['displayOptions'] = { show: { '/source': ['url'] } };

/** How another server is asked for a file. */
export const urlRequest: OptionGroup<UrlRequest> = {
	fields: [
		{
			displayName: 'Headers',
			name: 'headers',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add header',
			default: {},
			displayOptions,
			options: [
				{
					displayName: 'Header',
					name: 'header',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. Authorization',
						},
						{ displayName: 'Value', name: 'value', type: 'string', default: '' },
					],
				},
			],
			description:
				'Headers of the request. After a redirect to another server, only Accept, Accept-Encoding, Accept-Language and User-Agent are sent.',
		},
		{
			displayName: 'Method',
			name: 'method',
			type: 'options',
			options: [
				{ name: 'GET', value: 'GET' },
				{ name: 'POST', value: 'POST', description: 'Sent only once, even if it fails' },
			],
			default: 'GET',
			displayOptions,
			description: 'How to request the file',
		},
		...offeredBeside(
			'method',
			['POST'],
			[
				{
					displayName: 'Body',
					name: 'body',
					type: 'string',
					typeOptions: { rows: 4 },
					default: '',
					placeholder: 'e.g. {"year": 2026}',
					description: 'What to send with the method POST. Enter its Content-Type in Headers.',
				},
			],
		),
	],
	read: (source) => {
		const url = readTrimmed(source, 'url');
		if (url === undefined) {
			checkEntered(source.entered('url'), urlField.displayName, false);
			throw S3Failure.invalid('No URL is given', 'Enter the URL of the file.');
		}
		return {
			url,
			method: readOneOf(source, 'options.method', ['GET', 'POST']),
			headers: readPairs(source, 'options.headers.header', 'header'),
			body: readText(source, 'options.body'),
		};
	},
};
