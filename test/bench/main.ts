/** What `npm run bench` runs; see `USAGE` in options.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf } from './charts';
import { PROJECT } from './machine';
import { measure } from './measure';
import { readOptions, USAGE } from './options';
import type { Options } from './options';
import { withFigures, withSummary } from './pages';
import type { Report, Run } from './Report';
import { together } from './together';
import { NAMES, rowsOf, textTable, titleOf, valueOf } from './summary';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<void> {
	const options = readOptions(args);
	if (options.help) {
		say(USAGE);
		return;
	}
	const report = await reportFor(options, args);
	const rows = rowsOf(report);
	say(`\n${machineText(report)}\n\n${textTable(rows)}\n`);
	const missed = rows.filter(({ met }) => met === false).length;
	say(missed === 0 ? 'No target was missed.' : `${missed} targets were missed.`);
	for (const { case: name, message } of report.failures) say(`The case ${name} failed: ${message}`);
	if (report.failures.length > 0) process.exitCode = 1;
	writeOut(report, options);
}

async function reportFor(options: Options, args: string[]): Promise<Report> {
	if (options.from !== undefined) return together(options.from.map(readReport));
	const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
	const report = await measure(options, command, {
		begin: (name) => say(`\n── ${name}`),
		record: (run) => say(runText(run)),
	});
	say(`\nAll single runs: ${options.json}`);
	return report;
}

const readReport = (file: string): Report => JSON.parse(readFileSync(file, 'utf8')) as Report;

/** Charts and tables go to where people read them. */
function writeOut(report: Report, options: Options): void {
	const charts = chartsOf(report);
	if (options.charts) {
		for (const { file, svg } of charts) writeFileSync(join(PROJECT, 'docs', file), svg);
	}
	if (options.readme) {
		const files = charts.map(({ file }) => file);
		write('README.md', (readme) => withSummary(readme, report, files));
		write('docs/performance.md', (page) => withFigures(page, report, files));
	}
}

function write(name: string, change: (text: string) => string): void {
	const path = join(PROJECT, name);
	writeFileSync(path, change(readFileSync(path, 'utf8')));
}

function runText({ contender, task, seconds, cpuSeconds, memory }: Run): string {
	const values = [
		valueOf('seconds', seconds),
		cpuSeconds === undefined ? '' : `CPU ${valueOf('cpuSeconds', cpuSeconds)}`,
		memory === undefined ? '' : valueOf('memory', memory),
	];
	const text = values.filter((value) => value !== '').join(', ');
	return `${titleOf(task, 'seconds').padEnd(40)} ${NAMES[contender].padEnd(26)} ${text}`;
}

function machineText({ machine, version, date, command }: Report): string {
	const { cpu, cores, system, node, n8n, server, awsCli, curl } = machine;
	return [
		`${command}, ${date}`,
		`n8n-nodes-amazon-s3 ${version}, n8n ${n8n}, Node ${node}, ${server}`,
		`${cpu}, ${cores} cores, ${system}; AWS CLI ${awsCli ?? 'missing'}, curl ${curl ?? 'missing'}`,
	].join('\n');
}

main(process.argv.slice(2)).then(
	() => process.exit(),
	(error: unknown) => {
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(1);
	},
);
