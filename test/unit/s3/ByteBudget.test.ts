import { ByteBudget } from '../../../s3/ByteBudget';

async function settled(promise: Promise<unknown>): Promise<boolean> {
	let done = false;
	void promise.then(() => (done = true));
	await new Promise(setImmediate);
	return done;
}

describe('a shared budget of bytes', () => {
	it('lends up to its total and no more', async () => {
		const budget = new ByteBudget(100);
		await budget.take(60);
		await budget.take(40);
		expect(await settled(budget.take(1))).toBe(false);
	});

	it('serves in turn, so that a large request is not passed over for ever', async () => {
		const budget = new ByteBudget(100);
		const release = await budget.take(60);
		const large = budget.take(80);
		const small = budget.take(10);
		expect(await settled(small)).toBe(false);
		release();
		expect(await settled(large)).toBe(true);
		expect(await settled(small)).toBe(true);
	});

	it('lends more than everything only to one who is alone', async () => {
		const budget = new ByteBudget(100);
		const release = await budget.take(1);
		const huge = budget.take(1000);
		expect(await settled(huge)).toBe(false);
		release();
		expect(await settled(huge)).toBe(true);
		expect(await settled(budget.take(1))).toBe(false);
	});

	it('counts what is given back twice only once', async () => {
		const budget = new ByteBudget(100);
		const release = await budget.take(50);
		await budget.take(50);
		release();
		release();
		await budget.take(50);
		expect(await settled(budget.take(1))).toBe(false);
	});
});
