/** A small drawing of lines against each other, on logarithmic axes, readable on light and dark pages. */

export interface Series {
	name: string;
	/** Which of the colours, from 0. */
	colour: number;
	dashed: boolean;
	/** From left to right. */
	points: { x: number; y: number }[];
}

export interface Panel {
	title: string;
	x: Axis;
	y: Axis;
	series: Series[];
}

interface Axis {
	label: string;
	/** What a value is called at the axis. */
	text: (value: number) => string;
	/** Where the axis has marks; 1, 2 and 5 times powers of ten of `unit` unless given. */
	marks?: number[];
	/** In what the marks are round numbers; 1 unless given. */
	unit?: number;
}

export interface Chart {
	title: string;
	note: string;
	panels: Panel[];
}

const PANEL = { width: 440, height: 240 };
/** Around the lines of a panel. */
const MARGIN = { left: 72, right: 40, top: 34, bottom: 58 };
const HEAD = 84;
const FOOT = 28;
/** By how much an axis goes on beyond its values. */
const ROOM = 1.6;
/** How many times the least the most is, beyond which powers of ten are marks enough. */
const FEW_MARKS = 500;

const STYLE = `
	text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; fill: var(--text); }
	.title { font-size: 17px; font-weight: 600; }
	.panel { font-weight: 600; }
	.quiet { fill: var(--quiet); font-size: 12px; }
	.grid { stroke: var(--grid); }
	.axis { stroke: var(--quiet); }
	.line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
	.c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); }
	.dot { fill: var(--page); stroke-width: 2; }
	.page { fill: var(--page); stroke: var(--grid); }
	svg { --page: #ffffff; --text: #1f2328; --quiet: #59636e; --grid: #dfe3e8; --c0: #1f6feb; --c1: #c2410c; --c2: #0f8a5f; }
	@media (prefers-color-scheme: dark) {
		svg { --page: #0d1117; --text: #e6edf3; --quiet: #9198a1; --grid: #2b323b; --c0: #6cb0ff; --c1: #ff9f5a; --c2: #4fd1a1; }
	}
`;

/** Draws a chart; panels stand beside each other and share one legend. */
export function drawChart({ title, note, panels }: Chart): string {
	const width = panels.length * PANEL.width + 16;
	const height = HEAD + PANEL.height + FOOT;
	const legend = legendOf(panels.flatMap(({ series }) => series));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title note">`,
		`<title id="title">${escaped(title)}</title>`,
		`<desc id="note">${escaped(note)}</desc>`,
		`<style>${STYLE}</style>`,
		`<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
		`<text class="title" x="24" y="34">${escaped(title)}</text>`,
		legend,
		...panels.map((panel, i) => drawPanel(panel, 8 + i * PANEL.width)),
		`<text class="quiet" x="24" y="${height - 14}">${escaped(note)}</text>`,
		'</svg>',
		'',
	].join('\n');
}

function legendOf(series: Series[]): string {
	const names = new Map(series.map((each) => [each.name, each]));
	let x = 24;
	const entries = [...names.values()].map((each) => {
		const entry = [
			`<path class="${lineClass(each)}" d="M${x} 62h28"${dash(each)}/>`,
			`<circle class="dot c${each.colour}" cx="${x + 14}" cy="62" r="3.5"/>`,
			`<text x="${x + 36}" y="66.5">${escaped(each.name)}</text>`,
		];
		x += 36 + each.name.length * 7 + 28;
		return entry.join('');
	});
	return entries.join('\n');
}

function drawPanel({ title, x, y, series }: Panel, left: number): string {
	const points = series.flatMap((each) => each.points);
	const xs = {
		...scaleOf(
			x,
			points.map((point) => point.x),
		),
		from: left + MARGIN.left,
		to: left + PANEL.width - MARGIN.right,
	};
	const ys = {
		...scaleOf(
			y,
			points.map((point) => point.y),
		),
		from: HEAD + PANEL.height - MARGIN.bottom,
		to: HEAD + MARGIN.top,
	};
	const middle = (xs.from + xs.to) / 2;
	return [
		`<text class="panel" x="${xs.from}" y="${HEAD + 16}">${escaped(title)}</text>`,
		...ys.marks.map((mark) => {
			const at = place(mark, ys);
			return `<path class="grid" d="M${xs.from} ${at}H${xs.to}"/><text class="quiet" x="${xs.from - 8}" y="${at + 4}" text-anchor="end">${escaped(y.text(mark))}</text>`;
		}),
		...xs.marks.map((mark) => {
			const at = place(mark, xs);
			return `<path class="axis" d="M${at} ${ys.from}v5"/><text class="quiet" x="${at}" y="${ys.from + 20}" text-anchor="middle">${escaped(x.text(mark))}</text>`;
		}),
		`<path class="axis" d="M${xs.from} ${ys.from}H${xs.to}"/>`,
		`<text class="quiet" x="${middle}" y="${ys.from + 42}" text-anchor="middle">${escaped(x.label)}</text>`,
		`<text class="quiet" transform="translate(${left + 16} ${(ys.from + ys.to) / 2}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`,
		...series.map((each) => drawSeries(each, xs, ys)),
	].join('\n');
}

interface Scale {
	min: number;
	max: number;
	marks: number[];
	/** Pixels of `min` and `max`. */
	from: number;
	to: number;
}

function drawSeries(series: Series, xs: Scale, ys: Scale): string {
	const dots = series.points.map(({ x, y }) => ({ x: place(x, xs), y: place(y, ys) }));
	const line = dots.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
	return [
		`<path class="${lineClass(series)}" d="${line}"${dash(series)}/>`,
		...dots.map(
			({ x, y }) => `<circle class="dot c${series.colour}" cx="${x}" cy="${y}" r="3.5"/>`,
		),
	].join('');
}

const lineClass = ({ colour }: Series): string => `line c${colour}`;
const dash = ({ dashed }: Series): string => (dashed ? ' stroke-dasharray="2 6"' : '');

/** The range of an axis, and where it has marks. */
function scaleOf(axis: Axis, values: number[]): Pick<Scale, 'min' | 'max' | 'marks'> {
	const [least, most] = [Math.min(...values), Math.max(...values)];
	if (axis.marks !== undefined) {
		const [min, max] = [Math.min(least, ...axis.marks), Math.max(most, ...axis.marks)];
		return { min, max, marks: axis.marks };
	}
	const [min, max] = [least / ROOM, most * ROOM];
	return { min, max, marks: roundMarks(min, max, axis.unit ?? 1) };
}

/**
 * The round numbers between two others, in a unit: powers of ten, with 2 and 5 times each of them
 * where these would be few.
 */
export function roundMarks(min: number, max: number, unit: number): number[] {
	const [lowest, highest] = [Math.floor(Math.log10(min / unit)), Math.ceil(Math.log10(max / unit))];
	const steps = max / min > FEW_MARKS ? [1] : [1, 2, 5];
	const powers = Array.from({ length: highest - lowest + 1 }, (_, i) => lowest + i);
	return powers
		.flatMap((power) => steps.map((step) => Number(`${step}e${power}`) * unit))
		.filter((mark) => mark >= min && mark <= max);
}

/** The pixel of a value, on a logarithmic scale. */
function place(value: number, { min, max, from, to }: Scale): number {
	const part = Math.log(value / min) / Math.log(max / min);
	return Math.round((from + part * (to - from)) * 10) / 10;
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
