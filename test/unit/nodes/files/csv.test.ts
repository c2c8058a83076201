import { csvTable } from '../../../../nodes/files/csv';

/** The lines of a table with one column for each value of its only row. */
type Value = string | number | boolean | undefined;

function linesOf(values: Value[], spreadsheetSafe = false) {
	async function* pages() {
		yield await Promise.resolve([values]);
	}
	const columns = values.map((_, index) => ({
		name: `c${index}`,
		valueOf: (row: Value[]) => row[index],
	}));
	const { header, lineOf, end } = csvTable(columns, pages(), spreadsheetSafe);
	return { header, line: lineOf(values), end };
}

it('csvTable puts quotes around what needs them, below the names of the columns', () => {
	expect(linesOf(['a', 1, true, undefined, 'b,c', 'd"e', 'f\ng'])).toEqual({
		header: 'c0,c1,c2,c3,c4,c5,c6',
		line: 'a,1,true,,"b,c","d""e","f\ng"',
		end: '\r\n',
	});
});

it.each(['=1+1', '+1', '-1', '@a', '\ta', '\uff1d1', '\uff0b1', '\uff0d1', '\uff20a'])(
	'csvTable makes no formula of %j if asked to',
	(text) => {
		expect(linesOf([text]).line).toBe(text);
		expect(linesOf([text], true).line).toBe(`'${text}`);
	},
);

it('csvTable leaves values that are no text as they are', () => {
	expect(linesOf(['a=1', '', -1, false, undefined], true).line).toBe('a=1,,-1,false,');
});
