import { newBucket, putAll } from '../engine/bucket';
import type { Release } from '../servers/n8n/install';
import { startRadosgw } from '../servers/radosgw/radosgw';
import type { Radosgw } from '../servers/radosgw/radosgw';
import { withServer } from '../servers/withServer';
import { killAgainAndAgain, NOTHING } from './killing';
import type { Incoming } from './killing';

/** How the newest n8n polls durably. */
const DURABLE = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};

const embedded = withServer({ buckets: ['older', 'oldest'] });
let radosgw: Radosgw;

beforeAll(() => {
	radosgw = startRadosgw({ port: 10650, gibibytes: 1 });
}, 60_000);
afterAll(() => radosgw.stop());

const inMemory = (bucket: string) => async (): Promise<Incoming> =>
	await Promise.resolve({
		server: embedded,
		bucket,
		put: async (keys) => {
			embedded.store.putMany(bucket, keys);
			await Promise.resolve();
		},
	});

async function inRadosgw(): Promise<Incoming> {
	const credential = { endpoint: radosgw.endpoint, ...radosgw.users.main };
	const bucket = await newBucket(credential);
	const put = async (keys: string[]) =>
		await putAll(credential, bucket, Object.fromEntries(keys.map((key) => [key, 'x'])));
	return { server: radosgw, bucket, put };
}

interface Case {
	title: string;
	incoming: () => Promise<Incoming>;
	options: { release: Release; env?: Record<string, string>; seed: number };
	/** Whether the last batch before a kill may come again. */
	mayRepeat: boolean;
}

const CASES: Case[] = [
	{
		title: 'the older engine of n8n',
		incoming: inMemory('older'),
		options: { release: 'newest', seed: 1 },
		mayRepeat: true,
	},
	{
		title: 'the durable engine of n8n, on radosgw,',
		incoming: inRadosgw,
		options: { release: 'newest', env: DURABLE, seed: 2 },
		mayRepeat: false,
	},
	{
		title: 'the oldest n8n',
		incoming: inMemory('oldest'),
		options: { release: 'oldest', seed: 3 },
		mayRepeat: true,
	},
];

// Each n8n waits most of its time: for the next poll, and to be killed.
it.concurrent.each(CASES)(
	'what is put while $title is killed again and again is in an execution, and nothing old is',
	async ({ incoming, options, mayRepeat }) => {
		const found = await killAgainAndAgain(await incoming(), options);
		expect({ ...found, ...(mayRepeat && { repeated: [] }) }).toEqual(NOTHING);
	},
);
