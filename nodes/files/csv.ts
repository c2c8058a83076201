import type { Lines } from './lines';

/** What a cell of a CSV file is made of; undefined is an empty one. */
type CsvValue = string | number | boolean | undefined;

/** A column of a CSV file. */
export interface CsvColumn<Row> {
	name: string;
	valueOf: (row: Row) => CsvValue;
}

/**
 * RFC 4180: a header, commas, CRLF, quotes around what needs them.
 *
 * @param spreadsheetSafe whether no text may be taken for a formula
 */
export function csvTable<Row>(
	columns: CsvColumn<Row>[],
	pages: AsyncIterable<Row[]>,
	spreadsheetSafe: boolean,
): Lines<Row> {
	const cellOf = spreadsheetSafe ? withoutFormula : (value: CsvValue) => value;
	return {
		header: csvLine(columns.map(({ name }) => name)),
		pages,
		lineOf: (row) => csvLine(columns.map(({ valueOf }) => cellOf(valueOf(row)))),
		end: '\r\n',
	};
}

function csvLine(values: CsvValue[]): string {
	return values.map(cell).join(',');
}

/** What a formula may begin with; some spreadsheets take the wide forms of East Asia, too. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** @see https://owasp.org/www-community/attacks/CSV_Injection */
function withoutFormula(value: CsvValue): CsvValue {
	return typeof value === 'string' && FORMULA.test(value) ? `'${value}` : value;
}

function cell(value: CsvValue): string {
	const text = value === undefined ? '' : String(value);
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
