import { formRequest, readStsRefusal, readStsSession, stsUrl } from '../../../../s3/identity/sts';
import { failureOf } from '../../failureOf';

const ROLE = 'arn:aws:iam::111122223333:role/n8n';
const response = (text: string) => ({ status: 200, headers: {}, text });

it.each([
	[undefined, 'eu-central-1', ROLE, 'https://sts.eu-central-1.amazonaws.com/'],
	[' ', 'cn-north-1', ROLE.replace('aws', 'aws-cn'), 'https://sts.cn-north-1.amazonaws.com.cn/'],
	['https://sts.example.com/x', 'NL', 'arn:minio:iam:::role/r', 'https://sts.example.com/x'],
])(
	'with the endpoint %j and the region %s the role %s is asked for at %s',
	(endpoint, region, role, url) => {
		expect(stsUrl(endpoint, region, role).href).toBe(url);
	},
);

it.each([
	[undefined, 'minio', ROLE, '“minio” is not a region of AWS'],
	[undefined, 'cn-north-1', ROLE, 'is in partition aws but region cn-north-1'],
	['https://sts.example.com', 'NL', 'a secret', 'Role ARN: this is not an ARN'],
])(
	'with the endpoint %j and the region %s the role %s is refused',
	(endpoint, region, role, words) => {
		const failure = failureOf(() => stsUrl(endpoint, region, role));
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toContain(words);
	},
);

it('the parameters of a call are encoded as a form', () => {
	const request = formRequest(new URL('https://sts.example.com:8443/'), { a: 'b=c d', e: 'ü' });
	expect(request).toMatchObject({
		method: 'POST',
		headers: {
			host: 'sts.example.com:8443',
			'content-type': expect.stringContaining('form') as string,
		},
		body: 'a=b%3Dc%20d&e=%C3%BC',
	});
});

it('the session in a response is read, and what it lacks is said', () => {
	const keys = '<AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey>';
	const whole = `<XResponse>${keys}<SessionToken>c</SessionToken></XResponse>\n`;
	expect(readStsSession('X', response(whole))).toMatchObject({
		accessKeyId: 'a',
		secretAccessKey: 'b',
		sessionToken: 'c',
		expiration: undefined,
	});
	expect(readStsSession('X', response(whole.slice(0, -5)))).toBe('it ends in the middle');
	expect(readStsSession('Y', response(whole))).toBeUndefined();
});

it('a refusal is read without the request that STS compared signatures of', () => {
	const text =
		'<Error><Code>C</Code><Message>Wrong. The Canonical String for this request was x</Message></Error>';
	expect(readStsRefusal({ status: 403, headers: { 'x-amzn-requestid': 'id' }, text })).toEqual({
		code: 'C',
		message: 'Wrong.',
		requestId: 'id',
	});
	expect(readStsRefusal(response('<html>'))).toBeUndefined();
});
