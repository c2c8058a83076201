import { queueFields, readQueueSettings } from '../../../../nodes/AmazonS3Trigger/queueFields';
import { failureOf } from '../../failureOf';
import { sourceOf } from '../parameters/sourceOf';

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/uploads';
const read = (values: Record<string, unknown> = {}) =>
	readQueueSettings(sourceOf({ queueUrl, ...values }));

it('a queue is watched as the form says when it is new', () => {
	expect(read()).toMatchObject({
		queue: queueUrl,
		acknowledge: 'whenSucceeded',
		together: false,
		maxMessages: 10,
		maxReceives: 5,
		hiddenSeconds: 60,
		maxRun: 3_600_000,
	});
	const options = queueFields.find(({ name }) => name === 'options')?.options ?? [];
	const defaults = options.map((option) => [option.name, 'default' in option && option.default]);
	expect(Object.fromEntries(defaults)).toMatchObject({
		executions: 'object',
		maxMinutes: 60,
		maxMessages: 10,
		maxReceives: 5,
		visibilityTimeout: 60,
	});
});

it('a queue is watched as its options say', () => {
	const settings = read({
		acknowledge: 'later',
		'options.executions': 'batch',
		'options.maxMessages': 3,
		'options.maxReceives': 2,
		'options.visibilityTimeout': 300,
		'options.maxMinutes': 5,
		'options.prefix': 'incoming/',
		'options.endpoint': 'https://vpce.example.com',
	});
	expect(settings).toMatchObject({
		endpoint: 'https://vpce.example.com',
		acknowledge: 'later',
		together: true,
		maxMessages: 3,
		maxReceives: 2,
		hiddenSeconds: 300,
		maxRun: 300_000,
	});
	const event = { bucket: 'b', change: 'created', event: 'e', sender: 's3' } as const;
	expect(settings.isMeant({ ...event, key: 'incoming/a' })).toBe(true);
	expect(settings.isMeant({ ...event, key: 'other/a' })).toBe(false);
});

it.each([
	['acknowledge', 'never'],
	['options.executions', 'none'],
	['options.maxMessages', 0],
	['options.maxReceives', 0],
	['options.visibilityTimeout', 9],
	['options.visibilityTimeout', 43_201],
	['options.maxMinutes', 701],
])('%s cannot be %p', (name, value) => {
	expect(failureOf(() => read({ [name]: value })).kind).toBe('invalid');
});

it('the fields of a queue are shown for queues only', () => {
	for (const { displayOptions } of queueFields)
		expect(displayOptions?.show?.watch).toEqual(['queue']);
});
