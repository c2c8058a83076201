import { changeOf, sizeOf, timeOf } from '../../../../s3/events/eventFields';

it.each([
	[5, 5],
	['5', 5],
	['', undefined],
	[-1, undefined],
	[1.5, undefined],
	[null, undefined],
])('the size %p is read as %p', (value, size) => {
	expect(sizeOf(value)).toBe(size);
});

it.each([
	[1684793309123, '2023-05-22T22:08:29.123Z'],
	['2026-11-30T01:02:03Z', '2026-11-30T01:02:03.000Z'],
	['yesterday', undefined],
	[{}, undefined],
])('the time %p is read as %p', (value, time) => {
	expect(timeOf(value)).toBe(time);
});

it('an event that nobody knows yet is neither a creation nor a deletion', () => {
	expect(changeOf('ObjectTeleported:Put')).toBe('other');
});
