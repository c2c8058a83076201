import { queueAddress } from '../../../../s3/queue/queueAddress';
import { failureOf } from '../../failureOf';

const address = (queue: string, endpoint?: string) =>
	queueAddress({ queue, endpoint, region: 'eu-north-1' });

it.each([
	['https://sqs.eu-central-1.amazonaws.com/123456789012/uploads', 'eu-central-1'],
	['https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/uploads', 'us-gov-west-1'],
	['https://sqs.us-west-2.api.aws/123456789012/uploads', 'us-west-2'],
	['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/uploads', 'cn-north-1'],
	['https://vpce-1a-2b.sqs.eu-west-1.vpce.amazonaws.com/123456789012/uploads', 'eu-west-1'],
	['https://eu-west-1.queue.amazonaws.com/123456789012/uploads', 'eu-west-1'],
	['https://queue.amazonaws.com/123456789012/uploads', 'us-east-1'],
	['http://localhost:9324/000000000000/uploads', 'eu-north-1'],
	[' https://elasticmq.example.com/queue/uploads ', 'eu-north-1'],
])('the queue %s is signed for %s', (url, region) => {
	const { origin } = new URL(url);
	expect(address(url)).toEqual({ url: url.trim(), name: 'uploads', endpoint: origin, region });
});

it.each([
	['arn:aws:sqs:eu-central-1:123456789012:uploads', 'https://sqs.eu-central-1.amazonaws.com'],
	['arn:aws-cn:sqs:cn-north-1:123456789012:uploads', 'https://sqs.cn-north-1.amazonaws.com.cn'],
])('the ARN %s stands for a URL below %s', (arn, endpoint) => {
	expect(address(arn)).toMatchObject({ endpoint, url: `${endpoint}/123456789012/uploads` });
});

it('an endpoint gets the requests about a queue, and names the region if the queue does not', () => {
	const vpce = 'https://vpce-1a-2b.sqs.eu-west-3.vpce.amazonaws.com';
	expect(address('https://sqs.eu-west-3.amazonaws.com/1/q', vpce)).toMatchObject({
		url: 'https://sqs.eu-west-3.amazonaws.com/1/q',
		endpoint: vpce,
	});
	expect(address('http://queues/1/q', vpce).region).toBe('eu-west-3');
});

it.each([
	['uploads', 'is not a URL'],
	['', 'is not a URL'],
	['https://sqs.eu-central-1.amazonaws.com', 'names a server but no queue'],
	['https://', 'is not a URL'],
	['arn:aws:sns:eu-central-1:123456789012:topic', 'is an ARN, but not that of a queue'],
	['arn:aws-cn:sqs:eu-central-1:123456789012:uploads', 'is an ARN, but not that of a queue'],
	['https://sqs.eu-central-1.amazonaws.com/1/q.fifo', 'is a FIFO queue'],
	['arn:aws:sqs:eu-central-1:1:q.fifo', 'is a FIFO queue'],
	['http://sqs.eu-central-1.amazonaws.com/1/q', 'begins with http://'],
	['http://sqs.eu-central-1.amazonaws.com./1/q', 'begins with http://'],
	['https://user:hidden@queues.example.com/1/q', 'holds a user name or password'],
])('“%s” is refused, as it %s', (queue, reason) => {
	const { kind, message } = failureOf(() => address(queue));
	expect(kind).toBe('invalid');
	expect(message).toContain(reason);
	expect(message).not.toContain('hidden');
});
