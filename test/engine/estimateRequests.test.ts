import type { INodeParameters } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { pollingWorkflow } from './n8n';
import type { Credential } from './n8n';

const bucket = 'incoming';
const server = withServer({ bucketsOfEachTest: [bucket] });
const byName = (value: string) => ({ __rl: true, mode: 'name', value });

/** What the form says in the editor. */
const notice = async (parameters: INodeParameters, credential?: Partial<Credential> | null) => {
	const workflow = pollingWorkflow({
		parameters: { bucket: byName(bucket), ...parameters },
		credential: { ...server.credential, ...credential },
	});
	const { fields, emptyFieldsNotice } = await workflow.requestsNotice(credential !== null);
	expect(fields).toEqual([]);
	return emptyFieldsNotice;
};

it('the form counts the objects under the prefix and the polls of a day', async () => {
	server.store.putMany(bucket, ['a/1', 'a/2', 'b']);
	const pollTimes = { item: [{ mode: 'everyX', value: 10, unit: 'minutes' }] };
	expect(await notice({ prefix: 'a/', pollTimes })).toBe(
		'About 144 requests a day for “a/”: 1 request for each of 144 polls a day, as there are 2 objects.',
	);
});

it('the form takes the bucket of the credential, and n8n’s own poll times if none are set', async () => {
	const words = await notice({ bucket: { __rl: true, mode: 'list', value: '' } }, { bucket });
	expect(words).toMatch(/^About 1,440 requests a day: 1 request/);
});

it('the form counts what the options leave of the bucket', async () => {
	const keys = Array.from({ length: 2500 }, (_, n) => `logs/${n}`);
	server.store.putMany(bucket, [...keys, 'docs/a.pdf']);
	expect(await notice({ options: { keyMatches: 'docs/*' } })).toContain('as there is 1 object.');
	expect(await notice({})).toContain('3 requests for each of 1,440 polls');
});

it('the form sends nothing without a credential, without a bucket, or for growing keys', async () => {
	expect(await notice({}, null)).toContain(
		'No credential is chosen. Choose one at the top of the form.',
	);
	expect(await notice({ bucket: { __rl: true, mode: 'list', value: '' } })).toContain(
		'No bucket is given. Choose a Bucket in the node, or enter one in the credential.',
	);
	expect(await notice({ order: 'growing' })).toContain(
		'which reads only what comes after the last',
	);
	expect(server.requests).toEqual([]);
});

it('the form says what is wrong, and what to do', async () => {
	expect(await notice({ bucket: byName('nowhere') })).toMatch(
		/not known\. Could not list bucket “nowhere”.*NoSuchBucket/,
	);
	expect(await notice({}, { secretAccessKey: 'wrong' })).toContain('SignatureDoesNotMatch');
});

it('a prefix does not become HTML in the form', async () => {
	expect(await notice({ prefix: '<b>&amp;' })).toContain('“&lt;b>&amp;amp;”');
});

it('the form gives up when a server takes too long', async () => {
	const after = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
	try {
		expect(await notice({})).toContain('Bucket “incoming” could not be listed within 20 seconds');
		expect(after).toHaveBeenCalledWith(20_000);
	} finally {
		after.mockRestore();
	}
});
