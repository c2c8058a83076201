import { retryAfterMs } from '../../../../s3/errors/retryAfter';

it.each([
	['0', 0],
	['120', 120_000],
	['', undefined],
	['-1', undefined],
	['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
	[undefined, undefined],
])('a server that sends Retry-After: %s asks to wait %s ms', (header, expected) => {
	expect(retryAfterMs(header)).toBe(expected);
});
