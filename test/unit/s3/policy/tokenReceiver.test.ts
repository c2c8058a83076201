import type { Connection } from '../../../../s3/Connection';
import { checkTokenReceiver } from '../../../../s3/policy/tokenReceiver';
import { failureOf } from '../../failureOf';

const keys = { kind: 'accessKeys', accessKeyId: 'a', secretAccessKey: 's' } as const;
const limited = {
	endpoint: 'https://s3.example.com:9000',
	identity: { ...keys, sessionToken: 'token' },
	bucketOnly: false,
	bucket: undefined,
	readOnly: true,
	privacyLevel: 'none',
} as const;

const check = (url: string, settings: Partial<Connection> = {}) => {
	checkTokenReceiver({ ...limited, ...settings }, url);
};

it.each([
	'https://sqs.eu-central-1.amazonaws.com',
	'https://sqs-fips.us-east-1.amazonaws.com',
	'https://sqs.us-gov-west-1.amazonaws.com',
	'https://sqs.cn-north-1.amazonaws.com.cn',
	'https://sqs.eusc-de-east-1.amazonaws.eu',
	'https://sqs.eu-central-1.api.aws',
	'https://vpce-0a1-b2.sqs.eu-central-1.vpce.amazonaws.com',
	'https://eu-central-1.queue.amazonaws.com',
	'https://queue.amazonaws.com',
	'https://s3.example.com:9324',
])('a session token of a connection with a limit is sent to %s', (url) => {
	check(url);
});

it.each([
	'https://evil.example.com',
	'http://sqs.eu-central-1.amazonaws.com',
	'https://a1b2.execute-api.eu-central-1.amazonaws.com',
	'https://sqs.eu-central-1.elb.amazonaws.com',
	'https://sqs.eu-central-1.amazonaws.com.example.com',
	'https://sqs.eu-central-1.amazonaws.com:8443',
	'http://s3.example.com:9000',
	'https://x.s3.example.com:9000',
])('a session token of a connection with a limit is not sent to %s', (url) => {
	expect(failureOf(() => check(url))).toMatchObject({
		kind: 'refused',
		message: `This credential is only for reading, so its session token is not sent to ${url}`,
	});
});

it('what has no limit or no token is sent anywhere', () => {
	check('https://elasticmq.example.com', { readOnly: false });
	check('https://elasticmq.example.com', { identity: { ...keys, sessionToken: undefined } });
	const basic = { kind: 'httpBasic', username: 'u', password: 'p' } as const;
	check('https://elasticmq.example.com', { identity: basic });
	const role = { kind: 'instance', endpoint: 'http://127.0.0.1' } as const;
	expect(failureOf(() => check('https://elasticmq.example.com', { identity: role }))).toBeDefined();
});

it('a session token of a connection with a limit to AWS is sent to AWS alone', () => {
	const ofAws = { endpoint: undefined };
	check('https://sqs.eu-central-1.amazonaws.com', ofAws);
	expect(failureOf(() => check('https://elasticmq.example.com', ofAws)).kind).toBe('refused');
});
