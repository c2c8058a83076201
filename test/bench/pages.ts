import { duration, ratio, size } from './format';
import type { Report, Task } from './Report';
import { figureText, rowsOf, titleOf } from './summary';
import type { Row } from './summary';

const BEGIN = '<!-- npm run bench writes from here -->';
const END = '<!-- to here -->';

/** README.md with what a person asks first between its two marks; throws if they are missing. */
export function withSummary(readme: string, report: Report, charts: string[]): string {
	const [chart] = charts.filter((file) => file === 'bench-size.svg');
	const image = chart === undefined ? [] : [`![${altOf(chart)}](docs/${chart})`];
	return between(readme, [summaryTable(report), ...image].join('\n\n'), 'README.md');
}

/** docs/performance.md with all figures of a report between its two marks; throws if they are missing. */
export function withFigures(page: string, report: Report, charts: string[]): string {
	const rows = rowsOf(report).filter(({ target }) => target !== undefined);
	const images = charts.map((file) => `![${altOf(file)}](${file})`);
	return between(
		page,
		[machineText(report), figuresTable(rows), ...images].join('\n\n'),
		'The page',
	);
}

function between(text: string, written: string, name: string): string {
	const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
	if (begin === -1 || end < begin) throw new Error(`${name} has no ${BEGIN} with ${END} after it`);
	return `${text.slice(0, begin + BEGIN.length)}\n\n${written}\n\n${text.slice(end)}`;
}

const GiB = 1024 ** 3;

/** What the table of the README compares with n8n's own node, if it was measured. */
const SUMMARY: { title: string; task: Task; also?: Task }[] = [
	{ title: 'Upload 1 GiB', task: { operation: 'put', bytes: GiB } },
	{ title: 'Download 1 GiB', task: { operation: 'get', bytes: GiB } },
	{
		title: 'Upload 2,000 small files, server 20 ms away',
		task: { operation: 'put', items: 2000, roundTrip: 20 },
		also: { operation: 'put', items: 2000, roundTrip: 20, concurrency: 32 },
	},
	{
		title: 'List 100,000 objects, server 50 ms away',
		task: { operation: 'list', keys: 100_000, keySet: 'even', roundTrip: 50 },
	},
];

function summaryTable(report: Report): string {
	const rows = rowsOf(report).filter(({ rival }) => rival?.name === 'n8n’s S3 node');
	const rowOf = (task: Task) => rows.find(({ title }) => title === titleOf(task, 'seconds'));
	const lines = SUMMARY.flatMap(({ title, task, also }) => {
		const row = rowOf(task);
		if (row?.rival === undefined) return [];
		const faster = also && rowOf(also);
		const set = faster && ` (${duration(faster.ours.median)} with *Concurrency* 32)`;
		const large = task.bytes !== undefined;
		return [
			[
				title,
				`${duration(row.ours.median)}${large ? memoryText(row.memory.ours) : ''}${set ?? ''}`,
				`${duration(row.rival.figure.median)}${large ? memoryText(row.memory.rival) : ''}`,
			],
		];
	});
	return table(['', 'This package', 'n8n’s S3 node'], lines);
}

const memoryText = (bytes: number | undefined): string =>
	bytes === undefined ? '' : `, ${size(bytes)}`;

function machineText({ date, machine, version }: Report): string {
	const { cpu, cores, node, n8n, server } = machine;
	return (
		`Version ${version}, measured on ${date.replace(/T.*/, '')} with n8n ${n8n} on Node ${node}; ` +
		`server: ${server}; ${cpu} with ${cores} cores.`
	);
}

function figuresTable(rows: Row[]): string {
	const lines = rows.map((row) => [
		row.title,
		figureText(row.quantity, row.ours),
		row.rival === undefined
			? ''
			: `${row.rival.name}: ${figureText(row.quantity, row.rival.figure)}`,
		row.ratio === undefined ? '' : ratio(row.ratio),
	]);
	return table(['', 'This package', 'Compared with', 'Ratio'], lines);
}

const table = (head: string[], lines: string[][]): string =>
	[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const ALTS: Record<string, string> = {
	'bench-size.svg': 'Time and memory of Put and Get by the size of the object',
	'bench-length.svg': 'Time and memory of a listing by its length',
	'bench-items.svg': 'Time and memory of Put and Get by the number of small objects',
};

const altOf = (file: string): string => ALTS[file] ?? file;
