import type { Connection, PrivacyLevel } from '../../../../s3/Connection';
import { checkAcl, checkCopyTo, checkOpening } from '../../../../s3/policy/privacyLevel';
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
			checkOpening(at('private'), { acl, grants: [] }, target);
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

describe('a copy to another connection', () => {
	const copyRefused = (from: PrivacyLevel, to: PrivacyLevel) =>
		failureOf(() => {
			checkCopyTo(at(from), at(to), target);
		});

	it.each(['none', 'public', 'organizational', 'private'] as const)(
		'the privacy level private refuses a copy to a connection of the level %s, and says to copy within',
		(to) => {
			const failure = copyRefused('private', to);
			expect(failure).toMatchObject({ kind: 'refused', ...target });
			expect(failure.advice).toContain('Copy within the connection');
		},
	);

	it.each(['none', 'public'] as const)(
		'the privacy level organizational refuses a copy to a connection of the level %s, and says which to use',
		(to) => {
			const failure = copyRefused('organizational', to);
			expect(failure).toMatchObject({ kind: 'refused', ...target });
			expect(failure.advice).toContain('is Private or Organizational');
		},
	);

	it.each<[PrivacyLevel, PrivacyLevel]>([
		['organizational', 'organizational'],
		['organizational', 'private'],
		['none', 'none'],
		['public', 'none'],
		['none', 'private'],
	])('the privacy level %s allows a copy to a connection of the level %s', (from, to) => {
		expect(() => {
			checkCopyTo(at(from), at(to), target);
		}).not.toThrow();
	});
});
