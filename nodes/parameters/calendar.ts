const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAME = `(?<name>${MONTHS.join('|')})[a-z]*`;

/** How people write a day: 2026-01-31 or 20260131, 1/31/2026, January 31, 31 January. */
const FORMS = [
	/^(?<year>\d{4})(?<between>\D?)(?<month>\d\d?)\k<between>(?<day>\d\d?)(?!\d)/,
	/^(?<month>\d\d?)(?<between>\D)(?<day>\d\d?)\k<between>(?<year>\d{4})/,
	new RegExp(`${NAME}\\.?\\s+(?<day>\\d\\d?)(?!\\d)`, 'i'),
	new RegExp(`(?<!\\d)(?<day>\\d\\d?)[\\s-]+${NAME}`, 'i'),
];
const YEAR = /(?:19|20)\d\d/;

/** Whether a date with a year is in the calendar, as far as it names a day: V8 takes 30 February for 2 March. */
export function isInCalendar(text: string): boolean {
	const found = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
	if (found === undefined) return true;
	const { name, day, year = YEAR.exec(text)?.[0] } = found;
	const month = found.month ?? MONTHS.indexOf(name?.toLowerCase() ?? '') + 1;
	const daysOfMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
	return Number(day) >= 1 && Number(day) <= daysOfMonth;
}
