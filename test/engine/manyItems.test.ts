import files from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { runNode, storedFile, type RunResult } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const COUNT = 2000;
/** Requests that the server takes longer for: more than there may be at once. */
const FIRST = 60;

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();
let data: IBinaryData;

/** The most requests that the server was working on at once, and how many came. */
let requests: { together: number; begun: number };
/** Files of the items that are open now, and the most that ever were. */
let open: { now: number; most: number; ever: number };

beforeAll(async () => {
	data = await storedFile(Buffer.from('the file of an item'));
});

beforeEach(() => {
	requests = { together: 0, begun: 0 };
	const count = () => {
		requests.begun += 1;
		const together = server.requests.filter(({ status }) => status === 0).length;
		requests.together = Math.max(requests.together, together);
	};
	const slowly = (when: () => boolean, ms: number) => {
		server.faults.add({ operation: 'PutObject', when, effect: { kind: 'latency', ms } });
	};
	// Long enough for all that may be under way to come together, however slow the machine is.
	slowly(() => {
		count();
		return requests.begun <= FIRST;
	}, 500);
	slowly(() => requests.begun > FIRST, 10);
	open = { now: 0, most: 0, ever: 0 };
	const really = files.open;
	jest.spyOn(files, 'open').mockImplementation(async (...args) => {
		const file = await really(...args);
		open.now += 1;
		open.ever += 1;
		open.most = Math.max(open.most, open.now);
		return counted(file);
	});
});
afterEach(() => jest.restoreAllMocks());

/** The file, which says when it is closed. */
function counted(file: FileHandle): FileHandle {
	const close = file.close.bind(file);
	return Object.assign(file, {
		close: async () => {
			await close();
			open.now -= 1;
		},
	});
}

async function putAll(concurrency: number | undefined): Promise<RunResult> {
	const items: INodeExecutionData[] = Array.from({ length: COUNT }, (_, n) => ({
		json: { n },
		binary: { data },
	}));
	return await runNode({
		items,
		parameters: {
			resource: 'object',
			operation: 'put',
			source: 'binary',
			key: '={{ "key-" + $json.n }}',
			options: concurrency === undefined ? {} : { concurrency },
		},
		credential,
	});
}

/** Milliseconds that a busy machine may take. */
const MANY_MS = 180_000;

describe('2,000 items', () => {
	it.each([8, 50])(
		'2,000 items are put at most %d at once, and come out in order',
		async (concurrency) => {
			const { outputs, error } = await putAll(concurrency);
			expect(error).toBeUndefined();
			const numbers = Array.from({ length: COUNT }, (_, n) => n);
			expect(outputs[0]?.map(({ json }) => json.key)).toEqual(numbers.map((n) => `key-${n}`));
			expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
				numbers.map((item) => ({ item })),
			);
			expect(requests.begun).toBe(COUNT);
			expect(requests.together).toBeLessThanOrEqual(concurrency);
			expect(requests.together).toBeGreaterThan(concurrency / 2);
			expect(open).toMatchObject({ now: 0, ever: COUNT });
			expect(open.most).toBeLessThanOrEqual(concurrency);
		},
		MANY_MS,
	);

	it(
		'no further item of 2,000 is begun when one has failed',
		async () => {
			const refused = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
			server.faults.add({ key: 'key-500', effect: refused });
			const { status, error } = await putAll(8);
			expect(status).toBe('error');
			expect(error).toMatchObject({ context: { itemIndex: 500 }, httpCode: '403' });
			expect(requests.begun).toBeGreaterThan(500);
			expect(requests.begun).toBeLessThanOrEqual(500 + 2 * 8);
			expect(open.now).toBe(0);
		},
		MANY_MS,
	);
});
