import { objectLock } from '../../../../nodes/parameters/objectLock';
import { sourceOf } from './sourceOf';

const read = (mode: string, until: string, legalHold: boolean | string = '') =>
	objectLock.read(
		sourceOf({
			'options.objectLockMode': mode,
			'options.objectLockRetainUntil': until,
			'options.objectLockLegalHold': legalHold,
		}),
	);

const UNTIL = '2030-01-01T00:00:00Z';

describe('the object lock', () => {
	it('the object lock is that of the bucket if nothing is given', () => {
		expect(read('', '', false)).toBeUndefined();
	});

	it('the object lock may be a retention, a legal hold or both', () => {
		const retainUntil = new Date(UNTIL);
		expect(read('GOVERNANCE', UNTIL)).toEqual({ mode: 'GOVERNANCE', retainUntil });
		expect(read('', '', true)).toEqual({ legalHold: true });
		expect(read('COMPLIANCE', UNTIL, true)).toEqual({
			mode: 'COMPLIANCE',
			retainUntil,
			legalHold: true,
		});
	});

	it.each([
		['GOVERNANCE', ''],
		['', UNTIL],
	])('the object lock is refused with the mode %p and the date %p', (mode, until) => {
		expect(() => read(mode, until, true)).toThrow(
			'Object Lock needs a mode and a date, but only one of them is given',
		);
	});
});
