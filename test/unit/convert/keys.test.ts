import { folderBefore, keyAsSent, keyNotes, withoutPlaceholders } from '../../../convert/keys';

it.each([
	['a%20b%C3%BC', 'a bü'],
	['100% of %E4 %zz', '100% of %E4 %zz'],
	['=in%20/{{ $json["%20"] }}', '=in /{{ $json["%20"] }}'],
	[undefined, ''],
])('the key %j is sent as %j', (entered, sent) => {
	expect(keyAsSent(entered)).toBe(sent);
});

it('a key that an expression encodes has a note with the name of its field', () => {
	const encoded = '={{ encodeURIComponent($json.x) }}';
	expect(keyNotes({ Key: [undefined, encoded], Other: 'encodeURI' })).toEqual([
		'Key is not to be URL-encoded here: take encodeURI… out of it.',
	]);
});

it('a folder stands before a key with a slash if it is one', () => {
	expect(folderBefore('')).toEqual([]);
	expect(folderBefore('in')).toEqual(['in/']);
	expect(folderBefore('={{ $json.x }}')).toEqual(["={{ ($json.x) ? ($json.x) + '/' : '' }}"]);
});

it('words that stand for parts of file names are taken apart outside of code alone', () => {
	expect(withoutPlaceholders('plain {name}')).toBe('plain {name}');
	for (const word of [
		'fileName',
		'filePath',
		'fileBaseName',
		'fileExtension',
		'property',
		'index',
	]) {
		expect(withoutPlaceholders(`a{${word}}`)).toBe(`=a{{ "{" }}${word}}`);
	}
	expect(withoutPlaceholders('={index}{{ f({index}) }}')).toBe('={{ "{" }}index}{{ f({index}) }}');
});
