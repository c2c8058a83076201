import { verdictOn } from './verdict';

const server = {
	name: 'Some Server',
	version: '1.0',
	lacks: [],
	faults: { 'a put keeps tags': 'drops tags', 'a get flies': 'does not fly' },
	summary: '',
	consequences: [],
};
const passed = (title: string, subject = 'put') => ({
	ancestorTitles: [subject],
	title,
	status: 'passed',
});
const failed = (title: string) => ({
	...passed(title),
	status: 'failed',
	failureMessages: ['Error: why'],
});

it('the verdict counts the tests of each subject', () => {
	const results = [
		failed('a put keeps tags'),
		passed('a put stores'),
		passed('a get flies', 'get'),
	];
	const { subjects, day } = verdictOn(server, '2026-11-29', results);
	expect([...subjects]).toEqual([
		['put', { passed: 1, all: 2 }],
		['get', { passed: 1, all: 1 }],
	]);
	expect(day).toBe('2026-11-29');
});

it('a test that fails for a known fault is no surprise, and is counted for it', () => {
	const results = [failed('a put keeps tags'), failed('a get flies'), passed('a put stores')];
	const { surprises, faults } = verdictOn(server, '', results);
	expect(surprises).toEqual([]);
	expect([...faults]).toEqual([
		['drops tags', new Set(['put'])],
		['does not fly', new Set(['put'])],
	]);
});

it('a test that fails without a known fault is a surprise, and one that passes with one', () => {
	const results = [failed('a put stores'), passed('a put keeps tags'), failed('a get flies')];
	expect(verdictOn(server, '', results).surprises).toEqual([
		'fails: a put stores\nError: why',
		'passes now: a put keeps tags',
	]);
});

it('a test that passes in spite of a fault that shows by chance is no surprise, and the fault is told all the same', () => {
	const results = [passed('a put keeps tags'), failed('a get flies')];
	const byChance = ['a put keeps tags'];
	const { surprises, faults } = verdictOn({ ...server, byChance }, '', results);
	expect(surprises).toEqual([]);
	expect([...faults.keys()]).toEqual(['drops tags', 'does not fly']);
});

it('a fault for which there is no test is a surprise', () => {
	expect(verdictOn(server, '', [failed('a get flies')]).surprises).toEqual([
		'is no test: a put keeps tags',
	]);
});
