import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPerformance } from './readme';
import { reportOf } from './reportOf';

const README = [
	'# Title',
	'<!-- npm run bench writes from here -->',
	'what was there',
	'<!-- to here -->',
	'## After',
].join('\n');

const list = { operation: 'list', keys: 100_000, keySet: 'even', roundTrip: 50 } as const;
const report = reportOf(
	['ours', list, { seconds: 1 }],
	['ours', list, { seconds: 1.1 }],
	['ours', list, { seconds: 1.2 }],
	['builtIn', list, { seconds: 9 }],
	['ours', { operation: 'list', keys: 1000, roundTrip: 0 }, { seconds: 0.02 }],
);

it('the README gets the table, the machine, the command and the charts between its marks', () => {
	const text = withPerformance(README, report, ['bench-size.svg']);
	expect(text).toMatch(/^# Title\n<!-- npm run bench writes from here -->\n\n/);
	expect(text).toMatch(/\n\n<!-- to here -->\n## After$/);
	expect(text).not.toContain('what was there');
	expect(text).toContain(
		'| List 100,000 even keys at 50 ms | 1.10 s (1.00 s–1.20 s) | n8n’s S3 node: 9.00 s (once) | 8.18× | ≥ 10.0× ✗ |',
	);
	expect(text).toContain('`npm run bench`');
	expect(text).toContain('n8n 2.41.1 on Node v24.0.0');
	expect(text).toContain('](docs/bench-size.svg)');
});

it('the README leaves out what only the charts need', () => {
	expect(withPerformance(README, report, [])).not.toContain('1,000 keys');
});

it('the README is the same when it is written again', () => {
	const once = withPerformance(README, report, []);
	expect(withPerformance(once, report, [])).toBe(once);
});

it('a README without the marks is refused', () => {
	expect(() => withPerformance('# Title', report, [])).toThrow('README.md has no');
});

it('the marks are found in this README', () => {
	const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
	expect(withPerformance(readme, report, [])).toContain('## Performance');
});
