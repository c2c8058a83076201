import {
	asPattern,
	codeOf,
	joined,
	onlyCode,
	placeOf,
	renamedFields,
	withTexts,
} from '../../../convert/expressions';

it('texts after each other stay a text, and become an expression with the first one that is', () => {
	expect(joined('a', '/', 'b')).toBe('a/b');
	expect(joined('a/', '={{ $json.x }}', '.txt')).toBe('=a/{{ $json.x }}.txt');
	expect(joined('{{ plain }}/', '={{ $json.x }}')).toBe('={{ "{{ plain }}/" }}{{ $json.x }}');
	expect(joined(undefined, '')).toBe('');
	expect(joined(5)).toBe('5');
});

it.each([
	['/bucket/a/b.txt', { bucket: 'bucket', key: 'a/b.txt' }],
	['bucket/a', { bucket: 'bucket', key: 'a' }],
	['=/bucket/{{ $json.a / 2 }}/b', { bucket: 'bucket', key: '={{ $json.a / 2 }}/b' }],
	['=/{{ $json.bucket }}/b', { bucket: '={{ $json.bucket }}', key: 'b' }],
	['=/a{{ $json.x }}/b{{ $json.y }}/c', { bucket: '=a{{ $json.x }}', key: '=b{{ $json.y }}/c' }],
	[
		'={{ $json.path }}',
		{
			bucket: "={{ String($json.path).replace(/^\\//, '').split('/')[0] }}",
			key: "={{ String($json.path).replace(/^\\//, '').split('/').slice(1).join('/') }}",
		},
	],
	['={{ $json.a }}{{ $json.b }}', undefined],
	['bucket', undefined],
	['/bucket', undefined],
	['', undefined],
])('the path %s names a place', (path, place) => {
	expect(placeOf(path)).toEqual(place);
});

it('the characters of patterns are taken as they are, also those that an expression gives', () => {
	expect(asPattern('a*b?^')).toBe('a^*b^?^^');
	expect(asPattern('=in/{{ $json.x }}/')).toBe(
		"=in/{{ String(($json.x) ?? '').replace(/[*?^]/g, '^$&') }}/",
	);
});

it('fields have other names in expressions alone, wherever these are', () => {
	const names = { Key: 'key', ETag: 'etag' };
	const rename = (value: unknown) => renamedFields(value, names, '\\$json');
	expect(rename('={{ $json.Key }} {{ $json["ETag"] }} {{ $json.Keys }} {{ other.Key }}')).toBe(
		'={{ $json.key }} {{ $json.etag }} {{ $json.Keys }} {{ other.Key }}',
	);
	expect(rename('$json.Key')).toBe('$json.Key');
	const parameters = { a: [{ b: '={{ $json.Key }}' }], c: 1, d: null };
	expect(rename(parameters)).toEqual({ a: [{ b: '={{ $json.key }}' }], c: 1, d: null });
});

it.each([
	['={{ $json.x }}', '$json.x'],
	['= {{ $json.x }} ', '$json.x'],
	['=a{{ $json.x }}', undefined],
	['={{ $json.x }}{{ $json.y }}', undefined],
	['$json.x', undefined],
])('the expression %j is nothing but the code %j', (value, code) => {
	expect(onlyCode(value)).toBe(code);
});

it('a text or an expression becomes JavaScript', () => {
	expect(codeOf('it’s "x"')).toBe('"it’s \\"x\\""');
	expect(codeOf('={{ $json.x }}')).toBe('$json.x');
	expect(codeOf('=a{{ x ? 1 : 2 }}b')).toBe('"a" + (x ? 1 : 2) + "b"');
	// Numbers after each other are not added.
	expect(codeOf('={{ 1 }}{{ 2 }}')).toBe('"" + (1) + (2)');
});

it('texts are changed outside of code alone', () => {
	const louder = (plain: string) => plain.toUpperCase();
	expect(withTexts('a', louder)).toBe('A');
	expect(withTexts('=a{{ b }}c', louder)).toBe('=A{{ b }}C');
});
