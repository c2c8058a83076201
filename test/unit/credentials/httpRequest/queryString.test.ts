import {
	encode,
	pairsOf,
	queryString,
	textOf,
} from '../../../../credentials/httpRequest/queryString';

it('a list is its name once for each value, and missing values are left out', () => {
	const fields = { a: ['1', null, 2], b: undefined, c: { d: 1 } };
	expect(pairsOf(fields)).toEqual([
		['a', '1'],
		['a', '2'],
		['c', '{"d":1}'],
	]);
	expect(pairsOf(undefined)).toEqual([]);
});

it('everything but letters, digits and -._~ is percent-encoded', () => {
	expect(encode("aZ09-._~ !'()*/+ü")).toBe('aZ09-._~%20%21%27%28%29%2A%2F%2B%C3%BC');
});

it('names and values are encoded and joined', () => {
	expect(
		queryString([
			['a b', '1&2'],
			['c', ''],
		]),
	).toBe('a%20b=1%262&c=');
});

it('text stays text, and other values become JSON', () => {
	expect([textOf('a'), textOf(5), textOf({ b: [1] })]).toEqual(['a', '5', '{"b":[1]}']);
});
