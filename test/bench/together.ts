import type { Report } from './Report';

/** What several reports of one machine found, as one: that of the first, with the runs of all. */
export function together(reports: Report[]): Report {
	const [first] = reports;
	if (first === undefined) throw new Error('there is no report');
	return {
		...first,
		command: reports.map(({ command }) => command).join(' && '),
		runs: reports.flatMap(({ runs }) => runs),
		failures: reports.flatMap(({ failures }) => failures),
	};
}
