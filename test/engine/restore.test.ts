import { createHash } from 'node:crypto';

import type { INodeParameters } from 'n8n-workflow';

import { archive, finishRestore } from '../servers/embedded/restores';
import { keyBytes } from '../servers/embedded/store';
import { withServer } from '../servers/withServer';
import { send } from './bucket';
import { contentOf, runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

const run = async (operation: string, parameters: INodeParameters = {}) => {
	const { outputs, error } = await runNode({
		items: [{ json: {} }],
		parameters: { resource: 'object', operation, key: 'key', ...parameters },
		credential,
	});
	return { error, json: outputs[0]?.[0]?.json };
};

const store = async (storageClass: string) =>
	await send(credential, 'PUT', `/${bucket}/key`, {
		body: 'content',
		headers: { 'x-amz-storage-class': storageClass },
	});

const stored = () => {
	const version = server.store.bucket(bucket).get(keyBytes('key'));
	if (version === undefined) throw new Error('the object is gone');
	return version;
};

describe('Restore', () => {
	it('Restore makes an archived object readable, which Get alone cannot do', async () => {
		await store('GLACIER');
		const refused = await run('get', { as: 'text' });
		expect(refused.error?.message).toContain('the object is archived');
		expect(refused.error?.description).toContain('Restore');
		const begun = await run('restore', { tier: 'Bulk' });
		expect(begun.json).toMatchObject({ bucket, state: 'inProgress', storageClass: 'GLACIER' });
		expect(begun.json).toHaveProperty('readyEstimate');
		expect((await run('restore')).json).toMatchObject({ state: 'inProgress' });
		finishRestore(stored(), 1);
		const { json } = await run('restore', { days: 3 });
		expect(json).toMatchObject({ state: 'restored' });
		const days = (Date.parse(json?.expiresAt as string) - Date.now()) / 86_400_000;
		expect(days).toBeGreaterThan(2);
		expect(days).toBeLessThan(5);
		expect((await run('get', { as: 'text' })).json).toMatchObject({ text: 'content' });
	});

	it.each([
		['List', 'list', {}],
		['List Versions', 'listVersions', { versionsOf: 'key' }],
	])(
		'%s tells with Include Restore Status what Restore tells of one object, and nothing without',
		async (_, operation, parameters) => {
			const listed = async (includeRestoreStatus = true) =>
				(await run(operation, { ...parameters, options: { includeRestoreStatus } })).json
					?.restoreStatus;
			await store('GLACIER');
			expect(await listed()).toBeUndefined();
			await run('restore');
			expect(await listed()).toEqual({ state: 'inProgress' });
			finishRestore(stored(), 1);
			const { state, expiresAt } = (await run('restore')).json ?? {};
			expect(await listed()).toEqual({ state, expiresAt });
			expect(await listed(false)).toBeUndefined();
		},
	);

	it('List Versions writes how far the restore of each version is to CSV', async () => {
		await store('GLACIER');
		await run('restore');
		finishRestore(stored(), 1);
		const { state, expiresAt } = (await run('restore')).json ?? {};
		const options = { includeRestoreStatus: true };
		const { outputs } = await runNode({
			items: [{ json: {} }],
			parameters: { resource: 'object', operation: 'listVersions', output: 'csv', options },
			credential,
		});
		const file = outputs[0]?.[0]?.binary?.data;
		const [header, row] = (await contentOf(file)).toString().split('\r\n');
		expect(header).toMatch(/,storageClass,restoreState,restoreExpiresAt$/);
		expect(row?.split(',').slice(-2)).toEqual([state, expiresAt]);
	});

	it('Restore by a faster tier speeds up what is going on, and by another one only asks', async () => {
		await store('DEEP_ARCHIVE');
		const again = async (tier: string) => (await run('restore', { tier })).json;
		expect(await again('Bulk')).toHaveProperty('readyEstimate');
		expect(await again('Bulk')).not.toHaveProperty('readyEstimate');
		const faster = await again('Standard');
		expect(faster).toMatchObject({ state: 'inProgress' });
		const hours = (Date.parse(faster?.readyEstimate as string) - Date.now()) / 3_600_000;
		expect(hours).toBeCloseTo(12, 1);
		for (const tier of ['Standard', 'Bulk']) {
			expect(await again(tier)).not.toHaveProperty('readyEstimate');
		}
	});

	it('Restore makes an object readable that Intelligent-Tiering has archived, for which S3 takes no days', async () => {
		await store('INTELLIGENT_TIERING');
		expect((await run('restore')).json).toMatchObject({ state: 'notArchived' });
		archive(stored(), 'DEEP_ARCHIVE_ACCESS');
		expect((await run('get', { as: 'text' })).error?.message).toContain('the object is archived');
		const begun = await run('restore', { tier: 'Standard', days: 3 });
		expect(begun.error).toBeUndefined();
		expect(begun.json).toMatchObject({ state: 'inProgress', storageClass: 'INTELLIGENT_TIERING' });
		finishRestore(stored(), 1);
		expect((await run('restore')).json).toMatchObject({ state: 'notArchived' });
		expect((await run('get', { as: 'text' })).json).toMatchObject({ text: 'content' });
	});

	it('Restore looks at an object under a customer’s own key with that key', async () => {
		const customerKey = Buffer.alloc(32, 7);
		const encryption = 'x-amz-server-side-encryption-customer';
		await send(credential, 'PUT', `/${bucket}/key`, {
			body: 'content',
			headers: {
				'x-amz-storage-class': 'GLACIER',
				[`${encryption}-algorithm`]: 'AES256',
				[`${encryption}-key`]: customerKey.toString('base64'),
				[`${encryption}-key-md5`]: createHash('md5').update(customerKey).digest('base64'),
			},
		});
		expect((await run('restore')).error?.description).toContain('customer key (SSE-C)');
		const options = { encryptionCustomerKey: customerKey.toString('base64') };
		const { error, json } = await run('restore', { options });
		expect(error).toBeUndefined();
		expect(json).toMatchObject({ state: 'inProgress' });
		finishRestore(stored(), 1);
		expect((await run('restore', { options })).json).toMatchObject({ state: 'restored' });
	});

	it('Restore leaves an object alone that is not archived', async () => {
		await store('STANDARD_IA');
		expect((await run('restore')).json).toEqual({
			bucket,
			key: 'key',
			state: 'notArchived',
			storageClass: 'STANDARD_IA',
		});
	});

	it('Restore without capacity for Expedited fails at once, and names another tier', async () => {
		await store('GLACIER');
		const code = 'GlacierExpeditedRetrievalNotAvailable';
		server.faults.add({
			operation: 'RestoreObject',
			effect: { kind: 'answer', status: 503, code },
		});
		const { error } = await run('restore', { tier: 'Expedited' });
		expect(error?.message).toContain('no capacity for expedited retrievals');
		expect(error?.description).toContain('Choose the tier Standard');
		const sent = server.requests.filter(({ operation }) => operation === 'RestoreObject');
		expect(sent).toHaveLength(1);
	});
});
