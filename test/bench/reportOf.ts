import type { ContenderName, Measured, Report, Task } from './Report';

const MiB = 1024 ** 2;

/** A report as if it had been measured. */
export function reportOf(...runs: [ContenderName, Task, Measured][]): Report {
	return {
		date: '2026-11-21T03:00:00.000Z',
		command: 'npm run bench',
		version: '1.2.3',
		machine: {
			cpu: 'A <fast> CPU',
			cores: 2,
			memory: 24 * 1024 * MiB,
			system: 'Linux 6 x64',
			node: 'v24.0.0',
			n8n: '2.41.1',
			server: 'radosgw 16.2.15',
			awsCli: undefined,
			curl: '7.88.1',
		},
		runs: runs.map(([contender, task, measured]) => ({ contender, task, ...measured })),
		failures: [],
	};
}
