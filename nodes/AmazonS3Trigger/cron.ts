/** What the fields of a cron expression can be, from the second to the day of the week; Sunday is 0 and 7. */
const BOUNDS: ReadonlyArray<readonly [number, number]> = [
	[0, 59],
	[0, 59],
	[0, 23],
	[1, 31],
	[1, 12],
	[0, 7],
];

const NAMES = [
	['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
	['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
] as const;

const PRESETS: ReadonlyMap<string, string> = new Map([
	['@yearly', '0 0 0 1 1 *'],
	['@monthly', '0 0 0 1 * *'],
	['@weekly', '0 0 0 * * 0'],
	['@daily', '0 0 0 * * *'],
	['@hourly', '0 0 * * * *'],
	['@minutely', '0 * * * * *'],
	['@secondly', '* * * * * *'],
	['@weekdays', '0 0 0 * * 1-5'],
	['@weekends', '0 0 0 * * 0,6'],
]);

/** After so many years the days of the week come again on the same dates. */
const YEARS = [2001, 2029] as const;
const DAY = 86_400_000;

/**
 * How often a cron expression of five or six fields is due on a day, on average. It is read as n8n does; where clocks
 * are changed, days are taken for as long as others.
 *
 * @returns undefined if n8n would refuse it, or if it is never due
 */
export function timesPerDay(expression: string): number | undefined {
	const [seconds, minutes, hours, days, months, weekdays] = fieldsOf(expression);
	if (!seconds || !minutes || !hours || !days || !months || !weekdays) return undefined;
	const share = shareOfDays(days, months, weekdays);
	return share === 0 ? undefined : seconds.size * minutes.size * hours.size * share;
}

/** The values of each field; undefined for one that cannot be read. */
function fieldsOf(expression: string): (Set<number> | undefined)[] {
	const text = expression.trim().toLowerCase();
	const fields = (PRESETS.get(text) ?? text).replace(/[a-z]+/g, numberOf).split(/\s+/);
	if (fields.length === BOUNDS.length - 1) fields.unshift('0');
	return fields.length === BOUNDS.length ? fields.map(valuesOf) : [];
}

/** The number of a month or of a day of the week; other words stay. */
function numberOf(name: string): string {
	const [months, weekdays] = NAMES.map((names: readonly string[]) => names.indexOf(name));
	if (months !== undefined && months >= 0) return String(months + 1);
	return weekdays !== undefined && weekdays >= 0 ? String(weekdays) : name;
}

function valuesOf(field: string, index: number): Set<number> | undefined {
	const [low, high] = BOUNDS[index] ?? [0, 0];
	const values = new Set<number>();
	for (const range of field.split(',')) {
		const [, from, to, step] =
			/^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(range.replace(/^\*/, `${low}-${high}`)) ?? [];
		const first = Number(from);
		const last = Number(to ?? (step === undefined ? from : high));
		const by = Number(step ?? 1);
		// Also if it is not a number.
		if (!(first >= low && first <= last && last <= high && by > 0)) return undefined;
		for (let value = first; value <= last; value += by) values.add(value);
	}
	const isWeekday = index === BOUNDS.length - 1;
	if (isWeekday && values.delete(high)) values.add(low);
	return values;
}

/** If days of the month and of the week are both limited, it is enough to be one of either. */
function shareOfDays(days: Set<number>, months: Set<number>, weekdays: Set<number>): number {
	const [first, end] = YEARS.map((year) => Date.UTC(year, 0, 1)) as [number, number];
	const isEither = days.size < 31 && weekdays.size < 7;
	let due = 0;
	for (let time = first; time < end; time += DAY) {
		const date = new Date(time);
		if (!months.has(date.getUTCMonth() + 1)) continue;
		const isDay = days.has(date.getUTCDate());
		const isWeekday = weekdays.has(date.getUTCDay());
		if (isEither ? isDay || isWeekday : isDay && isWeekday) due += 1;
	}
	return due / ((end - first) / DAY);
}
