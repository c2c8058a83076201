/** Pages in a row without an entry, after which a list is taken for one without end. */
const MOST_EMPTY_PAGES = 100;

/** Notices a list whose server gives pages for ever. It keeps one page, however many there are. */
export class PageProgress {
	private emptyPages = 0;
	private pages = 0;
	private remembered = '';

	/**
	 * Whether this page is the hundredth in a row without an entry.
	 * @param entries on the page
	 */
	hasStalled(entries: number): boolean {
		this.emptyPages = entries === 0 ? this.emptyPages + 1 : 0;
		return this.emptyPages >= MOST_EMPTY_PAGES;
	}

	/**
	 * Whether this page was there before. In a circle of pages, whatever its length, that is found in the second
	 * or third round: each page is compared with the last one whose number is a power of two.
	 * @param names of the entries of the page
	 */
	isRepeated(names: readonly string[]): boolean {
		if (names.length === 0) return false;
		const page = JSON.stringify([names.length, names[0], names.at(-1)]);
		if (page === this.remembered) return true;
		this.pages += 1;
		if (Number.isInteger(Math.log2(this.pages))) this.remembered = page;
		return false;
	}
}
