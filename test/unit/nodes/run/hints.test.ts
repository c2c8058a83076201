import type { IExecuteFunctions } from 'n8n-workflow';

import { clockHint, showHints } from '../../../../nodes/run/hints';
import type { OpenS3 } from '../../../../s3/client/S3';

function shown(hints: string[]): string[] {
	const addExecutionHints = jest.fn();
	showHints({ addExecutionHints } as unknown as IExecuteFunctions, hints);
	const calls = addExecutionHints.mock.calls as Array<Array<{ message: string; location: string }>>;
	const all = calls.flat();
	expect(all.every(({ location }) => location === 'outputPane')).toBe(true);
	return all.map(({ message }) => message);
}

describe('the hints of a node', () => {
	it('up to five hints are all shown', () => {
		const five = ['a', 'b', 'c', 'd', 'e'];
		expect(shown(five)).toEqual(five);
		expect(shown([])).toEqual([]);
	});

	it('hints from the sixth on are only counted', () => {
		const hints = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
		expect(shown(hints)).toEqual(['a', 'b', 'c', 'd', 'e', '… and 2 more like these.']);
	});

	it('a wrong clock is named only once, because all connections have the same', () => {
		const connection = (warning?: string) => ({ clockWarning: () => warning }) as OpenS3;
		const connections = [connection(), connection('an hour late'), connection('61 minutes late')];
		expect(clockHint(connections)).toEqual(['an hour late']);
		expect(clockHint([connection()])).toEqual([]);
	});
});
