/** What README.md and docs/performance.md say of speed and memory is what was measured. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { chartsOf } from './charts';
import { withFigures, withSummary } from './pages';
import type { Report } from './Report';
import { together } from './together';

const PROJECT = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');

const reports = readdirSync(join(PROJECT, 'docs'))
	.filter((file) => /^bench.*\.json$/.test(file))
	.map((file) => JSON.parse(read(`docs/${file}`)) as Report)
	.sort((one, other) => (one.date < other.date ? -1 : 1));
const report = together(reports);
const charts = chartsOf(report);
const files = charts.map(({ file }) => file);

it.each([
	['README.md', withSummary],
	['docs/performance.md', withFigures],
])('the figures of %s are those of the reports in docs/', (file, write) => {
	const page = read(file).split('\n');
	const written = write(page.join('\n'), report, files).split('\n');
	// The reports were put together in an order that nobody noted.
	expect(written.filter((line) => !page.includes(line))).toEqual([]);
	expect(page.filter((line) => !written.includes(line))).toEqual([]);
});

it('the charts in docs/ are those of the reports beside them', () => {
	const drawn = charts.filter(({ file, svg }) => read(`docs/${file}`) === svg);
	expect(drawn.map(({ file }) => file)).toEqual(files);
});
