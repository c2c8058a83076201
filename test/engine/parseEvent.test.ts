import { withServer } from '../servers/withServer';
import { runNode, type RunSettings } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const server = withServer({});
withBinaryStore();

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
	eventVersion: '2.1',
	eventSource: 'aws:s3',
	awsRegion: 'eu-central-1',
	eventTime: '2026-11-30T01:02:03.004Z',
	eventName,
	s3: { bucket: { name: 'bucket' }, object: { key, size: 1, eTag: 'e', sequencer: '00' } },
});
const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'bucket' };

const run = async (items: object[], parameters: object = {}, more: Partial<RunSettings> = {}) =>
	await runNode({
		items: items.map((json) => ({ json: json as never })),
		parameters: {
			resource: 'object',
			operation: 'parseEvent',
			event: '={{ $json }}',
			...parameters,
		},
		credential: server.credential,
		...more,
	});

describe('Parse Event', () => {
	it('Parse Event makes an item for each object, linked to the message, and reads no credential', async () => {
		const onCredentialRead = jest.fn();
		const { outputs, error } = await run(
			[
				{ body: { Records: [record('red+flower.jpg'), record('b')] }, headers: {} },
				{ Records: [record('c')] },
			],
			{},
			{ onCredentialRead },
		);
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json, pairedItem }) => [json.bucket, json.key, pairedItem])).toEqual([
			['bucket', 'red flower.jpg', { item: 0 }],
			['bucket', 'b', { item: 0 }],
			['bucket', 'c', { item: 1 }],
		]);
		expect(onCredentialRead).not.toHaveBeenCalled();
	});

	it('Parse Event reads the message from a field, with the options of each item', async () => {
		const { outputs, error } = await run(
			[
				{ text: JSON.stringify({ Records: [record('a/1'), record('b/1')] }), only: 'a/' },
				{ text: JSON.stringify({ Records: [record('a/2'), record('b/2')] }), only: 'b/' },
			],
			{ event: '={{ $json.text }}', options: { prefix: '={{ $json.only }}' } },
		);
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(['a/1', 'b/2']);
	});

	it('Parse Event leaves out other kinds of events', async () => {
		const { outputs } = await run(
			[{ Records: [record('a'), record('b', 'ObjectRemoved:Delete')] }],
			{ options: { events: ['deleted'] } },
		);
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(['b']);
	});

	it('Parse Event makes no item of a test message, and says so', async () => {
		const { outputs, hints } = await run([test]);
		expect(outputs[0] ?? []).toEqual([]);
		expect(hints.map(({ message }) => message)).toEqual([
			'The message only tests the notifications, so there is no item for it.',
		]);
	});

	it('Parse Event fails an item that is no event, and says what it takes', async () => {
		const { outputs, error } = await run([{ Records: [record('a')] }, { id: 7 }]);
		expect(outputs.flat()).toEqual([]);
		expect(error?.message).toBe('This is not an event of a known form: it has the fields id');
		expect(error?.description).toContain('Backblaze B2');
		expect(error).toMatchObject({ context: { itemIndex: 1 } });
	});

	it('Parse Event passes on an item that is no event when the node continues', async () => {
		const { outputs } = await run(
			[{ id: 7 }, { Records: [record('a')] }],
			{},
			{
				onError: 'continueErrorOutput',
			},
		);
		expect(outputs[0]?.map(({ json }) => json.key)).toEqual(['a']);
		expect(outputs[1]).toHaveLength(1);
	});
});
