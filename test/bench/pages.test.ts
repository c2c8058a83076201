import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFigures, withSummary } from './pages';
import { reportOf } from './reportOf';

const PAGE = [
	'# Title',
	'<!-- npm run bench writes from here -->',
	'what was there',
	'<!-- to here -->',
	'## After',
].join('\n');

const MiB = 1024 ** 2;
const list = { operation: 'list', keys: 100_000, keySet: 'even', roundTrip: 50 } as const;
const put = { operation: 'put', bytes: 1024 * MiB } as const;
const small = { operation: 'put', items: 2000, roundTrip: 20 } as const;
const report = reportOf(
	['ours', list, { seconds: 1 }],
	['ours', list, { seconds: 1.1 }],
	['ours', list, { seconds: 1.2 }],
	['builtIn', list, { seconds: 9 }],
	['ours', { operation: 'list', keys: 1000, roundTrip: 0 }, { seconds: 0.02 }],
	['ours', put, { seconds: 3, memory: 40 * MiB }],
	['curl', put, { seconds: 4, memory: 1 * MiB }],
	['builtIn', put, { seconds: 12, memory: 1024 * MiB }],
	['ours', small, { seconds: 8, memory: 5 * MiB }],
	['ours', { ...small, concurrency: 32 }, { seconds: 3 }],
	['builtIn', small, { seconds: 190 }],
	['builtIn', { ...small, concurrency: 32 }, { seconds: 190 }],
);

it('a page gets what was measured between its marks, and keeps all else', () => {
	for (const write of [withFigures, withSummary]) {
		const text = write(PAGE, report, []);
		expect(text).toMatch(/^# Title\n<!-- npm run bench writes from here -->\n\n/);
		expect(text).toMatch(/\n\n<!-- to here -->\n## After$/);
		expect(text).not.toContain('what was there');
		expect(write(text, report, [])).toBe(text);
	}
});

it('the page about performance has every comparison, the machine and the charts', () => {
	const text = withFigures(PAGE, report, ['bench-size.svg', 'bench-length.svg']);
	expect(text).toContain(
		'| List 100,000 even keys at 50 ms | 1.10 s (1.00 s–1.20 s) | n8n’s S3 node: 9.00 s (once) | 8.18× |',
	);
	expect(text).toContain('| Put 1 GiB | 3.00 s (once) | curl: 4.00 s (once) | 1.33× |');
	expect(text).toContain('n8n 2.41.1 on Node v24.0.0');
	expect(text).toContain('](bench-size.svg)');
	expect(text).toContain('](bench-length.svg)');
});

it('the page about performance leaves out what only the charts need', () => {
	expect(withFigures(PAGE, report, [])).not.toContain('1,000 keys');
});

it('the README compares with n8n’s own node alone, with memory for large files, and shows one chart', () => {
	const text = withSummary(PAGE, report, ['bench-length.svg', 'bench-size.svg']);
	const [, written = ''] = /here -->\n\n([^]*)\n\n<!-- to/.exec(text) ?? [];
	expect(written.split('\n')).toEqual([
		'|  | This package | n8n’s S3 node |',
		'| --- | --- | --- |',
		'| Upload 1 GiB | 3.00 s, 40 MiB | 12.0 s, 1 GiB |',
		'| Upload 2,000 small files, server 20 ms away | 8.00 s (3.00 s with *Concurrency* 32) | 190 s |',
		'| List 100,000 objects, server 50 ms away | 1.10 s | 9.00 s |',
		'',
		'![Time and memory of Put and Get by the size of the object](docs/bench-size.svg)',
	]);
});

it('a page without the marks is refused', () => {
	expect(() => withSummary('# Title', report, [])).toThrow('README.md has no');
	expect(() => withFigures('# Title', report, [])).toThrow('The page has no');
});

it('the marks are found in README.md and docs/performance.md', () => {
	const read = (name: string) => readFileSync(join(__dirname, '..', '..', name), 'utf8');
	expect(withSummary(read('README.md'), report, [])).toContain('## Performance');
	expect(withFigures(read('docs/performance.md'), report, [])).toContain('# Performance');
});
