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
	['binary/octet-stream', 'logs/app.log', 'text/plain'],
	['application/octet-stream', 'nginx.conf', 'text/plain'],
	['binary/octet-stream', 'x.html', 'text/html'],
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

/** Each type that n8n views, with the ending of a file of it. @see https://github.com/n8n-io/n8n/blob/master/packages/%40n8n/api-types/src/schemas/binary-data.schema.ts */
const VIEWABLE: [type: string, ending: string][] = [
	['application/json', 'json'],
	['audio/mpeg', 'mp3'],
	['audio/ogg', 'ogg'],
	['audio/wav', 'wav'],
	['image/bmp', 'bmp'],
	['image/gif', 'gif'],
	['image/jpeg', 'jpg'],
	['image/png', 'png'],
	['image/tiff', 'tif'],
	['image/webp', 'webp'],
	['text/css', 'css'],
	['text/csv', 'csv'],
	['text/markdown', 'md'],
	['text/plain', 'sql'],
	['video/mp4', 'mp4'],
	['video/ogg', 'ogv'],
	['video/webm', 'webm'],
];

it.each(VIEWABLE)(
	'a file without a type is viewed by n8n as %s if it ends with .%s',
	(type, ending) => {
		expect(typeOfFile('binary/octet-stream', `a.${ending}`)).toBe(type);
	},
);

it.each(
	'cfg conf diff env ini log markdown patch properties ps1 py rb rst sh sql srt tex toml txt'.split(
		' ',
	),
)('a file without a type that ends with .%s is viewed by n8n', (ending) => {
	const type = typeOfFile('binary/octet-stream', `a.${ending}`);
	expect(VIEWABLE.map(([viewed]) => viewed)).toContain(type);
});
