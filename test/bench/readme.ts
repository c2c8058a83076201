import { ratio } from './format';
import type { Report } from './Report';
import { figureText, rowsOf, targetText } from './summary';
import type { Row } from './summary';

const BEGIN = '<!-- npm run bench writes from here -->';
const END = '<!-- to here -->';

/** The README with what a report found between its two marks; throws where they are missing. */
export function withPerformance(readme: string, report: Report, charts: string[]): string {
	const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
	if (begin === -1 || end < begin) {
		throw new Error(`README.md has no ${BEGIN} with ${END} behind it`);
	}
	const text = performanceText(report, charts);
	return `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`;
}

function performanceText(report: Report, charts: string[]): string {
	const rows = rowsOf(report).filter(({ target }) => target !== undefined);
	const images = charts.map((file) => `![${altOf(file)}](docs/${file})`);
	return [machineText(report), tableOf(rows), ...images].join('\n\n');
}

function machineText({ command, date, machine, version }: Report): string {
	const { cpu, cores, node, n8n, server } = machine;
	return (
		`Medians (least–most) of version ${version}, measured with \`${command}\` on ${date.replace(/T.*/, '')}: ` +
		`n8n ${n8n} on Node ${node}, ${server}, ${cpu} with ${cores} cores. ` +
		'Each node ran in an n8n of its own, in turn, with V8’s memory reducer off (but for the first use), ' +
		'so that none collects garbage in the other’s time; the time is that of the node alone. Distances (ms of ' +
		'a round trip) come from a proxy. The server keeps objects in memory, and in radosgw debug logs are off. ' +
		'Memory of a file became free meanwhile, a gigabyte a second for three seconds, so that nobody ' +
		'waits for the host to give the machine memory. ' +
		'Memory is what n8n needed at its peak more than at its smallest before, at rest with its garbage ' +
		'collected: what earlier runs left it with counts too. 1 MiB in a chart stands for nothing as well.'
	);
}

function tableOf(rows: Row[]): string {
	const lines = rows.map((row) => [
		row.title,
		figureText(row.quantity, row.ours),
		row.rival === undefined
			? ''
			: `${row.rival.name}: ${figureText(row.quantity, row.rival.figure)}`,
		row.ratio === undefined ? '' : ratio(row.ratio),
		`${targetText(row)}${row.met === true ? ' ✓' : ' ✗'}`,
	]);
	const head = ['', 'This package', 'Compared with', 'Ratio', 'Target'];
	const rule = head.map(() => '---');
	return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const ALTS: Record<string, string> = {
	'bench-size.svg': 'Time and memory of Put and Get by the size of the object',
	'bench-length.svg': 'Time and memory of a listing by its length',
	'bench-items.svg': 'Time and memory of Put and Get by the number of small objects',
};

const altOf = (file: string): string => ALTS[file] ?? file;
