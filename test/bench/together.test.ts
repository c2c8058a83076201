import { reportOf } from './reportOf';
import { together } from './together';

it('reports are put together with the runs and the commands of all', () => {
	const first = reportOf(['ours', { operation: 'load' }, { seconds: 1 }]);
	const second = {
		...reportOf(['ours', { operation: 'put', bytes: 1 }, { seconds: 2 }]),
		command: 'npm run bench -- --case large',
		failures: [{ case: 'large', message: 'no room' }],
	};
	expect(together([first, second])).toEqual({
		...first,
		command: 'npm run bench && npm run bench -- --case large',
		runs: [...first.runs, ...second.runs],
		failures: second.failures,
	});
	expect(() => together([])).toThrow('no report');
});
