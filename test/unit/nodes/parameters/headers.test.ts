import { contentHeaders } from '../../../../nodes/parameters/headers';
import { sourceOf } from './sourceOf';

it('each content header is read from its own option', () => {
	const source = sourceOf({
		'options.cacheControl': 'no-store',
		'options.contentDisposition': 'inline',
		'options.contentEncoding': 'gzip',
		'options.contentLanguage': 'en',
		'options.contentType': ' text/plain ',
		'options.expires': '2026-01-31T08:00:00Z',
	});
	expect(contentHeaders.read(source)).toEqual({
		cacheControl: 'no-store',
		contentDisposition: 'inline',
		contentEncoding: 'gzip',
		contentLanguage: 'en',
		contentType: 'text/plain',
		expires: new Date('2026-01-31T08:00:00Z'),
	});
});
