import { startEmbedded } from '../../servers/embedded';
import { BenchN8n } from '../BenchN8n';
import { OURS, ourList } from '../contenders';
import type { Bench } from './Bench';

const BUCKET = 'bench';
/** The shorter ones are for the curve of time and memory against length. */
const LENGTHS = [1000, 10_000, 100_000, 1_000_000];

/** Listings to a file, of our embedded server: radosgw takes hours to be given a million objects. */
export async function million(bench: Bench): Promise<void> {
	const { runs = 1, keys } = bench.options;
	const server = await startEmbedded();
	try {
		server.store.makeBucket(BUCKET);
		const n8n = await bench.n8n(OURS);
		for (const length of keys === undefined ? LENGTHS : [keys]) {
			const prefix = `to-${length}/`;
			server.store.putMany(BUCKET, namesUnder(prefix, length));
			for (let i = 0; i < runs; i++) {
				const parameters = ourList(BUCKET, prefix, 'ndjson');
				const workflowId = await n8n.workflow(server, [], parameters);
				const { seconds, memory, execution } = await n8n.run(workflowId);
				const [item] = BenchN8n.itemsOf(execution);
				const lines = (await n8n.file(item?.binary?.data?.id ?? '')).filter((byte) => byte === 10);
				if (lines.length !== length) {
					throw new Error(`${length} keys were listed to ${lines.length} lines`);
				}
				bench.record({ operation: 'listToFile', keys: length }, 'ours', { seconds, memory });
				await n8n.forget();
			}
		}
	} finally {
		await server.stop();
	}
}

function* namesUnder(prefix: string, length: number): Generator<string> {
	for (let i = 0; i < length; i++) yield `${prefix}${String(i).padStart(7, '0')}`;
}
