import type { INodeParameters } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { pollingWorkflow } from './n8n';
import type { Credential } from './n8n';

const bucket = 'incoming';
const server = withServer({ bucketsOfEachTest: [bucket] });
const byName = (value: string) => ({ __rl: true, mode: 'name', value });

/** What the field says in the editor. */
const field = async (parameters: INodeParameters, credential?: Partial<Credential> | null) => {
	const workflow = pollingWorkflow({
		parameters: { bucket: byName(bucket), ...parameters },
		credential: { ...server.credential, ...credential },
	});
	const [entry, ...others] = await workflow.requestsField(credential !== null);
	expect(others).toEqual([]);
	expect(entry?.value).toBe('estimate');
	return { name: entry?.name, description: entry?.description };
};

it('the field Requests counts the objects under the prefix and the polls of a day', async () => {
	server.store.putMany(bucket, ['a/1', 'a/2', 'b']);
	const pollTimes = { item: [{ mode: 'everyX', value: 10, unit: 'minutes' }] };
	expect(await field({ prefix: 'a/', pollTimes })).toEqual({
		name: 'About 144 requests a day for “a/”',
		description: '1 request for each of 144 polls a day. There are 2 objects.',
	});
});

it('the field Requests takes the bucket of the credential, and n8n’s own poll times if none are set', async () => {
	const { name } = await field({ bucket: { __rl: true, mode: 'list', value: '' } }, { bucket });
	expect(name).toBe('About 1,440 requests a day');
});

it('the field Requests counts what the options leave of the bucket', async () => {
	const keys = Array.from({ length: 2500 }, (_, n) => `logs/${n}`);
	server.store.putMany(bucket, [...keys, 'docs/a.pdf']);
	const { description } = await field({ options: { keyMatches: 'docs/*' } });
	expect(description).toBe('1 request for each of 1,440 polls a day. There is 1 object.');
	expect((await field({})).description).toContain('3 requests for each of 1,440 polls');
});

it('the field Requests sends nothing without a credential, without a bucket, or for growing keys', async () => {
	expect(await field({}, null)).toEqual({
		name: 'Not known. No credential is chosen',
		description: 'Choose one at the top of the form.',
	});
	expect(await field({ bucket: { __rl: true, mode: 'list', value: '' } })).toEqual({
		name: 'Not known. No bucket is given',
		description: 'Choose a Bucket in the node, or enter one in the credential.',
	});
	expect((await field({ order: 'growing' })).name).toBe('About 1,440 requests a day');
	expect(server.requests).toEqual([]);
});

it('the field Requests says in a sentence what is wrong', async () => {
	expect(await field({ bucket: byName('nowhere') })).toMatchObject({
		name: expect.stringMatching(/^Not known\. Could not list bucket “nowhere”/) as string,
		description: expect.stringContaining('NoSuchBucket') as string,
	});
	expect((await field({}, { secretAccessKey: 'wrong' })).description).toContain(
		'SignatureDoesNotMatch',
	);
});

it('the field Requests gives up when a server takes too long', async () => {
	const after = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
	try {
		expect((await field({})).name).toBe(
			'Not known. Bucket “incoming” could not be listed within 20 seconds',
		);
		expect(after).toHaveBeenCalledWith(20_000);
	} finally {
		after.mockRestore();
	}
});
