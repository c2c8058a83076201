import { Progress } from '../../../../s3/retry/Progress';

const least = { bytes: 1000, within: 100 };

it('a server that sends too little in the time has made too little progress, and not before', () => {
	const progress = new Progress(least);
	expect(progress.isTooLittle(500, 99)).toBe(false);
	expect(progress.isTooLittle(499, 1)).toBe(true);
});

it('a server that sends enough in each time may go on for ever', () => {
	const progress = new Progress(least);
	for (let n = 0; n < 100; n++) {
		expect(progress.isTooLittle(1, 99)).toBe(false);
		expect(progress.isTooLittle(999, 1)).toBe(false);
	}
	expect(progress.isTooLittle(999, 100)).toBe(true);
});

it('a server that is not waited for may have sent any number of bytes', () => {
	const progress = new Progress(least);
	for (let n = 0; n < 1000; n++) expect(progress.isTooLittle(0, 0)).toBe(false);
});
