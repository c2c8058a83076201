import { chartsOf } from './charts';
import { reportOf } from './reportOf';
import type { ContenderName, Task } from './Report';

const MiB = 1024 ** 2;

const put = (contender: ContenderName, mebibytes: number, seconds: number, memory: number) =>
	[
		contender,
		{ operation: 'put', bytes: mebibytes * MiB } satisfies Task,
		{ seconds, memory: memory * MiB },
	] as [ContenderName, Task, { seconds: number; memory: number }];

it('the charts draw time and memory by size, one dot for all runs of a size', () => {
	const report = reportOf(
		put('ours', 16, 0.1, 30),
		put('ours', 16, 0.3, 30),
		put('ours', 16, 0.2, 30),
		put('ours', 1024, 3, 0),
		put('builtIn', 16, 1, 60),
		put('curl', 16, 1, 60),
	);
	const [chart, ...others] = chartsOf(report);
	expect(chart?.file).toBe('bench-size.svg');
	expect(others).toEqual([]);
	// Two lines in the legend; two dots of ours and one of the rival’s in each panel.
	expect(chart?.svg.match(/<circle/g)).toHaveLength(2 + 3 + 3);
	expect(chart?.svg).toContain('>1 GiB</text>');
	expect(chart?.svg).toContain('A &lt;fast&gt; CPU');
	expect(chart?.svg).not.toMatch(/NaN|Infinity/);
});

it('the charts draw nothing of a report with a single length', () => {
	const task = { operation: 'list', keys: 1000, keySet: 'even', roundTrip: 0 } as const;
	expect(chartsOf(reportOf(['ours', task, { seconds: 1, memory: MiB }]))).toEqual([]);
});
