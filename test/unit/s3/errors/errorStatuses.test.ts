import { explanationOfStatus } from '../../../../s3/errors/errorStatuses';

it.each([
	[301, 'rejected', 'the server sends the request somewhere else'],
	[399, 'rejected', 'the server sends the request somewhere else'],
	[400, 'rejected', undefined],
	[401, 'credentials', 'the server does not accept these credentials'],
	[403, 'denied', 'access denied'],
	[404, 'notFound', 'there is nothing at this address'],
	[408, 'unavailable', 'the server waited too long for the bytes of the object'],
	[413, 'rejected', 'the request is larger than a proxy in front of the server takes'],
	[414, 'rejected', 'the URL or a header of the request is longer than the server takes'],
	[418, 'rejected', undefined],
	[429, 'throttled', 'the server asks for fewer requests'],
	[431, 'rejected', 'the URL or a header of the request is longer than the server takes'],
	[500, 'unavailable', 'the server failed'],
	[503, 'unavailable', 'the server failed'],
])('the status %i alone makes a failure of the kind %s: %s', (status, kind, words) => {
	const explanation = explanationOfStatus(status);
	expect(explanation.kind).toBe(kind);
	expect(explanation.words).toBe(words);
	expect(explanation.advice).toMatch(/^[A-Z].*\.$/);
});
