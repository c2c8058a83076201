import type { Report, Task } from './Report';

/** “a, b and c” */
const IN_A_ROW = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/**
 * What several reports of one machine found, as one: that of the first, with the runs, days and servers of all.
 * Where a later one has measured something anew, its runs alone count.
 */
export function together(reports: Report[]): Report {
	const [first] = reports;
	if (first === undefined) throw new Error('there is no report');
	const id = (task: Task) => JSON.stringify(task);
	const later = (index: number) =>
		new Set(reports.slice(index + 1).flatMap(({ runs }) => runs.map(({ task }) => id(task))));
	return {
		...first,
		machine: {
			...first.machine,
			server: [...new Set(reports.map(({ machine }) => machine.server))].join(', later '),
		},
		date: IN_A_ROW.format([...new Set(reports.map(({ date }) => date.slice(0, 10)))].sort()),
		command: reports.map(({ command }) => command).join(' && '),
		runs: reports.flatMap(({ runs }, index) => {
			const anew = later(index);
			return runs.filter(({ task }) => !anew.has(id(task)));
		}),
		failures: reports.flatMap(({ failures }) => failures),
	};
}
