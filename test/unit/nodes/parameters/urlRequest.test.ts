import { urlRequest } from '../../../../nodes/parameters/urlRequest';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

it('a request for a URL is read with its method, headers and body', () => {
	const source = sourceOf({
		url: ' https://example.com/a ',
		'options.method': 'POST',
		'options.headers.header': [{ name: 'Accept', value: 'text/csv' }],
		'options.body': ' {} ',
	});
	expect(urlRequest.read(source)).toEqual({
		url: 'https://example.com/a',
		method: 'POST',
		headers: { Accept: 'text/csv' },
		body: ' {} ',
	});
});

it('a request for a URL needs nothing but the URL', () => {
	expect(urlRequest.read(sourceOf({ url: 'http://e.test/' }))).toEqual({ url: 'http://e.test/' });
	expect(failureOf(() => urlRequest.read(sourceOf({}))).message).toBe('No URL is given');
});

it('an expression that gives no URL is named', () => {
	const source = { ...sourceOf({}), entered: () => '={{ $json.link }}' };
	expect(failureOf(() => urlRequest.read(source)).message).toContain('The expression of URL');
});
