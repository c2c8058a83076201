import { RetryBudget } from '../../../s3/RetryBudget';

/** A budget with a clock that stands still unless it is told the time, in milliseconds. */
function budgetOf(ms: number) {
	let now = 0;
	return { budget: new RetryBudget(ms, () => now), at: (time: number) => (now = time) };
}

it('a budget begins to run with the first failure, and ends', () => {
	const { budget, at } = budgetOf(1000);
	at(5000);
	expect(budget.left()).toBe(1000);
	at(5400);
	expect(budget.left()).toBe(600);
	at(9000);
	expect(budget.left()).toBe(0);
});

it('a budget is whole again after a success', () => {
	const { budget, at } = budgetOf(1000);
	budget.left();
	at(900);
	budget.onSuccess();
	at(2000);
	expect(budget.left()).toBe(1000);
});

it.each([
	['a call', RetryBudget.ofCall, 20_000, 30_000],
	['a transfer', RetryBudget.ofTransfer, 60_000, 75_000],
])('the budget of %s lasts a little longer than the outage it is for', (_, of, least, most) => {
	expect(of(undefined).left()).toBeGreaterThan(least);
	expect(of(undefined).left()).toBeLessThan(most);
});

it.each([RetryBudget.ofCall, RetryBudget.ofTransfer])(
	'a budget of one’s own is taken as it is, and without time it allows no repetition',
	(of) => {
		expect(of(1234).left()).toBeLessThanOrEqual(1234);
		expect(of(1234).allowsRetries).toBe(true);
		expect(of(0).allowsRetries).toBe(false);
	},
);
