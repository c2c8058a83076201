import type { Fault } from '../servers/embedded';
import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { runNode, storedFile } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeAll(async () => {
	await putAll(credential, bucket, { large: Buffer.alloc(3 * 1024 * 1024, 'x') });
});

const runWith = async (fault: Fault, parameters: object, binary = {}) => {
	server.faults.add(fault);
	return await runNode({
		items: [{ json: {}, binary }],
		parameters: { resource: 'object', ...parameters },
		credential,
		onError: 'continueErrorOutput',
	});
};

describe('when the server goes wrong', () => {
	it('a download that breaks off is gone on with, and whole', async () => {
		const fault: Fault = {
			operation: 'GetObject',
			effect: { kind: 'resetAnswer', afterBytes: 1024 * 1024 },
			times: 1,
		};
		const { outputs } = await runWith(fault, { operation: 'get', key: 'large' });
		expect(outputs[0]?.[0]?.binary?.data?.bytes).toBe(3 * 1024 * 1024);
	});

	it.each<[string, Extract<Fault['effect'], { afterBytes: number }>]>([
		['breaks off every time', { kind: 'resetAnswer', afterBytes: 0 }],
		['ends short every time', { kind: 'truncate', afterBytes: 0 }],
	])('a download that %s becomes an error, never half a file or text', async (_what, effect) => {
		const half = { operation: 'GetObject', skip: 1, effect };
		for (const as of ['file', 'text', 'json']) {
			server.faults.clear();
			server.faults.add({
				operation: 'GetObject',
				times: 1,
				effect: { ...effect, afterBytes: 1024 * 1024 },
			});
			const { outputs } = await runWith(half, { operation: 'get', key: 'large', as });
			expect(outputs[0]).toEqual([]);
			expect(outputs[1]).toHaveLength(1);
			expect(outputs[1]?.[0]?.binary).toBeUndefined();
			expect(outputs[1]?.[0]?.json).toEqual({
				error: expect.stringContaining('broke off after') as string,
				message: expect.any(String) as string,
			});
		}
	});

	it('a listing that fails on its second page is an error, never half a listing', async () => {
		const keys = Array.from({ length: 1500 }, (_, n) => `many/${String(n)}`);
		server.store.putMany(bucket, keys);
		const list = { operation: 'list', returnAll: true, prefix: 'many/' };
		for (const output of ['items', 'array', 'ndjson', 'csv']) {
			const fault: Fault = {
				operation: 'ListObjectsV2',
				skip: 1,
				effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
			};
			const { outputs } = await runWith(fault, { ...list, output });
			expect(outputs[0]).toEqual([]);
			expect(outputs[1]?.[0]?.json.message).toMatch(/AccessDenied · 403/);
			server.faults.clear();
		}
	});

	it('an upload in parts that fails leaves neither an object nor parts behind', async () => {
		const data = await storedFile(Buffer.alloc(11 * 1024 * 1024));
		const fault: Fault = {
			operation: 'UploadPart',
			skip: 1,
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		};
		const options = { multipartThresholdMb: 5, partSizeMb: 5 };
		const put = { operation: 'put', key: 'broken', options };
		const { outputs } = await runWith(fault, put, { data });
		expect(outputs[1]?.[0]?.json.message).toMatch(/AccessDenied · 403/);
		await expect(send(credential, 'HEAD', `/${bucket}/broken`)).rejects.toThrow('404');
		expect(server.store.bucket(bucket).uploads.size).toBe(0);
	});
});
