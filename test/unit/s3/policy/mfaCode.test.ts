import { checkMfaCode } from '../../../../s3/policy/mfaCode';
import { failureOf } from '../../failureOf';

const target = { bucket: 'data', key: 'a' };
const MFA = 'arn:aws:iam::111122223333:mfa/me 123456';
const check = (endpoint: string | undefined, input: object) => () => {
	checkMfaCode({ endpoint }, input, target);
};

it('the code of an MFA device is not sent over plain HTTP to another machine, and not repeated', () => {
	for (const endpoint of ['http://s3.example.com', 'http://192.168.0.1:9000']) {
		const failure = failureOf(check(endpoint, { MFA }));
		expect(failure).toMatchObject({ kind: 'invalid', ...target });
		expect(`${failure.message} ${failure.advice}`).not.toContain('123456');
		expect(failure.advice).toContain('https://');
	}
});

it.each([
	[undefined, { MFA }],
	['https://s3.example.com', { MFA }],
	['http://localhost:9000', { MFA }],
	['http://127.0.0.1:9000', { MFA }],
	['http://s3.example.com', {}],
	['http://s3.example.com', { MFA: undefined }],
])('a request to %s with %j is sent', (endpoint, input) => {
	expect(check(endpoint, input)).not.toThrow();
});
