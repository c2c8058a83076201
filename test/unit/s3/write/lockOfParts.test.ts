import type { Connection } from '../../../../s3/Connection';
import { checkLockOfParts, mayForgetLock } from '../../../../s3/write/lockOfParts';
import type { WriteRequest } from '../../../../s3/write/WriteRequest';
import { rejectionOf } from '../../failureOf';
import { AWS, refusal, scriptedS3 } from '../objects/scriptedS3';

const call = { signal: undefined };
const retainUntil = new Date('2100-01-01T00:00:00Z');
const lock = { mode: 'GOVERNANCE', retainUntil, legalHold: true } as const;
const HEAD = { ObjectLockMode: 'GOVERNANCE', ObjectLockLegalHoldStatus: 'ON' };

/** Checks a write with this lock; the server says this of the object. */
function check(
	objectLock: WriteRequest['objectLock'],
	head: object = HEAD,
	settings: Partial<Connection> = {},
) {
	const { s3, sent } = scriptedS3(() => {
		if (head instanceof Error) throw head;
		return head;
	}, settings);
	const request = { bucket: 'b', key: 'k', objectLock };
	return { sent, checked: checkLockOfParts(s3, request, 'v', call) };
}

it('mayForgetLock says so of servers other than AWS, and of what is to be locked', () => {
	const [other, aws] = [scriptedS3(() => ({})).s3, scriptedS3(() => ({}), AWS).s3];
	expect(mayForgetLock(other, { objectLock: lock })).toBe(true);
	expect(mayForgetLock(other, {})).toBe(false);
	expect(mayForgetLock(aws, { objectLock: lock })).toBe(false);
});

it('checkLockOfParts looks at the version that was made', async () => {
	const { sent, checked } = check(lock);
	await checked;
	expect(sent).toMatchObject([
		{ name: 'HeadObject', input: { Bucket: 'b', Key: 'k', VersionId: 'v' } },
	]);
});

it('checkLockOfParts sends nothing to AWS, and nothing for what has no lock', async () => {
	for (const { sent, checked } of [check(lock, HEAD, AWS), check(undefined)]) {
		await checked;
		expect(sent).toEqual([]);
	}
});

it.each([
	['a mode', lock, { ObjectLockLegalHoldStatus: 'ON' }],
	['a legal hold', lock, { ObjectLockMode: 'GOVERNANCE' }],
	['a legal hold that is on', { legalHold: true }, { ObjectLockLegalHoldStatus: 'OFF' }],
])('checkLockOfParts fails if the object lacks %s', async (_, objectLock, head) => {
	expect(await rejectionOf(check(objectLock, head).checked)).toMatchObject({
		message: 'Stored “k” in bucket “b” in parts, but the server does not say that it is locked',
		retryable: false,
	});
});

it('checkLockOfParts asks for no more than the request did', async () => {
	await check({ legalHold: true }, { ObjectLockLegalHoldStatus: 'ON' }).checked;
	const { mode } = lock;
	await check({ mode, retainUntil }, { ObjectLockMode: mode }).checked;
});

it('checkLockOfParts does not fail for who may not look, and fails as the look does otherwise', async () => {
	await check(lock, refusal({ kind: 'denied' })).checked;
	const failure = await rejectionOf(check(lock, refusal({ kind: 'unavailable' })).checked);
	expect(failure.kind).toBe('unavailable');
});
