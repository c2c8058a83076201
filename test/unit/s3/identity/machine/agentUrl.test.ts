import { agentUrl } from '../../../../../s3/identity/machine/agentUrl';
import { failureOf } from '../../../failureOf';

it.each([
	'http://example.com/v1/credentials',
	'http://169.254.169.254/latest',
	'http://169.254.170.2.example.com/v2',
	'http://10.0.0.1/v1',
	'ftp://127.0.0.1/v1',
])('by plain http no other host is asked than AWS allows, so not %s', (url) => {
	expect(failureOf(() => agentUrl(url))).toMatchObject({
		kind: 'refused',
		message: expect.stringContaining(`the host ${new URL(url).host} is not allowed`) as string,
	});
});

it('what is set in place of a URL is not shown', () => {
	expect(failureOf(() => agentUrl('a secret')).message).toMatch(/: what is set is not a URL$/);
});

it.each([
	'http://169.254.170.2/v2',
	'http://169.254.170.23/v1',
	'http://[fd00:ec2::23]/v1',
	'http://localhost:1/',
	'http://127.1.2.3/',
	'https://agent.example.com/',
])('%s may be asked', (url) => {
	expect(agentUrl(url).href).toBe(url);
});
