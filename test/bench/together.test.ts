import { reportOf } from './reportOf';
import { together } from './together';

it('several reports are put together with the commands, days and servers of all, and their runs unless measured anew', () => {
	const first = reportOf(
		['ours', { operation: 'load' }, { seconds: 1 }],
		['ours', { operation: 'put', bytes: 1 }, { seconds: 9 }],
	);
	const second = {
		...reportOf(['ours', { operation: 'put', bytes: 1 }, { seconds: 2 }]),
		command: 'npm run bench -- --case large',
		date: '2026-12-03T04:05:06.789Z',
		failures: [{ case: 'large', message: 'no room' }],
	};
	const third = { ...second, date: '2026-12-04T00:00:00.000Z' };
	expect(together([first, third, second, second]).date).toBe(
		'2026-11-21, 2026-12-03 and 2026-12-04',
	);
	expect(together([first, second])).toEqual({
		...first,
		date: '2026-11-21 and 2026-12-03',
		command: 'npm run bench && npm run bench -- --case large',
		runs: [...first.runs.slice(0, 1), ...second.runs],
		failures: second.failures,
	});
	const elsewhere = { ...second, machine: { ...second.machine, server: 'another' } };
	expect(together([first, elsewhere, second, elsewhere]).machine).toEqual({
		...first.machine,
		server: `${first.machine.server}, later another`,
	});
	expect(() => together([])).toThrow('no report');
});
