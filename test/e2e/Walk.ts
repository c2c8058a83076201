import type { Locator, Page } from 'playwright-core';
import { keepPicture } from './editor';

/** A walk through n8n's editor as a person makes it, with the clicks that it takes; a key counts as one. */
export class Walk {
	clicks = 0;

	/** @param name what its pictures are called */
	constructor(
		readonly page: Page,
		private readonly name: string,
	) {}

	/** @throws Error if one had to scroll first */
	async click(what: Locator): Promise<void> {
		await what.waitFor();
		if (!(await isInView(what))) throw new Error(`One has to scroll to ${String(what)}.`);
		await what.click();
		this.clicks += 1;
	}

	/** Clicks a field and types. */
	async type(field: Locator, text: string): Promise<void> {
		await this.click(field);
		await this.page.keyboard.insertText(text);
	}

	/** Presses a key in place of a click. */
	async press(key: string): Promise<void> {
		await this.page.keyboard.press(key);
		this.clicks += 1;
	}

	/** Keeps pictures of the page in light and in dark. */
	async picture(name: string): Promise<void> {
		for (const colorScheme of ['dark', 'light'] as const) {
			await this.page.emulateMedia({ colorScheme });
			await keepPicture(this.page, `${this.name}-${name}-${colorScheme}`);
		}
	}
}

/** In the browser. @see https://developer.mozilla.org/en-US/docs/Web/API/IntersectionObserver */
declare const IntersectionObserver: new (
	tell: (entries: { intersectionRatio: number }[]) => void,
	options: { threshold: number[] },
) => { observe(element: unknown): void; disconnect(): void };

/**
 * Whether all of an element can be seen, but for less than a pixel, which also what clips it around decides. What opens
 * moves for a moment.
 */
async function isInView(what: Locator): Promise<boolean> {
	return await what.evaluate(
		async (element) =>
			await new Promise<boolean>((resolve) => {
				const observer = new IntersectionObserver(
					(entries) => {
						if (entries.some(({ intersectionRatio }) => intersectionRatio > 0.96)) end(true);
					},
					{ threshold: [0.97, 1] },
				);
				const end = (isSeen: boolean) => {
					observer.disconnect();
					resolve(isSeen);
				};
				observer.observe(element);
				setTimeout(end, 3000, false);
			}),
	);
}
