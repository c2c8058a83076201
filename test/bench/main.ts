/** What `npm run bench` runs; see `USAGE` in options.ts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BenchN8n } from './BenchN8n';
import { CASES } from './cases';
import { chartsOf } from './charts';
import type { Contender } from './contenders';
import { openLab } from './lab';
import type { Lab } from './lab';
import { PROJECT, thisMachine, versionIn } from './machine';
import { readOptions, USAGE } from './options';
import type { Options } from './options';
import { withPerformance } from './readme';
import type { Report, Run } from './Report';
import { NAMES, rowsOf, textTable, titleOf, valueOf } from './summary';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
	const args = process.argv.slice(2);
	const options = readOptions(args);
	if (options.help) {
		say(USAGE);
		return;
	}
	const report =
		options.from === undefined
			? await measure(options, args)
			: (JSON.parse(readFileSync(options.from, 'utf8')) as Report);
	const rows = rowsOf(report);
	say(`\n${machineText(report)}\n\n${textTable(rows)}`);
	const missed = rows.filter(({ met }) => met === false);
	if (missed.length > 0) say(`\n${missed.length} targets were missed.`);
	const charts = chartsOf(report);
	if (options.charts) {
		for (const { file, svg } of charts) writeFileSync(join(PROJECT, 'docs', file), svg);
	}
	if (options.readme) {
		const readme = join(PROJECT, 'README.md');
		const files = charts.map(({ file }) => file);
		writeFileSync(readme, withPerformance(readFileSync(readme, 'utf8'), report, files));
	}
}

/** Runs the cases; what they found is written after each, so that an interrupted run is not for nothing. */
async function measure(options: Options, args: string[]): Promise<Report> {
	let lab: Promise<Lab> | undefined;
	const runs: Run[] = [];
	const report: Report = {
		date: new Date().toISOString(),
		command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
		version: versionIn(PROJECT),
		machine: thisMachine(process.env.S3_ENDPOINT),
		runs,
	};
	mkdirSync(dirname(options.json), { recursive: true });
	try {
		for (const name of options.cases) {
			say(`\n── ${name}`);
			const started: BenchN8n[] = [];
			try {
				await CASES[name]({
					options,
					installed: report.machine,
					lab: () => (lab ??= openLab()),
					n8n: async (contender: Contender) => {
						lab ??= openLab();
						const n8n = await BenchN8n.start((await lab).folder, contender);
						started.push(n8n);
						await n8n.warmUp(await lab);
						return n8n;
					},
					record: (task, contender, measured) => {
						runs.push({ contender, task, ...measured });
						say(runText(runs.at(-1)!));
					},
				});
			} finally {
				for (const n8n of started) await n8n.stop();
				writeFileSync(options.json, `${JSON.stringify(report, null, '\t')}\n`);
			}
		}
	} finally {
		await (await lab)?.stop();
	}
	say(`\nAll single runs: ${options.json}`);
	return report;
}

function runText({ contender, task, seconds, cpuSeconds, memory }: Run): string {
	const values = [
		valueOf('seconds', seconds),
		cpuSeconds === undefined ? '' : `CPU ${valueOf('cpuSeconds', cpuSeconds)}`,
		memory === undefined ? '' : valueOf('memory', memory),
	];
	const name = NAMES[contender].padEnd(26);
	return `${titleOf(task, 'seconds').padEnd(40)} ${name} ${values.filter((value) => value !== '').join(', ')}`;
}

function machineText({ machine, version, date, command }: Report): string {
	const { cpu, cores, system, node, n8n, server, awsCli, curl } = machine;
	return [
		`${command}, ${date}`,
		`n8n-nodes-amazon-s3 ${version}, n8n ${n8n}, Node ${node}, ${server}`,
		`${cpu}, ${cores} cores, ${system}; AWS CLI ${awsCli ?? 'missing'}, curl ${curl ?? 'missing'}`,
	].join('\n');
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exit(1);
	},
);
