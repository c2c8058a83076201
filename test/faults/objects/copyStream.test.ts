/** Copies through this process: they need bounded memory, and appear whole or not at all. */
import { randomBytes } from 'node:crypto';
import type { OpenS3 } from '../../../s3/client/S3';
import { copyBetween } from '../../../s3/objects/copyBetween';
import { rejectionOf } from '../../unit/failureOf';
import { withConnection } from '../../servers/withServer';
import { MiB, putFull, requestWith, SMALL_PARTS } from './copies';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const other = withConnection({ bucketsOfEachTest: [bucket] });

const copyTo = (target: OpenS3, request: Parameters<typeof requestWith>[0] = {}) =>
	copyBetween({ source: objects.s3, target }, requestWith(request), call, SMALL_PARTS);
const copied = async () => {
	const input = { Bucket: bucket, Key: 'copy' };
	const { Body } = await other.s3.send('GetObject', input, call);
	return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

it('a streamed copy of a large object goes in parts', async () => {
	const content = randomBytes(17 * MiB);
	await putFull(objects.s3, content);
	expect(await copyTo(other.s3, { multipartThreshold: 5 * MiB })).toMatchObject({ parts: 3 });
	expect((await copied()).equals(content)).toBe(true);
});

it('a streamed copy leaves out an encoding that is one of requests, which some servers keep and AWS refuses', async () => {
	const source = await objects.put('key');
	for (const [stored, kept] of [
		['aws-chunked', undefined],
		['gzip,aws-chunked', 'gzip'],
	] as const) {
		source.headers['content-encoding'] = stored;
		await copyTo(other.s3);
		const head = await other.s3.send('HeadObject', { Bucket: bucket, Key: 'copy' }, call);
		expect(head.ContentEncoding).toBe(kept);
	}
});

it('a streamed copy begins again with the new object if the source is replaced meanwhile', async () => {
	await objects.put('key');
	let reads = 0;
	objects.server.faults.add({
		operation: 'GetObject',
		when: () => {
			if (++reads === 1) objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: { kind: 'stall' },
	});
	expect(await copyTo(other.s3)).toMatchObject({ size: 3 });
});

it('a streamed copy begins again also if the server sends the new object in spite of the condition', async () => {
	await objects.put('key');
	objects.server.faults.add({
		operation: 'GetObject',
		times: 1,
		when: () => {
			objects.server.store.putMany(bucket, ['key'], 3);
			return true;
		},
		effect: { kind: 'answer', status: 200, headers: { etag: '"new"' }, body: 'new' },
	});
	expect(await copyTo(other.s3)).toMatchObject({ size: 3 });
	expect(objects.sent('GetObject')).toHaveLength(2);
});

it('a streamed copy goes on if a connection to the source breaks, and stores nothing if it cannot', async () => {
	const content = randomBytes(9 * MiB);
	await putFull(objects.s3, content);
	const operation = 'GetObject';
	objects.server.faults.add({
		operation,
		times: 1,
		effect: { kind: 'resetAnswer', afterBytes: MiB },
	});
	await copyTo(other.s3);
	expect((await copied()).equals(content)).toBe(true);
	objects.server.faults.add({
		operation,
		effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
	});
	expect(await rejectionOf(copyTo(other.s3, { key: 'none' }))).toMatchObject({ kind: 'denied' });
	expect(other.store.bucket(bucket).get('none')).toBeUndefined();
});

it('a streamed copy that waits for memory can be cancelled', async () => {
	await objects.put('key');
	const target = await other.connect();
	const release = await target.writeMemory.reserve(96 * MiB);
	const controller = new AbortController();
	const copying = copyBetween(
		{ source: objects.s3, target },
		requestWith(),
		{ ...call, signal: controller.signal },
		SMALL_PARTS,
	);
	while (!target.writeMemory.isShort()) await new Promise(setImmediate);
	controller.abort();
	expect(await rejectionOf(copying)).toMatchObject({ kind: 'cancelled' });
	release();
});

it('a streamed copy that is hashed before it is sent reserves memory for all of it', async () => {
	await putFull(objects.s3, randomBytes(17 * MiB));
	const reserved: number[] = [];
	const { writeMemory } = other.s3;
	const reserve = writeMemory.reserve.bind(writeMemory);
	const spy = jest.spyOn(writeMemory, 'reserve').mockImplementation((bytes, signal) => {
		reserved.push(bytes);
		return reserve(bytes, signal);
	});
	await copyTo(other.s3, { objectLock: { legalHold: true } });
	spy.mockRestore();
	const toRead = 16 * MiB;
	expect(reserved).toEqual([toRead + 17 * MiB]);
});

it('a streamed copy that finds an object it must not overwrite fails once, and does not blame the source', async () => {
	await objects.put('key');
	other.faults.add({
		operation: 'PutObject',
		effect: { kind: 'answer', status: 412, code: 'PreconditionFailed' },
	});
	const failure = await rejectionOf(copyTo(other.s3, { overwrite: 'never' }));
	expect(failure).toMatchObject({ kind: 'precondition', key: 'copy' });
	expect(failure.message).not.toContain('replaced');
	expect(objects.sent('GetObject')).toHaveLength(1);
});
