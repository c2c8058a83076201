/** README.md as people see it on GitHub, rendered by the Markdown parser of n8n in headless Chromium. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { readDoc } from '../docs/page';
import { installN8n } from '../servers/n8n/install';
import { keepPicture, launchBrowser } from './editor';

const PROJECT = join(__dirname, '..', '..');
/** As wide as GitHub shows a README beside its side bar. */
const WIDTH = 830;
const SCREEN = 1080;

/** What decides heights in GitHub's style sheet, with a font that is as wide as Helvetica. */
const STYLE = `
	body { margin: 0; font: 16px/1.5 "Liberation Sans", Helvetica, Arial, sans-serif; }
	h1, h2 { margin: 24px 0 16px; font-weight: 600; line-height: 1.25; padding-bottom: .3em; border-bottom: 1px solid; }
	h1 { font-size: 2em; margin-top: 0; }
	h2 { font-size: 1.5em; }
	p, ul, ol, table { margin: 0 0 16px; }
	ul, ol { padding-left: 2em; }
	li + li { margin-top: .25em; }
	code { padding: .2em .4em; font: 85% "Liberation Mono", monospace; white-space: break-spaces; background: #eee; }
	table { display: block; width: max-content; max-width: 100%; border-collapse: collapse; }
	td, th { padding: 6px 13px; border: 1px solid #d1d9e0; }
	img { max-width: 100%; }
`;

interface MarkdownIt {
	render(markdown: string): string;
}

it('README.md fits on three screens of 1,080 pixels', async () => {
	const { n8n } = await installN8n('newest');
	const Parser = createRequire(n8n)('markdown-it') as new () => MarkdownIt;
	const body = new Parser().render(readDoc('../README.md').replace(/<!--.*?-->/g, ''));
	const folder = join(PROJECT, '.cache', 'e2e');
	mkdirSync(folder, { recursive: true });
	const file = join(folder, 'readme.html');
	const base = `<base href="${pathToFileURL(PROJECT).href}/">`;
	writeFileSync(file, `<!doctype html><meta charset="utf-8">${base}<style>${STYLE}</style>${body}`);
	const { page, close } = await launchBrowser();
	try {
		await page.setViewportSize({ width: WIDTH, height: SCREEN });
		await page.goto(pathToFileURL(file).href);
		const { height = 0 } = (await page.locator('html').boundingBox()) ?? {};
		expect(await page.locator('img').count()).toBeGreaterThan(1);
		await page.setViewportSize({ width: WIDTH, height: Math.ceil(height) });
		await keepPicture(page, 'readme');
		expect(height).toBeGreaterThan(2 * SCREEN);
		expect(height).toBeLessThanOrEqual(3 * SCREEN);
	} finally {
		await close();
		rmSync(file);
	}
});
