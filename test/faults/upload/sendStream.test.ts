import { putObject } from '../../../s3/upload/putObject';
import { asAws } from '../asAws';
import { brokenSource, MiB, patterned } from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer();

it('a stream whose source breaks while it is hashed on the way is the only error there is', async () => {
	const errors: unknown[] = [];
	const note = (error: unknown) => errors.push(error);
	process.on('unhandledRejection', note);
	const source = brokenSource(patterned(MiB), 9 * MiB);
	const request = { bucket, key: 'hashed', source, checksum: 'SHA256' as const };
	const writing = putObject(asAws(uploads.s3), request, { signal: undefined, retryFor: 1000 });
	await expect(writing).rejects.toMatchObject({ kind: 'corrupt' });
	await new Promise(setImmediate);
	process.off('unhandledRejection', note);
	expect(errors).toEqual([]);
	expect(uploads.stored('hashed')).toBeUndefined();
});
