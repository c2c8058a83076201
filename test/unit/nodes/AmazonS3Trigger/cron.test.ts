import { createRequire } from 'node:module';

import { timesPerDay } from '../../../../nodes/AmazonS3Trigger/cron';

/** What n8n takes the times of polls from. */
const { CronTime } = createRequire(require.resolve('n8n-core'))('cron') as {
	CronTime: new (expression: string) => { getNextDateFrom(start: Date, zone: string): Moment };
};
interface Moment {
	toJSDate(): Date;
}

const YEAR = 365;
const DAY = 86_400_000;

/** How often n8n's clock strikes on a day in 2026, of which this many days are looked at. */
function strikesPerDay(expression: string, days: number): number {
	const time = new CronTime(expression);
	const begin = Date.UTC(2026, 0, 1) - 1000;
	const end = begin + days * DAY;
	let strikes = 0;
	for (let at = begin; ; strikes += 1) {
		at = time.getNextDateFrom(new Date(at), 'utc').toJSDate().getTime();
		if (at > end) return strikes / days;
	}
}

it.each([
	['17 * * * * *', 1],
	['*/10 * * * *', 1],
	['5/20 8-17/3,22 * * *', 1],
	['0,30 0 7 * * * ', 1],
	['@hourly', 1],
	['0 30 8 * * mon-fri', YEAR],
	['0 8 1,15 * *', YEAR],
	['0 8 1,15 * 7', YEAR],
	['0 8 * JAN-MAR,dec 5-7', YEAR],
	['@weekdays', YEAR],
	['@monthly', YEAR],
	['0 8 31 2,3 *', YEAR],
])('timesPerDay counts of “%s” what n8n’s clock strikes', (expression, days) => {
	const counted = timesPerDay(expression) ?? NaN;
	const strikes = strikesPerDay(expression, days);
	// The days of the week are on other dates in other years.
	expect(Math.abs(counted / strikes - 1)).toBeLessThan(days === YEAR ? 0.05 : 1e-9);
});

it.each([
	'',
	'* * *',
	'* * * * * * *',
	'60 * * * *',
	'5-1 * * * *',
	'*/0 * * * *',
	'5* * * * *',
	'every minute',
	'1- * * * *',
	'undefined 8 * * *',
	'0 8 30 2 *',
])('timesPerDay does not know how often “%s” is, which n8n refuses', (expression) => {
	expect(timesPerDay(expression)).toBeUndefined();
	expect(() => strikesPerDay(expression, 1)).toThrow();
});
