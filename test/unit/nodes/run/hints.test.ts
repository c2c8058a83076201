import type { IExecuteFunctions } from 'n8n-workflow';

import { clockHint, firstRunHints, showHints } from '../../../../nodes/run/hints';
import type { OpenS3 } from '../../../../s3/client/S3';
import { nodeOf } from './nodeOf';

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

	it('a warning about a connection is shown to a person, and only the first time', () => {
		const connectionTo = (endpoint: string, region?: string) =>
			({
				connection: { endpoint, region: 'us-east-1', identity: {}, bucket: 'bucket' },
				regionFoundFor: () => region,
			}) as unknown as OpenS3;
		const { node } = nodeOf();
		const { node: triggered } = nodeOf({ mode: 'trigger' });
		const [plain, far] = [connectionTo('http://s3.test'), connectionTo('https://s3.test', 'far')];
		expect(firstRunHints(triggered, [plain, far], [])).toEqual([]);
		expect(firstRunHints(node, [plain, far], [])).toEqual([
			expect.stringContaining('begins with http://'),
			expect.stringContaining('is in region far'),
		]);
		expect(firstRunHints(node, [plain, far], [])).toEqual([]);
		expect(firstRunHints(node, [connectionTo('http://s3.test')], [])).toHaveLength(1);
	});
});
