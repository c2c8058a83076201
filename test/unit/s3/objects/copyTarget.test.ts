import { objectHead } from '../../../../s3/headers/objectHead';
import type { CopyPlan, CopyRequest } from '../../../../s3/objects/CopyRequest';
import {
	checkCondition,
	findBefore,
	findTarget,
	reasonToSkip,
} from '../../../../s3/objects/copyTarget';
import { failureOf, rejectionOf } from '../../failureOf';
import { refusal, scriptedS3 } from './scriptedS3';

const call = { signal: undefined, retryFor: 1000 };
const about = { bucket: 'b', key: 'copy' };
const headWith = (more: object) => objectHead(about, { $metadata: {}, ETag: '"e"', ...more });

function planWith(request: Partial<CopyRequest>, respond: () => unknown = () => ({})): CopyPlan {
	const { s3 } = scriptedS3(respond);
	const source = { bucket: 'b', key: 'k' };
	const kept = { metadataDirective: 'keep', tagsDirective: 'keep' } as const;
	const head = headWith({ ContentLength: 1, ChecksumCRC32: 'x' });
	return { source: s3, target: s3, head, request: { source, ...about, ...kept, ...request } };
}

const throwing = (kind: 'notFound' | 'denied' | 'rejected' | 'unreachable') => () => {
	throw refusal({ kind });
};

const find = ({ target, request }: CopyPlan) => findTarget(target, request, call);

it('findTarget gives what is there, and nothing if it is not there or cannot be looked at', async () => {
	const found = find(planWith({}, () => ({ ETag: '"e"' })));
	expect(await found).toMatchObject({ etag: 'e' });
	expect(await find(planWith({}, throwing('notFound')))).toBeUndefined();
	expect(await find(planWith({}, throwing('denied')))).toBeUndefined();
	expect(await find(planWith({ overwrite: 'never' }, throwing('rejected')))).toBeUndefined();
	const failing = find(planWith({}, throwing('unreachable')));
	expect((await rejectionOf(failing)).kind).toBe('unreachable');
});

it('findBefore does not take what cannot be looked at for nothing if it must not be overwritten', async () => {
	const before = (plan: CopyPlan) => findBefore(plan, call);
	const failing = before(planWith({ overwrite: 'never' }, throwing('rejected')));
	expect(await rejectionOf(failing)).toMatchObject({
		kind: 'rejected',
		message: 'Could not copy to “copy” in bucket “b”: what is there cannot be looked at',
		advice: expect.stringContaining('Nothing was written') as string,
	});
	expect(await before(planWith({}, throwing('rejected')))).toBeUndefined();
	// Without the permission to list, a server says the same of what is not there.
	expect(await before(planWith({ overwrite: 'never' }, throwing('denied')))).toBeUndefined();
	const unreachable = before(planWith({ overwrite: 'never' }, throwing('unreachable')));
	expect((await rejectionOf(unreachable)).kind).toBe('unreachable');
});

it('reasonToSkip names what is the same', () => {
	const plan = planWith({});
	const same = headWith({ ContentLength: 1, ChecksumCRC32: 'x' });
	expect(reasonToSkip(plan, same)).toBe('The object there has the same size and the same CRC32');
	expect(reasonToSkip(plan, headWith({ ContentLength: 1 }))).toBeUndefined();
	expect(reasonToSkip(plan, undefined)).toBeUndefined();
});

it.each([
	['metadata', { Metadata: { a: 'b' } }],
	['content type', { ContentType: 'text/b' }],
])('an object with the same bytes and other %s does not count as the copy of a move', (_, more) => {
	const typed = { ContentType: 'text/a', ...more };
	const found = headWith({ ContentLength: 1, ChecksumCRC32: 'x', ...typed });
	const plan = planWith({ skipIfEqual: true });
	plan.head.contentType = 'text/a';
	expect(reasonToSkip(plan, found)).toBeUndefined();
	expect(reasonToSkip(planWith({ overwrite: 'ifDifferent' }), found)).toBeDefined();
	const { contentType, metadata } = plan.head;
	expect(reasonToSkip(plan, { ...found, contentType, metadata })).toBeDefined();
});

it('checkCondition refuses what the condition of the copy does not allow', () => {
	const there = headWith({});
	const check =
		(request: Partial<CopyRequest>, found = there as typeof there | undefined) =>
		() => {
			checkCondition(planWith(request), found);
		};
	const never = { overwrite: 'never' } as const;
	const match = { overwrite: 'ifMatch', etag: '"e"' } as const;
	expect(failureOf(check(never))).toMatchObject({ kind: 'precondition', ...about });
	expect(failureOf(check({ ...match, etag: 'x' })).message).toContain('not the one with ETag x');
	const unseen = failureOf(() => {
		checkCondition(planWith(match), undefined);
	});
	expect(unseen.kind).toBe('precondition');
	expect(unseen.advice).toContain('s3:GetObject');
	expect(failureOf(check({ ...match, etag: 'x' })).advice).not.toContain('s3:GetObject');
	expect(() => {
		checkCondition(planWith(never), undefined);
	}).not.toThrow();
	expect(check(match)).not.toThrow();
	expect(check({ overwrite: 'ifDifferent' })).not.toThrow();
});
