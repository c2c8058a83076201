import { count, size } from './format';
import type { ContenderName, Quantity, Report, Run, Task } from './Report';
import { median } from './statistics';
import { drawChart } from './svg';
import type { Chart, Panel, Series } from './svg';

const MiB = 1024 * 1024;

interface Curve {
	name: string;
	colour: number;
	dashed: boolean;
	contender: ContenderName;
	task: Partial<Task> & Pick<Task, 'operation'>;
}

/** The charts that a report has enough points for, by their file names. */
export function chartsOf(report: Report): { file: string; svg: string }[] {
	const charts = {
		'bench-size.svg': sizes(report),
		'bench-length.svg': lengths(report),
		'bench-items.svg': items(report),
	};
	return Object.entries(charts).flatMap(([file, chart]) =>
		isWorthDrawing(chart) ? [{ file, svg: drawChart(chart) }] : [],
	);
}

const isWorthDrawing = ({ panels }: Chart): boolean =>
	panels.every(({ series }) => series.some(({ points }) => points.length > 1));

/** Put and Get of ours and of n8n's own node. */
const moves = (task: Partial<Task>): Curve[] =>
	(
		[
			['ours', 'This package', 0],
			['builtIn', 'n8n’s S3 node', 1],
		] as const
	).flatMap(([contender, name, colour]) => [
		{ name: `${name}, Put`, colour, dashed: false, contender, task: { ...task, operation: 'put' } },
		{ name: `${name}, Get`, colour, dashed: true, contender, task: { ...task, operation: 'get' } },
	]);

function sizes(report: Report): Chart {
	return {
		title: 'One object, by its size',
		note: conditions(report),
		panels: twoPanels(report, moves({}), 'bytes', { label: 'size of the object', text: size }),
	};
}

function lengths(report: Report): Chart {
	const even = { operation: 'list', keySet: 'even', roundTrip: 0 } as const;
	const curves: Curve[] = [
		{ name: 'This package, as items', colour: 0, dashed: false, contender: 'ours', task: even },
		{ name: 'n8n’s S3 node, as items', colour: 1, dashed: false, contender: 'builtIn', task: even },
		{
			name: 'This package, to a file',
			colour: 2,
			dashed: false,
			contender: 'ours',
			task: { operation: 'listToFile' },
		},
	];
	return {
		title: 'A listing, by its length',
		note: `${conditions(report)}; to a file: from an S3 server in Node`,
		panels: twoPanels(report, curves, 'keys', { label: 'keys', text: count }),
	};
}

function items(report: Report): Chart {
	return {
		title: 'Small objects at 20 ms from the server, by their number',
		note: conditions(report),
		panels: twoPanels(report, moves({ roundTrip: 20, concurrency: undefined }), 'items', {
			label: 'items, one object of 36 bytes each',
			text: count,
		}),
	};
}

/** The servers stand beside the charts, and are too many for a line where reports were put together. */
function conditions({ machine: { n8n, cores, cpu } }: Report): string {
	return `Medians; n8n ${n8n}, ${cores} cores (${cpu})`;
}

/** The same curves as time and as memory. */
function twoPanels(
	{ runs }: Report,
	curves: Curve[],
	along: 'bytes' | 'keys' | 'items',
	x: { label: string; text: (value: number) => string },
): Panel[] {
	const series = (quantity: Quantity, least: number): Series[] =>
		curves
			.map(({ contender, task, ...look }) => ({
				...look,
				points: pointsOf(
					runs.filter((run) => fits(run, contender, task)),
					quantity,
					along,
					least,
				),
			}))
			.filter(({ points }) => points.length > 0);
	const [time, memory] = [series('seconds', 0.001), series('memory', MiB)];
	const marks = [...new Set(time.flatMap(({ points }) => points.map((point) => point.x)))].sort(
		(a, b) => a - b,
	);
	return [
		{
			title: 'Time of the node',
			x: { ...x, marks },
			y: { label: 'seconds', text: count },
			series: time,
		},
		{
			title: 'Memory added to n8n',
			x: { ...x, marks },
			y: { label: 'MiB at the peak', text: (bytes) => count(bytes / MiB), unit: MiB },
			series: memory,
		},
	];
}

function fits({ contender, task }: Run, wanted: ContenderName, want: Partial<Task>): boolean {
	return (
		contender === wanted &&
		Object.entries(want).every(([name, value]) => task[name as keyof Task] === value)
	);
}

/** A logarithmic axis has no zero: what is less is drawn as the least. */
function pointsOf(
	runs: Run[],
	quantity: Quantity,
	along: 'bytes' | 'keys' | 'items',
	least: number,
): Series['points'] {
	const byX = new Map<number, number[]>();
	for (const { task, [quantity]: value } of runs) {
		const x = task[along];
		if (x !== undefined && value !== undefined) byX.set(x, [...(byX.get(x) ?? []), value]);
	}
	return [...byX]
		.map(([x, values]) => ({ x, y: Math.max(least, median(values)) }))
		.sort((a, b) => a.x - b.x);
}
