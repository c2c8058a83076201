import { againIfReplaced, replacedSource } from '../../../../s3/objects/replacedSource';
import { S3Failure } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';

it('replacedSource is a failure after which the copy may begin again', () => {
	expect(replacedSource({ bucket: 'b', key: 'k' })).toMatchObject({
		kind: 'precondition',
		retryable: true,
		message: 'Could not copy “k” in bucket “b”: it was replaced while it was being copied',
	});
});

const call = { signal: undefined, retryFor: 1000 };

it.each([
	['the source was replaced', () => replacedSource({ bucket: 'b', key: 'k' })],
	[
		'somebody else writes',
		() =>
			new S3Failure({
				kind: 'precondition',
				message: 'Conflict',
				advice: 'Wait.',
				retryable: true,
				code: 'ConditionalRequestConflict',
			}),
	],
])('againIfReplaced copies again if %s', async (_, failure) => {
	let copies = 0;
	const copied = againIfReplaced(async () => {
		if (++copies === 1) throw failure();
		return await Promise.resolve('copied');
	}, call);
	expect([await copied, copies]).toEqual(['copied', 2]);
});

it('againIfReplaced throws every other failure, and gives all copies one budget of time', async () => {
	const budgets = new Set<unknown>();
	let copies = 0;
	const copied = againIfReplaced(async ({ budget }) => {
		budgets.add(budget);
		if (budgets.size + copies++ < 2) throw replacedSource({ bucket: 'b', key: 'k' });
		return await Promise.reject(S3Failure.invalid('No.', 'Never.'));
	}, call);
	expect(await rejectionOf(copied)).toMatchObject({ kind: 'invalid' });
	expect([budgets.size, [...budgets][0]]).toEqual([1, expect.anything()]);
});

it('againIfReplaced ends if the source is replaced again and again, though requests succeed in between', async () => {
	let copies = 0;
	const copied = againIfReplaced(
		async ({ budget }) => {
			copies += 1;
			await new Promise((resolve) => setTimeout(resolve, 20));
			budget?.onSuccess();
			throw replacedSource({ bucket: 'b', key: 'k' });
		},
		{ ...call, retryFor: 50 },
	);
	expect((await rejectionOf(copied)).message).toContain('it was replaced');
	expect(copies).toBeLessThan(20);
});
