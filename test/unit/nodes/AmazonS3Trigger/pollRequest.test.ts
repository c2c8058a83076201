import type { IPollFunctions } from 'n8n-workflow';

import {
	budgetOf,
	isBoth,
	pollRequestOf,
	tooSlow,
} from '../../../../nodes/AmazonS3Trigger/pollRequest';
import type { OpenS3 } from '../../../../s3/client/S3';
import { S3Failure } from '../../../../s3/S3Failure';
import { failureOf } from '../../failureOf';

const s3 = { connection: { bucket: 'b' } } as OpenS3;
const nodeWith = (values: Record<string, unknown>) =>
	({
		getNodeParameter: (name: string) => values[name] ?? '',
		getTimezone: () => 'UTC',
	}) as unknown as IPollFunctions;

it('a poll beside a queue finds every write that is old enough, and others as the form says', () => {
	const values = { order: 'growing', event: 'created', 'options.minAge': 7 };
	const beside = nodeWith({ ...values, watch: 'both', 'options.graceMinutes': 2 });
	expect(isBoth(beside)).toBe(true);
	expect(pollRequestOf(beside, s3)).toMatchObject({ growing: false, changes: true, minAge: 120 });
	const alone = nodeWith({ ...values, watch: 'poll' });
	expect(isBoth(alone)).toBe(false);
	expect(pollRequestOf(alone, s3)).toMatchObject({ growing: true, changes: false, minAge: 7 });
});

it('a poll takes four fifths of the time that n8n gives it, or 24 seconds if n8n does not say', () => {
	expect(budgetOf({ getPollBudgetMs: () => 10_000 })).toBe(8000);
	expect(budgetOf({})).toBe(24_000);
});

it('only a poll whose time was over says that the listing was too slow', () => {
	const reword = tooSlow(pollRequestOf(nodeWith({}), s3), 8000);
	const other = S3Failure.invalid('words', 'advice');
	expect(failureOf(() => reword(other))).toBe(other);
	const cancelled = new S3Failure({ kind: 'cancelled', message: 'm', advice: 'a' });
	expect(failureOf(() => reword(cancelled)).message).toBe(
		'Bucket “b” could not be listed within 8 seconds, the time of a poll',
	);
});
