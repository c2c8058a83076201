import { clockWarning } from '../../../../s3/errors/clockSkew';

it.each([
	[10 * 60_000, 'behind', 10],
	[-7 * 60_000, 'ahead of', 7],
	[5.4 * 60_000, 'behind', 5],
])(
	'a server that is ahead by %i ms has a local clock %s it by %i minutes',
	(offset, way, minutes) => {
		expect(clockWarning(offset)).toBe(
			`The local clock is ${minutes} min ${way} the server’s: set the clock of the machine that n8n runs on (NTP).`,
		);
	},
);
