import { headerOf, lowerCaseHeaders } from '../../../../credentials/httpRequest/requestHeaders';

it('a header is found whatever the case of its name', () => {
	expect(headerOf({ 'CONTENT-Type': 'text/plain' }, 'content-type')).toBe('text/plain');
	expect(headerOf({ 'Content-Length': 3 }, 'content-length')).toBe('3');
	expect(headerOf(undefined, 'content-type')).toBeUndefined();
});

it('header names become lower case, and headers that are left out or have no value disappear', () => {
	const headers = { 'X-Trace': 1, Host: 'h', 'X-Empty': null, 'X-Missing': undefined };
	expect(lowerCaseHeaders(headers as never, ['host'])).toEqual({ 'x-trace': '1' });
});
