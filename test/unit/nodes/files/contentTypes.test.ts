import { typeOfFile, typeOfText } from '../../../../nodes/files/contentTypes';

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
	['binary/octet-stream', 'a/photo.PNG', 'image/png'],
	['application/octet-stream', 'x.csv', 'text/csv'],
	[undefined, 'x.json', 'application/json'],
	['binary/octet-stream', 'x.unknown', 'binary/octet-stream'],
	[undefined, 'x', 'application/octet-stream'],
])('the type of a file stored as %s under the name %s is %s', (stored, name, type) => {
	expect(typeOfFile(stored, name)).toBe(type);
});
