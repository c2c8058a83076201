import { isInCalendar } from '../../../../nodes/parameters/calendar';

it.each([
	'2026-01-31',
	'2026-1-31 08:00',
	'20260131T080000Z',
	'2024-02-29T08:00:00Z',
	'01/31/2026',
	'January 31, 2026',
	'Sat, 31 Jan 2026 08:00:00 GMT',
	'31-Jan-2026',
	'2026-031',
	'2026-W05-6',
	'2026-02',
	'Feb 2026',
	'2026',
])('the day of %s is in the calendar', (text) => {
	expect(isInCalendar(text)).toBe(true);
});

it.each([
	'2026-02-30',
	'2026-02-29T08:00:00Z',
	'20260431',
	'2026-4-31',
	'2026/02/30',
	'02/30/2026',
	'2-30-2026',
	'February 30, 2026',
	'Sat, 31 Apr 2026 08:00:00 GMT',
	'31-Jun-2026',
	'2026-01-00',
])('the day of %s is not in the calendar', (text) => {
	expect(isInCalendar(text)).toBe(false);
});
