import { drawChart, roundMarks } from './svg';
import type { Chart, Series } from './svg';

const series = (name: string, points: [number, number][], look: Partial<Series> = {}): Series => ({
	name,
	colour: 0,
	dashed: false,
	points: points.map(([x, y]) => ({ x, y })),
	...look,
});

const chartOf = (...lines: Series[]): Chart => ({
	title: 'Time & size',
	note: 'less is <better>',
	panels: [
		{
			title: 'Time',
			x: { label: 'keys', text: (value) => `${value} keys`, marks: [1, 100] },
			y: { label: 'seconds', text: String },
			series: lines,
		},
	],
});

/** The x and y of a chart's points, in pixels. */
const dotsOf = (svg: string): number[][] =>
	[...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)]
		.map(([, x, y]) => [Number(x), Number(y)])
		// The first is in the legend.
		.slice(1);

it('a chart draws equal factors as equal distances on both axes', () => {
	const svg = drawChart(
		chartOf(
			series('ours', [
				[1, 0.1],
				[10, 1],
				[100, 10],
			]),
		),
	);
	const [first, second, third] = dotsOf(svg);
	expect(second![0]! - first![0]!).toBeCloseTo(third![0]! - second![0]!, 0);
	expect(first![1]! - second![1]!).toBeCloseTo(second![1]! - third![1]!, 0);
	// More is to the right and up.
	expect(second![0]).toBeGreaterThan(first![0]!);
	expect(second![1]).toBeLessThan(first![1]!);
});

it('a chart names axes, marks and every line', () => {
	const svg = drawChart(
		chartOf(series('ours', [[1, 1]]), series('another', [[100, 100]], { colour: 1, dashed: true })),
	);
	for (const text of ['keys', 'seconds', '1 keys', '100 keys', 'ours', 'another', '10', 'Time']) {
		expect(svg).toContain(`>${text}</text>`);
	}
	expect(svg).toMatch(/class="line c1"[^>]*stroke-dasharray/);
	expect(svg).not.toMatch(/class="line c0"[^>]*stroke-dasharray/);
});

it('a chart is well-formed XML that follows the reader’s colour scheme', () => {
	const svg = drawChart(chartOf(series('a < b & c', [[1, 1]])));
	expect(svg).toContain('Time &amp; size');
	expect(svg).toContain('less is &lt;better&gt;');
	expect(svg).toContain('a &lt; b &amp; c');
	expect(svg).toContain('@media (prefers-color-scheme: dark)');
	expect(svg).not.toContain('NaN');
	const [open, close] = [/<(svg|g|text|title|desc|style)\b/g, /<\/(svg|g|text|title|desc|style)>/g];
	expect(svg.match(open)?.length).toBe(svg.match(close)?.length);
});

it.each([
	[0.04, 3, 1, [0.05, 0.1, 0.2, 0.5, 1, 2]],
	[0.02, 300, 1, [0.1, 1, 10, 100]],
	[1.5, 9, 2, [2, 4]],
])('between %d and %d, in units of %d, the marks are %j', (min, max, unit, marks) => {
	expect(roundMarks(min, max, unit)).toEqual(marks);
});
