import { count, duration, ratio, size } from './format';
import type { ContenderName, Quantity, Report, Run, Task } from './Report';
import { figureOf } from './statistics';
import type { Figure } from './statistics';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

/** One comparison, or one figure of ours alone. */
export interface Row {
	title: string;
	quantity: Quantity;
	ours: Figure;
	rival: { name: string; figure: Figure } | undefined;
	/** The rival's median by ours: how many times as fast, or as small, ours is. */
	ratio: number | undefined;
	target: Target | undefined;
	met: boolean | undefined;
	/** Bytes: medians of how much the processes grew, in rows about seconds. */
	memory: { ours: number | undefined; rival: number | undefined };
}

/** At least so many times as fast (or as small) as the rival, or at most so much. */
type Target = { ratio: number } | { atMost: number };

export const NAMES: Record<ContenderName, string> = {
	ours: 'Amazon S3 (this package)',
	builtIn: 'n8n’s S3 node',
	awsCli: 'AWS CLI',
	curl: 'curl',
	plain: 'this package, outside n8n',
	sdk: 'AWS SDK, outside n8n',
};

/** With what of ours a rival is compared: what runs in the same kind of process. */
const RIVALS: [ContenderName, ContenderName][] = [
	['builtIn', 'ours'],
	['curl', 'ours'],
	['awsCli', 'ours'],
	['sdk', 'plain'],
];

interface Goal extends Partial<Task> {
	operation: Task['operation'];
	quantity: Quantity;
	rival?: ContenderName;
	target: Target;
}

/** As slow as 1.3 times the other. */
const WITHIN = { ratio: 1 / 1.3 };
const MEMORY = { atMost: 128 * MiB };

/** What is asked of the package; a row has the first goal that fits it. */
const GOALS: Goal[] = [
	{ operation: 'put', bytes: GiB, quantity: 'seconds', rival: 'builtIn', target: { ratio: 3 } },
	{ operation: 'get', bytes: GiB, quantity: 'seconds', rival: 'builtIn', target: { ratio: 5 } },
	...(['put', 'get'] as const).flatMap((operation): Goal[] => [
		{ operation, bytes: GiB, quantity: 'seconds', rival: 'curl', target: WITHIN },
		{ operation, bytes: GiB, quantity: 'seconds', rival: 'awsCli', target: WITHIN },
		{ operation, bytes: GiB, quantity: 'memory', rival: 'builtIn', target: MEMORY },
		{ operation, bytes: 8 * GiB, quantity: 'memory', target: MEMORY },
		{ operation, items: 2000, roundTrip: 20, quantity: 'seconds', target: { ratio: 50 } },
	]),
	{ operation: 'list', keys: 100_000, roundTrip: 0, quantity: 'seconds', target: { ratio: 2.5 } },
	{ operation: 'list', keys: 100_000, roundTrip: 50, quantity: 'seconds', target: { ratio: 7 } },
	{ operation: 'list', keys: 100_000, quantity: 'cpuSeconds', target: { ratio: 3 } },
	{
		operation: 'listToFile',
		keys: 1_000_000,
		quantity: 'memory',
		target: { atMost: 160 * MiB },
	},
	{ operation: 'load', quantity: 'seconds', target: { atMost: 0.01 } },
	{ operation: 'load', quantity: 'memory', target: { atMost: 2 * MiB } },
	{ operation: 'firstUse', quantity: 'seconds', target: { atMost: 0.1 } },
];

/** The comparisons that a report allows, in the order in which they were measured. */
export function rowsOf({ runs }: Pick<Report, 'runs'>): Row[] {
	const tasks = new Map(runs.map(({ task }) => [JSON.stringify(task), task]));
	return [...tasks].flatMap(([id, task]) => {
		const same = runs.filter((run) => JSON.stringify(run.task) === id);
		return (['seconds', 'cpuSeconds', 'memory'] as const).flatMap((quantity) =>
			rowsOfTask(task, quantity, same),
		);
	});
}

function rowsOfTask(task: Task, quantity: Quantity, runs: Run[]): Row[] {
	const rows = RIVALS.flatMap(([rival, counterpart]) => {
		const ours = resultOf(counterpart, quantity, runs);
		const theirs = resultOf(rival, quantity, runs);
		return ours === undefined || theirs === undefined
			? []
			: [row(task, quantity, ours, { ...theirs, contender: rival })];
	});
	const alone = resultOf('ours', quantity, runs);
	const all = rows.length > 0 || alone === undefined ? rows : [row(task, quantity, alone)];
	// Other memory stands beside the seconds.
	return quantity === 'memory' ? all.filter(({ target }) => target !== undefined) : all;
}

interface Result {
	figure: Figure;
	/** Bytes, beside seconds only. */
	memory: number | undefined;
}

function resultOf(contender: ContenderName, quantity: Quantity, runs: Run[]): Result | undefined {
	const its = runs.filter((run) => run.contender === contender);
	const figure = figureOf(its.flatMap((run) => run[quantity] ?? []));
	const memory = figureOf(its.flatMap((run) => run.memory ?? []));
	return figure && { figure, memory: quantity === 'seconds' ? memory?.median : undefined };
}

function row(
	task: Task,
	quantity: Quantity,
	{ figure: ours, memory }: Result,
	rival?: Result & { contender: ContenderName },
): Row {
	const factor =
		rival === undefined || ours.median <= 0 ? undefined : rival.figure.median / ours.median;
	const target = targetOf(task, quantity, rival?.contender);
	return {
		title: titleOf(task, quantity),
		quantity,
		ours,
		rival: rival && { name: NAMES[rival.contender], figure: rival.figure },
		ratio: factor,
		target,
		met: target && isMet(target, ours.median, factor),
		memory: { ours: memory, rival: rival?.memory },
	};
}

function targetOf(
	task: Task,
	quantity: Quantity,
	rival: ContenderName | undefined,
): Target | undefined {
	const goal = GOALS.find(
		({ quantity: itsQuantity, rival: itsRival, target, ...itsTask }) =>
			itsQuantity === quantity &&
			(itsRival === undefined || itsRival === rival) &&
			('atMost' in target || rival !== undefined) &&
			Object.entries(itsTask).every(([name, value]) => task[name as keyof Task] === value),
	);
	return goal?.target;
}

function isMet(target: Target, ours: number, factor: number | undefined): boolean {
	if ('atMost' in target) return ours <= target.atMost;
	return factor !== undefined && factor >= target.ratio;
}

const VERBS: Record<Task['operation'], string> = {
	put: 'Put',
	get: 'Get',
	list: 'List',
	listToFile: 'List',
	load: 'n8n’s start: loading the package',
	firstUse: 'First use after n8n’s start',
};

const WHATS: Record<Quantity, string> = { seconds: '', cpuSeconds: ', CPU', memory: ', memory' };

/** What a task was, and which of its figures. */
export function titleOf(task: Task, quantity: Quantity): string {
	const { operation, bytes, items, keys, keySet, roundTrip, concurrency } = task;
	const what = [
		VERBS[operation],
		bytes === undefined ? '' : size(bytes),
		items === undefined ? '' : `${count(items)} small objects`,
		keys === undefined ? '' : `${count(keys)}${keySet === undefined ? '' : ` ${keySet}`} keys`,
		operation === 'listToFile' ? 'to a file' : '',
		roundTrip === undefined ? '' : `at ${roundTrip} ms`,
		concurrency === undefined ? '' : `with Concurrency ${concurrency}`,
	];
	return `${what.filter((part) => part !== '').join(' ')}${WHATS[quantity]}`;
}

/** A value as a person reads it. */
export function valueOf(quantity: Quantity, value: number): string {
	return quantity === 'memory' ? size(value) : duration(value);
}

/** A median, with its spread where there is one. */
export function figureText(quantity: Quantity, { median, min, max, runs }: Figure): string {
	const text = valueOf(quantity, median);
	return runs === 1
		? `${text} (once)`
		: `${text} (${valueOf(quantity, min)}–${valueOf(quantity, max)})`;
}

/** What a row is to show, as a person reads it. */
function targetText({ target, quantity }: Row): string {
	if (target === undefined) return '';
	return 'atMost' in target ? `≤ ${valueOf(quantity, target.atMost)}` : `≥ ${ratio(target.ratio)}`;
}

/** The rows as a table for a terminal. */
export function textTable(rows: Row[]): string {
	const head = ['case', 'ours', 'rival', 'rival’s', 'ratio', 'target', '', 'memory', 'rival’s'];
	const cells = rows.map((row) => [
		row.title,
		figureText(row.quantity, row.ours),
		row.rival?.name ?? '',
		row.rival === undefined ? '' : figureText(row.quantity, row.rival.figure),
		row.ratio === undefined ? '' : ratio(row.ratio),
		targetText(row),
		row.met === undefined ? '' : row.met ? 'met' : 'MISSED',
		row.memory.ours === undefined ? '' : size(row.memory.ours),
		row.memory.rival === undefined ? '' : size(row.memory.rival),
	]);
	const widths = head.map((title, i) =>
		Math.max(title.length, ...cells.map((line) => line[i]!.length)),
	);
	return [head, widths.map((width) => '─'.repeat(width)), ...cells]
		.map((line) =>
			line
				.map((cell, i) => cell.padEnd(widths[i]!))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}
