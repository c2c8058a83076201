import { endpointUrl } from '../../../../s3/policy/endpointUrl';
import { failureOf } from '../../failureOf';
import { expectLinearTime } from '../../linearTime';

const checked = (text: string) => endpointUrl(text, 'Public Endpoint', 'node');

it.each([
	['https://files.example.com', 'https://files.example.com'],
	['HTTP://Files.Example.com:80/', 'http://files.example.com'],
	['https://files.example.com:8443/s3//', 'https://files.example.com:8443/s3'],
])('the endpoint %s is taken as %s', (text, url) => {
	expect(checked(text)).toBe(url);
});

it.each([
	['files.example.com', 'does not start with https:// or http://'],
	['ftp://files.example.com', 'does not start with https:// or http://'],
	['https://', 'is not a URL'],
	['https://me:planted-secret@files.example.com', 'holds a user name or password'],
	['https://files.example.com?token=planted-secret', 'has a query or fragment'],
	[
		'https://eu-central-1.console.aws.amazon.com/s3/buckets/b?region=eu-central-1',
		'is the address of AWS’s web console',
	],
	['https://console.aws.amazon.com/s3/', 'is the address of AWS’s web console'],
	['https://files.example.com#planted-secret', 'has a query or fragment'],
])('the endpoint %s is refused without being repeated', (text, words) => {
	const failure = failureOf(() => checked(text));
	expect(failure.kind).toBe('invalid');
	expect(failure.message).toBe(`The Public Endpoint of the node ${words}`);
	expect(failure.advice).not.toContain('planted-secret');
});

it('an endpoint of many slashes takes no long time', () => {
	expectLinearTime((length) => checked(`https://files.example.com/${'/'.repeat(length)}x`));
});
