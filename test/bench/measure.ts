import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { installN8n } from '../servers/n8n/install';
import { BenchN8n } from './BenchN8n';
import { CASES } from './cases';
import type { Bench } from './cases/Bench';
import type { CaseName } from './cases';
import { openLab } from './lab';
import type { Lab } from './lab';
import { PROJECT, thisMachine, versionIn } from './machine';
import type { Options } from './options';
import type { Report, Run } from './Report';

/** What is told while it goes on. */
interface Progress {
	begin(name: CaseName): void;
	record(run: Run): void;
}

/**
 * Runs the cases that are asked for; one that fails does not stop the others. The report is written
 * after each single run, so that none is for nothing when the rest is interrupted.
 */
export async function measure(
	options: Options,
	command: string,
	progress: Progress,
): Promise<Report> {
	await installN8n('newest');
	const report: Report = {
		date: new Date().toISOString(),
		command,
		version: versionIn(PROJECT),
		machine: thisMachine(process.env.S3_ENDPOINT),
		runs: [],
		failures: [],
	};
	mkdirSync(dirname(options.json), { recursive: true });
	const keep = () => {
		writeFileSync(options.json, `${JSON.stringify(report, null, '\t')}\n`);
	};
	const record = (run: Run) => {
		report.runs.push(run);
		keep();
		progress.record(run);
	};
	const resources = new Resources();
	const giveUp = () => void resources.stop().finally(() => process.exit(130));
	process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
	try {
		for (const name of options.cases) {
			progress.begin(name);
			try {
				await CASES[name](benchFor(resources, options, report.machine, record));
			} catch (error) {
				report.failures.push({ case: name, message: String(error) });
			}
			await resources.stopN8n();
			keep();
		}
	} finally {
		process.off('SIGINT', giveUp).off('SIGTERM', giveUp);
		await resources.stop();
	}
	return report;
}

function benchFor(
	resources: Resources,
	options: Options,
	installed: Bench['installed'],
	record: (run: Run) => void,
): Bench {
	return {
		options,
		installed,
		lab: async () => await resources.lab(),
		n8n: async (contender) => {
			const n8n = await resources.n8n(contender, true);
			await n8n.warmUp(await resources.lab());
			return n8n;
		},
		stopN8n: async () => await resources.stopN8n(),
		coldN8n: async (contender) => await resources.n8n(contender, false),
		record: (task, contender, measured) => {
			record({ contender, task, ...measured });
		},
	};
}

/** What has been started and is to be stopped. */
class Resources {
	private opened: Promise<Lab> | undefined;
	private readonly started: BenchN8n[] = [];

	async lab(): Promise<Lab> {
		this.opened ??= openLab();
		return await this.opened;
	}

	async n8n(contender: BenchN8n['contender'], inTurn: boolean): Promise<BenchN8n> {
		const { folder } = await this.lab();
		const n8n = await BenchN8n.start(folder, contender, inTurn);
		this.started.push(n8n);
		return n8n;
	}

	async stopN8n(): Promise<void> {
		for (const n8n of this.started.splice(0)) await n8n.stop();
	}

	async stop(): Promise<void> {
		await this.stopN8n();
		const lab = await this.opened?.catch(() => undefined);
		this.opened = undefined;
		await lab?.stop();
	}
}
