import { readServerDate } from '../../../s3/serverDate';

it.each([
	['Sat, 31 Jan 2026 08:00:00 GMT', '2026-01-31T08:00:00.000Z'],
	['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
	['2026-01-31T09:00:00.000+01:00', '2026-01-31T08:00:00.000Z'],
])('the date “%s” of a server is %s', (text, moment) => {
	expect(readServerDate(text)?.toISOString()).toBe(moment);
});

it.each([
	undefined,
	'',
	'yesterday',
	'1769846400',
	'2026-01-31',
	'2026-01-31 08:00:00',
	'2026-01-31T08:00:00',
	'Sat Jan 31 08:00:00 2026',
	'2026-13-31T08:00:00Z',
	'0001-01-01T00:00:00Z',
	'Mon, 01 Jan 0001 00:00:00 GMT',
	'1969-12-31T23:59:59.999Z',
])('what a server writes as the date %j cannot be read', (text) => {
	expect(readServerDate(text)).toBeUndefined();
});
