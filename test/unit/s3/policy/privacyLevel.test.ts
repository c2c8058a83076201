import type { Connection, PrivacyLevel } from '../../../../s3/Connection';
import { checkAcl, checkOpening } from '../../../../s3/policy/privacyLevel';
import { failureOf } from '../../failureOf';

const EVERYBODY = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
const ACCOUNT = 'id="111122223333"';
const target = { bucket: 'data', key: 'a' };

const at = (privacyLevel: PrivacyLevel) => ({ privacyLevel }) as Connection;
const aclRefused = (level: PrivacyLevel, acl: string) =>
	failureOf(() => {
		checkAcl(at(level), acl, target);
	});
const grantsRefused = (level: PrivacyLevel, grants: string[]) =>
	failureOf(() => {
		checkOpening(at(level), { grants }, target);
	});

describe('an ACL', () => {
	it.each(['private', 'organizational'] as const)(
		'the privacy level %s refuses an ACL that opens an object to others',
		(level) => {
			expect(aclRefused(level, 'public-read')).toMatchObject({
				kind: 'refused',
				message: `The Privacy Level of this credential is ${level}, so the ACL “public-read” is not allowed for “a” in bucket “data”`,
				...target,
			});
		},
	);

	it('an ACL is refused in any letter case, with spaces around it, and if it is not known', () => {
		for (const acl of [' Public-Read ', 'public-read-delivered', 'something-new']) {
			expect(aclRefused('organizational', acl).kind).toBe('refused');
		}
	});

	it.each([
		'private',
		'bucket-owner-read',
		'bucket-owner-full-control',
		'aws-exec-read',
		' PRIVATE ',
		'',
		undefined,
	])('the ACL %p is allowed at every privacy level', (acl) => {
		expect(() => {
			checkAcl(at('private'), acl, target);
			checkOpening(at('organizational'), { acl, grants: [] }, target);
		}).not.toThrow();
	});

	it('an ACL that comes with a call is refused, too', () => {
		const failure = failureOf(() => {
			checkOpening(at('private'), { acl: 'public-read', grants: [] }, {});
		});
		expect(failure.message).toMatch(/the ACL “public-read” is not allowed$/);
	});
});

describe('a grant', () => {
	it('the privacy level private refuses every grant', () => {
		const failure = grantsRefused('private', [ACCOUNT]);
		expect(failure).toMatchObject({
			kind: 'refused',
			message:
				'The Privacy Level of this credential is private, so this grant is not allowed for “a” in bucket “data”',
			...target,
		});
		expect(failure.advice).toContain('Remove the grant');
	});

	it('the privacy level organizational refuses a grant to everybody, and allows one to an account', () => {
		const failure = grantsRefused('organizational', [ACCOUNT, EVERYBODY.toUpperCase()]);
		expect(failure.kind).toBe('refused');
		expect(() => {
			checkOpening(at('organizational'), { grants: [ACCOUNT] }, target);
		}).not.toThrow();
	});
});

it('a connection without a privacy level allows every ACL and grant', () => {
	expect(() => {
		checkOpening(at('none'), { acl: 'public-read', grants: [EVERYBODY] }, target);
	}).not.toThrow();
});
