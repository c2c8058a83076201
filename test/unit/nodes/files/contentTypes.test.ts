import {
	typeOfFile,
	typeOfText,
	withWholeType,
	wholeTypeOf,
} from '../../../../nodes/files/contentTypes';

it.each([
	['a/x.json', 'application/json'],
	['X.CSV', 'text/csv; charset=utf-8'],
	['notes.txt', undefined],
	['photo.png', undefined],
	['json', undefined],
	['a.json/b', undefined],
	['x.constructor', undefined],
])('the type of a text under the key %s is %s', (key, type) => {
	expect(typeOfText(key)).toBe(type);
});

it.each([
	['image/png', 'x.pdf', 'image/png'],
	['text/plain; charset=utf-8', 'x.txt', 'text/plain'],
	['binary/octet-stream; charset=utf-8', 'x.txt', 'text/plain'],
	['binary/octet-stream', 'a/photo.PNG', 'image/png'],
	['application/octet-stream', 'x.csv', 'text/csv'],
	[undefined, 'x.json', 'application/json'],
	['binary/octet-stream', 'x.unknown', 'binary/octet-stream'],
	[undefined, 'x', 'application/octet-stream'],
])('the type of a file stored as %s under the name %s is %s', (stored, name, type) => {
	expect(typeOfFile(stored, name)).toBe(type);
});

it.each([
	['text/plain; charset=latin1', 'text/plain', 'text/plain; charset=latin1'],
	['text/plain', 'text/plain', 'text/plain'],
	['text/plain; charset=latin1', 'text/csv', 'text/csv'],
	['binary/octet-stream', 'image/png', 'image/png'],
	[undefined, '', undefined],
])('a file of the type %s that is %s when it is put has the type %s', (whole, mimeType, type) => {
	expect(wholeTypeOf(withWholeType({ data: '', mimeType }, whole))).toBe(type);
});
