import type { Connection, PrivacyLevel } from '../../../../s3/Connection';
import { permittedLife } from '../../../../s3/policy/linkLife';
import { failureOf } from '../../failureOf';

const target = { bucket: 'data', key: 'a' };
const permitted = (seconds: number, privacyLevel: PrivacyLevel = 'none') =>
	permittedLife({ privacyLevel } as Connection, seconds, target);

it('a link lives from a second to seven days', () => {
	expect([permitted(1), permitted(604_800)]).toEqual([1, 604_800]);
});

it.each([0, -1, 1.5, 604_801, NaN, Infinity])('a link cannot live for %p seconds', (seconds) => {
	expect(failureOf(() => permitted(seconds))).toMatchObject({ kind: 'invalid', ...target });
});

it('a link to data of the organization lives for an hour at most', () => {
	expect([permitted(60, 'organizational'), permitted(7200, 'organizational')]).toEqual([60, 3600]);
});

it('a link to public data lives as long as any', () => {
	expect(permitted(604_800, 'public')).toBe(604_800);
});

it('there is no link to private data', () => {
	expect(failureOf(() => permitted(60, 'private'))).toMatchObject({
		kind: 'refused',
		message:
			'The Privacy Level of this credential is private, so no link or form is made for “a” in bucket “data”',
		...target,
	});
});
