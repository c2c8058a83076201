import type { ServerPackage } from '../servers/ServerPackage';

/** One test of the behaviour suite, as Jest reports it. */
export interface TestResult {
	readonly ancestorTitles: readonly string[];
	readonly title: string;
	readonly status: string;
	readonly failureMessages?: readonly string[];
}

/** What became of the behaviour suite on a server. */
export interface Verdict {
	readonly server: Omit<ServerPackage, 'tools' | 'install' | 'start' | 'keys'>;
	/** Day on which it was tried, e.g. 2026-11-29. */
	readonly day: string;
	/** Tests that passed, and all, by their subject. */
	readonly subjects: ReadonlyMap<string, { passed: number; all: number }>;
	/** The subjects in which tests failed, by the known fault for which they did. */
	readonly faults: ReadonlyMap<string, ReadonlySet<string>>;
	/** Tests that failed though the server has no such fault, or passed in spite of one. */
	readonly surprises: readonly string[];
}

/** Compares what became of each test with what is known of the server. */
export function verdictOn(
	server: Verdict['server'],
	day: string,
	results: readonly TestResult[],
): Verdict {
	const subjects = new Map<string, { passed: number; all: number }>();
	const faults = new Map<string, Set<string>>();
	const surprises: string[] = [];
	const met = new Set<string>();
	for (const { ancestorTitles, title, status, failureMessages = [] } of results) {
		const isPassed = status === 'passed';
		const subject = ancestorTitles[0] ?? '';
		const { passed, all } = subjects.get(subject) ?? { passed: 0, all: 0 };
		subjects.set(subject, { passed: passed + (isPassed ? 1 : 0), all: all + 1 });
		const fault = server.faults[title];
		if (fault !== undefined) met.add(title);
		if (fault === undefined) {
			if (!isPassed) surprises.push(`fails: ${title}\n${failureMessages.join('\n')}`);
		} else if (isPassed && server.byChance?.includes(title) !== true) {
			surprises.push(`passes now: ${title}`);
		} else {
			faults.set(fault, (faults.get(fault) ?? new Set()).add(subject));
		}
	}
	const unmet = Object.keys(server.faults).filter((title) => !met.has(title));
	return { server, day, subjects, faults, surprises: [...surprises, ...unmet.map(absent)] };
}

const absent = (title: string): string => `is no test: ${title}`;
