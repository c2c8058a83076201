import { headerOf, lowerCaseHeaders } from '../../../../credentials/httpRequest/requestHeaders';
import { failureOf } from '../../failureOf';

it('a header is found whatever the case of its name', () => {
	expect(headerOf({ 'CONTENT-Type': 'text/plain' }, 'content-type')).toBe('text/plain');
	expect(headerOf({ 'Content-Length': 3 }, 'content-length')).toBe('3');
	expect(headerOf(undefined, 'content-type')).toBeUndefined();
});

it.each([' ', '\t', '\u00a0', '\ufeff', '\n'])(
	'a blank like %j around the name of a header is cut off, as n8n does when it sends it',
	(blank) => {
		const headers = { 'x-amz-acl': 'private', [`${blank}X-Amz-Acl${blank}`]: 'public-read' };
		expect(lowerCaseHeaders(headers, [])).toEqual({ 'x-amz-acl': 'public-read' });
		expect(lowerCaseHeaders({ [`${blank}Host`]: 'h' }, ['host'])).toEqual({});
		expect(headerOf({ [`${blank}Content-Type`]: 'text/plain' }, 'content-type')).toBe('text/plain');
	},
);

it.each<[string, string]>([
	['x-amz acl', 'a'],
	['x-amz-acl:', 'a'],
	['x-ämz-acl', 'a'],
	['x-amz\u200b-acl', 'a'],
	['', 'a'],
	['x-amz-acl', 'a\r\nHost: other'],
	['x-amz-acl', 'a\u0000'],
])('the header %j with the value %j is refused', (name, value) => {
	const failure = failureOf(() => lowerCaseHeaders({ [name]: value }, []));
	expect(failure.kind).toBe('invalid');
});

it('header names become lower case, and headers that are left out or have no value disappear', () => {
	const headers = { 'X-Trace': 1, Host: 'h', 'X-Empty': null, 'X-Missing': undefined };
	expect(lowerCaseHeaders(headers as never, ['host'])).toEqual({ 'x-trace': '1' });
});
