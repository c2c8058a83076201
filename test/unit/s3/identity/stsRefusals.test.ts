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
	expect(adviseOnSts({ code, message, requestId: undefined }, undefined)).toMatchObject({
		kind: 'credentials',
		advice: expect.stringContaining(advice) as string,
	});
});

it.each([
	[undefined, 'without an external ID (if it asks for one, enter it in the credential)'],
	['abc', 'with exactly the external ID that is in the credential'],
])('the advice on denied access with the external ID %j names it', (externalId, words) => {
	const refusal = { code: 'AccessDenied', message: undefined, requestId: undefined };
	expect(adviseOnSts(refusal, externalId)).toMatchObject({
		kind: 'denied',
		advice: expect.stringContaining(words) as string,
	});
});
