import { GuessRecord } from '../../../../../s3/list/parallel/GuessRecord';

describe('GuessRecord', () => {
	it('a record of guesses allows one guess more for each that was right, up to 16', () => {
		const guesses = new GuessRecord();
		expect(guesses.inARow).toBe(4);
		guesses.onRight();
		expect(guesses.inARow).toBe(5);
		for (let i = 0; i < 20; i++) guesses.onRight();
		expect(guesses.inARow).toBe(16);
	});

	it('a record of guesses allows half as many after a wrong guess, and one at least', () => {
		const guesses = new GuessRecord();
		guesses.onWrong(0);
		expect(guesses.inARow).toBe(2);
		for (let i = 1; i < 5; i++) guesses.onWrong(i);
		expect(guesses.inARow).toBe(1);
	});

	it('a record of guesses counts wrong guesses that were made at the same time once', () => {
		const guesses = new GuessRecord();
		for (let i = 0; i < 3; i++) guesses.onWrong(0);
		expect([guesses.inARow, guesses.wrong]).toEqual([2, 1]);
	});
});
