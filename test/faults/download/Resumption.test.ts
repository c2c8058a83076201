import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenS3 } from '../../../s3/client/S3';
import { getObject } from '../../../s3/download/getObject';
import { startOutage } from '../../servers/outage';
import type { Outage } from '../../servers/outage';
import { Downloads, large, MiB, small } from './downloads';

/** Longer than five attempts take, if the time between them is a tenth of the longest. */
const OUTAGE_MS = 1000;
const downloads = new Downloads('outages');
const random = jest.spyOn(Math, 'random').mockReturnValue(0.1);
afterAll(() => random.mockRestore());

let outage: Outage;
let s3: OpenS3;

beforeEach(async () => {
	outage = await startOutage(downloads.server.endpoint);
	s3 = await downloads.server.connect({ endpoint: outage.endpoint });
	downloads.server.faults.add({ effect: { kind: 'slow', bytesPerSecond: 20 * MiB } });
});
afterEach(() => outage.begin());

/** Reads an object, in the middle of which the server cannot be reached for a while. */
async function read(bytes: Buffer, retryFor?: number): Promise<Buffer> {
	await downloads.store('key', bytes);
	const request = { bucket: downloads.bucket, key: 'key' };
	const { body } = await getObject(s3, request, { signal: undefined, retryFor });
	const reading = buffer(body);
	reading.catch(() => undefined);
	await once(body, 'data');
	await outage.begin();
	await sleep(OUTAGE_MS);
	await outage.end();
	return await reading;
}

it.each([
	['small', small],
	['large', large],
])('the download of a %s object goes on after an outage', async (_, bytes) => {
	expect((await read(bytes)).equals(bytes)).toBe(true);
});

it('a download that may not be repeated fails at once', async () => {
	await expect(read(small, 0)).rejects.toMatchObject({ kind: 'corrupt' });
	expect(downloads.server.requests).toHaveLength(1);
});
