/** Looking at objects on servers that refuse without a word, or do not know attributes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openS3 } from '../../../s3/client/openS3';
import { headObject } from '../../../s3/objects/headObject';
import type { HeadRequest } from '../../../s3/objects/headObject';
import { getTags } from '../../../s3/objects/tags';
import { putObject } from '../../../s3/upload/putObject';
import { rejectionOf } from '../../unit/failureOf';
import { connectionTo } from '../../servers/connectionTo';
import { asAws } from '../asAws';
import { sourceOf } from '../upload/sources';
import { bucket, call, objectServer } from './objectServer';

const MiB = 1024 * 1024;
const objects = objectServer();

const head = (request: Partial<HeadRequest> = {}, s3 = asAws(objects.s3)) =>
	headObject(s3, { bucket, key: 'key', ...request }, call);

it('the attributes of an object in 2,500 parts are read by three requests', async () => {
	const version = await objects.put('key');
	const value = `${'A'.repeat(43)}=`;
	const checksum = { algorithm: 'sha256', value, type: 'COMPOSITE' } as const;
	const parts = Array.from({ length: 2500 }, (_, index) => ({ size: index, checksum }));
	Object.assign(version, { checksum: { ...checksum, value: `${value}-2500` }, parts });
	const { attributes } = await head({ attributes: true });
	expect(attributes).toMatchObject({
		partsCount: 2500,
		checksum: { algorithm: 'SHA256', value, type: 'COMPOSITE' },
	});
	expect(attributes?.parts).toEqual(
		parts.map(({ size }, index) => ({
			partNumber: index + 1,
			size,
			checksum: { algorithm: 'SHA256', value, type: 'FULL_OBJECT' },
		})),
	);
	expect(objects.sent('GetObjectAttributes')).toHaveLength(3);
});

it('the tags of an object that is replaced meanwhile are those of the new one', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key', 'old');
	let looked = 0;
	objects.server.faults.add({
		operation: 'GetObjectTagging',
		when: () => {
			if (looked++ === 0) objects.server.store.putMany(bucket, ['key'], 7);
			return false;
		},
		effect: { kind: 'stall' },
	});
	const found = await head({ includeTags: true });
	expect(found).toMatchObject({ size: 7, versionId: objects.stored('key')?.versionId, tags: {} });
	expect(objects.sent('HeadObject').length).toBeGreaterThan(1);
});

it('a server that does not know attributes gives the rest', async () => {
	await objects.put('key');
	const effect = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;
	objects.server.faults.add({ operation: 'GetObjectAttributes', effect });
	const s3 = await openS3(connectionTo(objects.server, { multipartThreshold: 1 }));
	expect(await head({ attributes: true }, s3)).toMatchObject({ size: 7 });
	expect(await head({ attributes: true }, s3)).not.toHaveProperty('attributes');
	expect(objects.operations()).toEqual(['HeadObject', 'GetObjectAttributes', 'HeadObject']);
});

it('attributes that are denied fail with the permissions they need', async () => {
	await objects.put('key');
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied', message: '' } as const;
	objects.server.faults.add({ operation: 'GetObjectAttributes', effect });
	for (const s3 of [objects.s3, asAws(objects.s3)]) {
		expect((await rejectionOf(head({ attributes: true }, s3))).advice).toBe(
			`The identity of the credential needs s3:GetObject, s3:GetObjectAttributes on arn:aws:s3:::${bucket}/key.`,
		);
	}
});

it('a delete marker is told from an object', async () => {
	objects.bucket.versioning = 'Enabled';
	await objects.put('key');
	await objects.s3.send('DeleteObject', { Bucket: bucket, Key: 'key' }, call);
	const versionId = objects.bucket.newest('key')?.versionId;
	expect((await rejectionOf(head())).kind).toBe('notFound');
	expect((await rejectionOf(head({ versionId }))).message).toBe(
		`Could not get the metadata of “key” in bucket “${bucket}”: this version is a delete marker`,
	);
});

it('an object under a customer’s own key says what a HEAD without the key may be refused for', async () => {
	const customerKey = Buffer.alloc(32, 1).toString('base64');
	const encryption = { kind: 'customer', key: customerKey } as const;
	const source = sourceOf(Buffer.from('secret'));
	await putObject(objects.s3, { bucket, key: 'key', source, encryption }, call);
	expect(await head({ customerKey, attributes: true, includeTags: true })).toMatchObject({
		size: 6,
		attributes: { parts: [] },
		tags: {},
	});
	expect((await rejectionOf(head())).advice).toContain('customer key');
	const other = Buffer.alloc(32, 2).toString('base64');
	const another = 'encrypted with another customer key (SSE-C)';
	expect(await rejectionOf(head({ customerKey: other }))).toMatchObject({
		kind: 'denied',
		advice: expect.stringContaining(another) as string,
	});
	objects.server.faults.add({ effect: { kind: 'answer', status: 400, code: 'BadRequest' } });
	expect((await rejectionOf(head({ customerKey: other }))).advice).toContain(another);
	objects.server.faults.clear();
	// Tags need no key.
	expect((await getTags(objects.s3, { bucket, key: 'key' }, call)).tags).toEqual({});
});

describe('a server that ignores “attributes” in the query', () => {
	/** Sends an object of a gibibyte to every GET, and counts what it could send. */
	async function ignorantServer(contentType: string) {
		const chunk = Buffer.alloc(MiB, '<a/>');
		let sent = 0;
		let requests = 0;
		let closed = 0;
		const server = createServer((request, response) => {
			request.socket.once('close', () => closed++);
			response.writeHead(200, {
				'content-type': contentType,
				'content-length': 1024 * MiB,
				etag: '"e"',
			});
			if (request.method === 'HEAD') {
				response.end();
				return;
			}
			requests += 1;
			const more = () => {
				while (!response.destroyed && response.write(chunk)) sent += chunk.length;
			};
			response.on('drain', more);
			more();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const main = { accessKeyId: 'key', secretAccessKey: 'secret' };
		const endpoint = `http://127.0.0.1:${port}`;
		const s3 = await openS3(connectionTo({ endpoint, region: 'us-east-1', users: { main } }));
		return {
			s3,
			counts: () => ({ sent, requests, closed }),
			stop: () => {
				server.closeAllConnections();
				server.close();
			},
		};
	}

	it.each(['application/octet-stream', 'application/xml'])(
		'a large object of type %s that comes in place of its attributes is read no further than 16 MiB, once',
		async (contentType) => {
			const { s3, counts, stop } = await ignorantServer(contentType);
			try {
				const before = process.memoryUsage().arrayBuffers;
				const found = await head({ attributes: true }, s3);
				expect(found).toMatchObject({ size: 1024 * MiB, etag: 'e' });
				expect(found).not.toHaveProperty('attributes');
				expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * MiB);
				expect(counts().requests).toBe(1);
				// What is in buffers of the two sockets is not counted.
				expect(counts().sent).toBeLessThan(32 * MiB);
				await head({ attributes: true }, s3);
				expect(counts().requests).toBe(1);
			} finally {
				stop();
			}
		},
	);

	it('an object that is XML is not taken for attributes', async () => {
		await objects.put('key');
		const body = '<Checksum><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Checksum>';
		const effect = { kind: 'answer', status: 200, body } as const;
		objects.server.faults.add({ operation: 'GetObjectAttributes', effect });
		const s3 = await openS3(connectionTo(objects.server, { multipartThreshold: 2 }));
		expect(await head({ attributes: true }, s3)).not.toHaveProperty('attributes');
	});
});
