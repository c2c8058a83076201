import { CALLS, type CallName } from '../../../../s3/calls/calls';
import { checkReadOnly } from '../../../../s3/policy/readOnly';
import { failureOf } from '../../failureOf';

const target = { bucket: 'data', key: 'a' };

it('a connection that is only for reading refuses a change, and says what it would have been', () => {
	const failure = failureOf(() => {
		checkReadOnly({ readOnly: true }, 'PutObject', target);
	});
	expect(failure).toMatchObject({
		kind: 'refused',
		message: 'This credential is only for reading, so it may not put “a” in bucket “data”',
		operation: 'PutObject',
		...target,
	});
	expect(failure.advice).toContain('Read Only');
});

it('a connection that is only for reading lets calls through that begin with Get, Head or List, and no other', () => {
	const names = Object.keys(CALLS) as CallName[];
	const allowed = names.filter((name) => {
		try {
			checkReadOnly({ readOnly: true }, name, target);
			return true;
		} catch {
			return false;
		}
	});
	expect(allowed).toEqual(names.filter((name) => /^(Get|Head|List)/.test(name)));
});

it('a connection that is not only for reading lets every change through', () => {
	expect(() => {
		checkReadOnly({ readOnly: false }, 'DeleteObject', target);
	}).not.toThrow();
});
