import { adviseOnSts } from '../../../../s3/identity/stsRefusals';

it.each([
	['ValidationError', 'exceeds the MaxSessionDuration set for this role', 'Lower the duration'],
	['ValidationError', 'session limit for roles assumed by role chaining', 'Lower the duration'],
	['NotImplemented', undefined, 'seems to have no STS'],
	['ExpiredToken', undefined, 'Put fresh temporary credentials'],
	['InvalidClientTokenId', undefined, 'Check the access key ID'],
	['UnrecognizedClientException', undefined, 'Check the access key ID'],
	['SignatureDoesNotMatch', undefined, 'Enter the secret access key'],
	['RegionDisabledException', undefined, 'Activate STS for this region'],
	['SomethingNew', 'nobody knows', 'Check the role, external ID, session name and duration'],
])('the refusal %s with the message %j has the advice “%s …”', (code, message, advice) => {
	expect(adviseOnSts({ code, message, requestId: undefined }, undefined, false)).toMatchObject({
		kind: 'credentials',
		advice: expect.stringContaining(advice) as string,
	});
});

it.each([
	[undefined, 'without an external ID (if it asks for one, enter it in the credential)'],
	['abc', 'with exactly the external ID that is in the credential'],
])('the advice on denied access with the external ID %j names it', (externalId, words) => {
	const refusal = { code: 'AccessDenied', message: undefined, requestId: undefined };
	expect(adviseOnSts(refusal, externalId, false)).toMatchObject({
		kind: 'denied',
		advice: expect.stringContaining(words) as string,
	});
});

it('a signature that an STS of one’s own refuses may be the fault of a proxy, one that AWS refuses is not', () => {
	const refusal = { code: 'SignatureDoesNotMatch', message: undefined, requestId: undefined };
	expect(adviseOnSts(refusal, undefined, true).advice).toContain(
		'it has to pass on the Host header',
	);
	expect(adviseOnSts(refusal, undefined, false).advice).not.toContain('proxy');
});
