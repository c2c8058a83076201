import { parseArgs } from 'node:util';
import { CASES } from './cases';
import type { CaseName } from './cases';
import type { Amounts } from './cases/Bench';

/** What the command line asks for. */
export interface Options extends Amounts {
	cases: CaseName[];
	/** The file that the report goes to. */
	json: string;
	/** Reports that are there already, instead of running anything. */
	from: string[] | undefined;
	charts: boolean;
	readme: boolean;
	help: boolean;
}

export const USAGE = `npm run bench -- [OPTION ...]

Measures this package against n8n's own S3 node and other tools, in turn, on one server: radosgw on this
machine, or what S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY and S3_REGION name.

  --case NAME,...   ${Object.keys(CASES).join(', ')}; all unless given
  --runs N          runs of everything, instead of each case's own number
  --items N         small objects in the case small
  --keys N          keys in the cases list, cpu and million
  --size MIB        object size in the case large
  --json FILE       where the report with all single runs goes; .cache/bench.json unless given
  --from FILE,...   nothing is measured: the report is read from there, of several put together
  --charts          draws the report's charts into docs/
  --readme          writes the report's tables into README.md and docs/performance.md
`;

/** Reads the command line; throws where it makes no sense. */
export function readOptions(args: string[]): Options {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean', default: false } as const;
	const { values } = parseArgs({
		args,
		options: {
			case: text,
			runs: text,
			items: text,
			keys: text,
			size: text,
			json: { ...text, default: '.cache/bench.json' },
			from: text,
			charts: flag,
			readme: flag,
			help: flag,
		},
	});
	return {
		cases: readCases(values.case),
		runs: readCount('--runs', values.runs),
		items: readCount('--items', values.items),
		keys: readCount('--keys', values.keys),
		mebibytes: readCount('--size', values.size),
		json: values.json,
		from: values.from?.split(','),
		charts: values.charts,
		readme: values.readme,
		help: values.help,
	};
}

function readCases(text: string | undefined): CaseName[] {
	const all = Object.keys(CASES) as CaseName[];
	if (text === undefined) return all;
	const names = text.split(',');
	const unknown = names.find((name) => !Object.hasOwn(CASES, name));
	if (unknown === undefined) return all.filter((name) => names.includes(name));
	throw new Error(`There is no case “${unknown}”, only ${all.join(', ')}`);
}

function readCount(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (/^[1-9]\d*$/.test(text)) return Number(text);
	throw new Error(`${option} takes a whole number from 1, not “${text}”`);
}
