import { FIRST_GUESSES_IN_A_ROW, MAX_GUESSES_IN_A_ROW } from './tuning';

/** How the guesses of split points have turned out, and how many of them may be made ahead of responses. */
export class GuessRecord {
	/** Split points that may be guessed a page apart from each other without a response in between. */
	inARow = FIRST_GUESSES_IN_A_ROW;
	/** Wrong guesses so far; of those made at the same time only the first one counts. */
	wrong = 0;

	onRight(): void {
		this.inARow = Math.min(MAX_GUESSES_IN_A_ROW, this.inARow + 1);
	}

	/** @param wrongBefore `wrong` as it was when the guess was made */
	onWrong(wrongBefore: number): void {
		if (wrongBefore !== this.wrong) return;
		this.inARow = Math.max(1, this.inARow / 2);
		this.wrong += 1;
	}
}
