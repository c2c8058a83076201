import { Resumption } from '../../../../s3/download/Resumption';

const SECOND = 1000;
const KiB = 1024;
let now = 0;

beforeEach(() => {
	jest.spyOn(performance, 'now').mockImplementation(() => now);
});

/** How many breaks are followed by another request, if each comes after so many bytes and milliseconds. */
function resumed(bytes: number, ms: number, most = 1000): number {
	const resumption = new Resumption({});
	for (let breaks = 0; breaks < most; breaks++) {
		now += ms;
		resumption.onBytes(bytes);
		if (resumption.delayAfterBreak() === undefined) return breaks;
	}
	return Infinity;
}

it('reading goes on after five responses in a row without a byte, and not after six', () => {
	expect(resumed(0, SECOND)).toBe(5);
});

it('a server from which only a byte comes each time is given up after 70 seconds', () => {
	expect(resumed(1, SECOND)).toBe(70);
	expect(resumed(64 * KiB - 1, SECOND)).toBe(70);
});

it('a server that is silent each time is given up within two minutes', () => {
	const begun = now;
	resumed(0, 20 * SECOND);
	expect(now - begun).toBeLessThanOrEqual(120 * SECOND);
});

it('reading goes on for ever if some bytes come each time', () => {
	expect(resumed(64 * KiB, SECOND)).toBe(Infinity);
});

it('a response with some bytes makes up for those without any', () => {
	const resumption = new Resumption({});
	for (let i = 0; i < 20; i++) {
		resumption.onBytes(i % 5 === 4 ? 1 : 0);
		expect(resumption.delayAfterBreak()).toBeGreaterThanOrEqual(0);
	}
});

it('nothing is read again if nothing is to be repeated', () => {
	const resumption = new Resumption({ retryFor: 0 });
	resumption.onBytes(64 * KiB);
	expect(resumption.delayAfterBreak()).toBeUndefined();
});
