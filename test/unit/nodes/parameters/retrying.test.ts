import { retrying } from '../../../../nodes/parameters/retrying';
import { sourceOf } from './sourceOf';

const read = (value: unknown) => retrying.read(sourceOf({ 'options.retryFor': value }));

it.each([
	['', undefined],
	[0, 0],
	['1.5', 1500],
	[60, 60_000],
])('to retry for %p seconds is to retry for %p milliseconds', (value, milliseconds) => {
	expect(read(value)).toEqual({ retryFor: milliseconds });
});

it.each([-1, 86_401, 'soon'])('to retry for %p seconds is refused', (value) => {
	expect(() => read(value)).toThrow(/^Retry For must be a number from 0 to 86,400, but is /);
});
