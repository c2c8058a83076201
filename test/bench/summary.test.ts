import { reportOf } from './reportOf';
import { figureText, rowsOf, textTable } from './summary';

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;
const list = { operation: 'list', keys: 100_000, keySet: 'even', roundTrip: 50 } as const;
const put = { operation: 'put', bytes: GiB } as const;

it('the summary compares the medians of runs of the same task', () => {
	const report = reportOf(
		['ours', list, { seconds: 1 }],
		['builtIn', list, { seconds: 12 }],
		['ours', list, { seconds: 3 }],
		['builtIn', list, { seconds: 14 }],
		['ours', list, { seconds: 1.2 }],
		['ours', { ...list, keySet: 'skewed' }, { seconds: 100 }],
	);
	const [row, alone, ...more] = rowsOf(report);
	expect(row).toMatchObject({
		title: 'List 100,000 even keys at 50 ms',
		ours: { median: 1.2, min: 1, max: 3, runs: 3 },
		rival: { name: 'n8n’s S3 node', figure: { median: 13, runs: 2 } },
		target: { ratio: 7 },
		met: true,
	});
	expect(row?.ratio).toBeCloseTo(13 / 1.2);
	expect(alone).toMatchObject({ title: 'List 100,000 skewed keys at 50 ms', rival: undefined });
	expect(more).toEqual([]);
});

it('the summary says when a target is missed', () => {
	const rows = rowsOf(reportOf(['ours', list, { seconds: 2 }], ['builtIn', list, { seconds: 13 }]));
	expect(rows.map(({ met }) => met)).toEqual([false]);
	expect(textTable(rows)).toMatch(
		/2\.00 s \(once\).*n8n’s S3 node.*13\.0 s.*6\.50×.*≥ 7\.00×.*MISSED/,
	);
});

it('the summary allows 1.3 times the time of curl and of the AWS CLI, not more', () => {
	const rows = rowsOf(
		reportOf(
			['ours', put, { seconds: 1.3 }],
			['curl', put, { seconds: 1.001 }],
			['awsCli', put, { seconds: 0.999 }],
		),
	);
	expect(rows.map(({ rival, met }) => [rival?.name, met])).toEqual([
		['curl', true],
		['AWS CLI', false],
	]);
});

it('the summary compares what runs outside n8n with ours outside n8n', () => {
	const task = { operation: 'list', keys: 100_000, keySet: 'even' } as const;
	const rows = rowsOf(
		reportOf(
			['plain', task, { seconds: 1, cpuSeconds: 0.3 }],
			['sdk', task, { seconds: 2, cpuSeconds: 0.9 }],
			['ours', task, { seconds: 50 }],
		),
	);
	expect(rows.map(({ quantity, ratio, met }) => [quantity, ratio, met])).toEqual([
		['seconds', 2, undefined],
		['cpuSeconds', expect.closeTo(3), true],
	]);
});

it('the summary shows memory beside the time, and by itself if there is a target for it', () => {
	const rows = rowsOf(
		reportOf(
			['ours', put, { seconds: 2, memory: 129 * MiB }],
			['builtIn', put, { seconds: 8, memory: 2 * GiB }],
			['ours', { operation: 'put', bytes: MiB }, { seconds: 1, memory: 5 * MiB }],
		),
	);
	expect(rows.map(({ title, met, memory }) => [title, met, memory.ours, memory.rival])).toEqual([
		['Put 1 GiB', true, 129 * MiB, 2 * GiB],
		['Put 1 GiB, memory', false, undefined, undefined],
		['Put 1 MiB', undefined, 5 * MiB, undefined],
	]);
});

it('the summary has targets for what ours does alone', () => {
	const rows = rowsOf(
		reportOf(
			['ours', { operation: 'load' }, { seconds: 0.011, memory: MiB }],
			['ours', { operation: 'firstUse' }, { seconds: 0.1, memory: 20 * MiB }],
			['ours', { operation: 'get', bytes: 8 * GiB }, { seconds: 20, memory: 128 * MiB }],
		),
	);
	expect(rows.map(({ title, met }) => [title, met])).toEqual([
		['n8n’s start: loading the package', false],
		['n8n’s start: loading the package, memory', true],
		['First use after n8n’s start', true],
		['Get 8 GiB', undefined],
		['Get 8 GiB, memory', true],
	]);
});

it('the summary gives the spread of several runs', () => {
	expect(figureText('seconds', { median: 2, min: 1, max: 30, runs: 3 })).toBe(
		'2.00 s (1.00 s–30.0 s)',
	);
	expect(figureText('memory', { median: MiB, min: MiB, max: MiB, runs: 1 })).toBe('1 MiB (once)');
});
