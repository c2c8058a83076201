import { readOptions } from './options';

it('the bench measures everything unless it is told otherwise', () => {
	const options = readOptions([]);
	expect(options.cases).toEqual(['load', 'large', 'list', 'cpu', 'million', 'small', 'huge']);
	expect(options).toMatchObject({ runs: undefined, from: undefined, charts: false, readme: false });
});

it('the bench reads cases and numbers', () => {
	const args = '--case small,list --runs 5 --items 20 --keys 1000 --size 64 --json a.json --charts';
	expect(readOptions(args.split(' '))).toMatchObject({
		// In the order in which they are measured.
		cases: ['list', 'small'],
		runs: 5,
		items: 20,
		keys: 1000,
		mebibytes: 64,
		json: 'a.json',
		charts: true,
	});
});

it.each([
	['--case=tiny', 'There is no case “tiny”, only load, '],
	['--case=constructor', 'There is no case “constructor”'],
	['--runs=0', '--runs takes a whole number from 1, not “0”'],
	['--items=many', '--items takes a whole number from 1, not “many”'],
	['--rival=none', "Unknown option '--rival'"],
])('the bench refuses %s', (arg, message) => {
	expect(() => readOptions([arg])).toThrow(message);
});
