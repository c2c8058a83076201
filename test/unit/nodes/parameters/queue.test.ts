import { queueOf } from '../../../../nodes/parameters/queue';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

it('the queue is read with the endpoint that its requests go to', () => {
	const queueUrl = ' https://queues.example.com/1/q ';
	expect(queueOf(sourceOf({ queueUrl }))).toEqual({ queue: queueUrl.trim() });
	const endpoint = 'https://vpce.example.com/';
	expect(queueOf(sourceOf({ queueUrl, 'options.endpoint': endpoint }))).toEqual({
		queue: queueUrl.trim(),
		endpoint: 'https://vpce.example.com',
	});
});

it('a queue that is not entered, and an endpoint that is no URL, are refused', () => {
	expect(failureOf(() => queueOf(sourceOf({}))).message).toBe('No queue is entered');
	const values = { queueUrl: 'https://q/1/q', 'options.endpoint': 'vpce.example.com' };
	expect(failureOf(() => queueOf(sourceOf(values))).message).toContain('SQS Endpoint of the node');
});

it.each(['queueUrl', 'options.endpoint'])(
	'an expression of %s that gives nothing is refused and shown, as requests would go elsewhere',
	(name) => {
		const values: Record<string, string> = { queueUrl: 'https://queues.example.com/1/q' };
		const source = sourceOf({ ...values, [name]: '' }, 'UTC', { [name]: '={{ $vars.sqs }}' });
		expect(failureOf(() => queueOf(source)).message).toContain(
			'gave nothing for this item: "{{ $vars',
		);
	},
);
