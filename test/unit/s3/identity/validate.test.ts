import {
	checkDuration,
	checkEndpoint,
	checkRoleArn,
	checkSessionName,
	quoted,
	unknownRegion,
} from '../../../../s3/identity/validate';
import { failureOf } from '../../failureOf';

it('quoted text is one line of at most 120 characters', () => {
	expect(quoted(' a\n\tb ')).toBe('“a b”');
	expect(quoted('x'.repeat(120))).toBe(`“${'x'.repeat(120)}”`);
	expect(quoted('x'.repeat(121))).toBe(`“${'x'.repeat(120)}…”`);
});

it('an unknown region is shown only if it cannot be a secret', () => {
	expect(unknownRegion('moon', '').message).toBe('“moon” is not a region of AWS');
	const secret = 'wJalrXUtnFEMI/K7MDENG';
	expect(unknownRegion(secret, '').message).toBe('What is entered is not a region of AWS');
});

it('the parts of a role ARN are read without the blanks around it', () => {
	expect(checkRoleArn(' arn:aws-cn:iam::111122223333:role/path/n8n\n')).toEqual({
		text: 'arn:aws-cn:iam::111122223333:role/path/n8n',
		partition: 'aws-cn',
		service: 'iam',
		region: '',
		account: '111122223333',
		resource: 'role/path/n8n',
	});
});

it.each([
	['', 'The Role ARN is missing'],
	['reader', 'Role ARN: this is not an ARN'],
	['arn:aws:s3:::bucket', 'Role ARN: this is a s3 bucket ARN, expected a role'],
	['arn:aws:iam::111122223333:user/n8n', 'Role ARN: this is a user ARN, expected a role'],
	['arn:aws:iam:::role/n8n', 'is not the ARN of a role'],
])('the role ARN %j is refused', (arn, words) => {
	expect(failureOf(() => checkRoleArn(arn)).message).toContain(words);
});

it('a duration of 900 to 43200 seconds is accepted, and no other', () => {
	for (const seconds of [undefined, 900, 43_200]) checkDuration(seconds);
	for (const seconds of [899, 43_201, 900.5, NaN]) {
		expect(failureOf(() => checkDuration(seconds)).kind).toBe('invalid');
	}
});

it('an empty session name is none, and a name with a blank is refused', () => {
	expect(checkSessionName(' ')).toBeUndefined();
	expect(checkSessionName('nightly@n8n')).toBe('nightly@n8n');
	expect(failureOf(() => checkSessionName('a b')).message).toContain('2 to 64 letters');
});

it('an endpoint is the URL of a server, and a refused one is not shown', () => {
	expect(checkEndpoint(' https://sts.example.com:8443 ', 'STS endpoint').port).toBe('8443');
	expect(checkEndpoint('http://127.0.0.1:9000', 'STS endpoint').port).toBe('9000');
	const refused = [
		'sts.example.com',
		'https://u:hunter2@h',
		'https://h?hunter2',
		'https://h#hunter2',
		'http://hunter2.example.com',
		'http://10.0.0.1',
	];
	for (const endpoint of refused) {
		const { message, advice } = failureOf(() => checkEndpoint(endpoint, 'STS endpoint'));
		expect(message).toMatch(/^The STS endpoint /);
		expect(message + advice).not.toContain('hunter2');
	}
});
