import { setTimeout as sleep } from 'node:timers/promises';
import type { S3 } from '../../s3/client/S3';
import { putObject } from '../../s3/upload/putObject';
import { startOutage } from '../servers/outage';
import type { Outage } from '../servers/outage';
import { rejectionOf } from '../unit/failureOf';
import { MiB, patterned, sourceOf } from './upload/sources';
import { bucket, uploadServer } from './upload/uploadServer';

const uploads = uploadServer();
const content = patterned(6 * MiB);
const request = { bucket, key: 'key', source: sourceOf(content) };
/** Longer than five attempts take, if the time between them is a tenth of the longest. */
const OUTAGE_MS = 1000;
const random = jest.spyOn(Math, 'random').mockReturnValue(0.1);
afterAll(() => random.mockRestore());

let outage: Outage;
let s3: S3;

beforeEach(async () => {
	outage = await startOutage(uploads.server.endpoint);
	s3 = await uploads.server.connect({ endpoint: outage.endpoint });
});
afterEach(() => outage.begin());

it('an upload in parts goes on after an outage', async () => {
	const inParts = { ...request, multipartThreshold: 1, partSize: MiB };
	const writing = putObject(s3, inParts, { signal: undefined });
	while (uploads.sent('UploadPart').length === 0) await sleep(1);
	await outage.begin();
	await sleep(OUTAGE_MS);
	await outage.end();
	expect((await writing).parts).toBe(6);
	expect(uploads.storedBytes('key').equals(content)).toBe(true);
});

it('a call goes on after an outage, if it is not told to fail before', async () => {
	await outage.begin();
	const calls = [undefined, 100].map((retryFor) =>
		s3.send('ListBuckets', {}, { signal: undefined, retryFor }),
	);
	const [patient, hasty] = calls.map((call) => Promise.allSettled([call]));
	await sleep(OUTAGE_MS);
	await outage.end();
	expect(await patient).toMatchObject([{ status: 'fulfilled' }]);
	expect(await hasty).toMatchObject([{ status: 'rejected' }]);
});

it('a call that may not be repeated fails at once', async () => {
	await outage.begin();
	const sent = s3.send('ListBuckets', {}, { signal: undefined, retryFor: 0 });
	expect(await rejectionOf(sent)).toMatchObject({ kind: 'unreachable', attempts: 1 });
	await outage.end();
});
