import { buffer } from 'node:stream/consumers';
import type { S3 } from '../../../s3/client/S3';
import type { Fault } from '../../servers/embedded';
import { asAws } from '../asAws';
import { Downloads, large, MiB, small } from './downloads';

const downloads = new Downloads('etags');
const DAMAGED = { kind: 'corrupt', retryable: true, code: undefined, bucket: 'etags', key: 'key' };

const fault = (effect: Fault['effect'], times = Infinity) => {
	downloads.server.faults.add({ operation: 'GetObject', times, effect });
};

/** A connection without the condition that the ETag is the same. */
const asking = (s3: S3): S3 => ({
	...s3,
	send: (name, input, options) => s3.send(name, { ...input, IfMatch: undefined }, options),
});

beforeEach(() => downloads.store('key', small));

it.each([
	['once', 1],
	['in each response', Infinity],
])('a byte of a small object that is changed %s is an error', async (_, times) => {
	fault({ kind: 'corrupt', offset: 12_345 }, times);
	await expect(downloads.get('key')).rejects.toMatchObject(DAMAGED);
});

it('a small object that was cut off with a length that fits is an error', async () => {
	const { head } = await downloads.open('key');
	const headers = { etag: `"${head.etag}"`, 'content-type': 'text/plain' };
	fault({ kind: 'answer', status: 200, headers, body: small.toString('latin1', 0, MiB) }, 1);
	await expect(downloads.get('key')).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
});

it('a byte of a large object that is changed is an error if it is to be verified', async () => {
	await downloads.store('key', large);
	fault({ kind: 'corrupt', offset: 12_345 }, 1);
	expect((await downloads.get('key')).equals(large)).toBe(false);
	fault({ kind: 'corrupt', offset: 12_345 }, 1);
	await expect(downloads.get('key', { verifyEtag: 'always' })).rejects.toMatchObject(DAMAGED);
});

it('an object that is damaged where it is stored is an error on AWS', async () => {
	downloads.damage('key', 5);
	await expect(downloads.get('key', { s3: asAws(downloads.s3) })).rejects.toMatchObject(DAMAGED);
});

it('an object is read from a server whose ETags are no MD5s', async () => {
	const withoutCondition = asking(downloads.saying({ ETag: `"${'0'.repeat(32)}"` }));
	const { body } = await downloads.open('key', { s3: withoutCondition });
	expect((await buffer(body)).equals(small)).toBe(true);
	expect(downloads.server.requests).toHaveLength(3);
	downloads.server.requests.length = 0;
	await downloads.get('key', { s3: withoutCondition, verifyEtag: 'never' });
	expect(downloads.server.requests).toHaveLength(1);
});

it.each([
	['an empty object', ''],
	['an object of one byte', 'x'],
])('%s is read from a server whose ETags are no MD5s', async (_, content) => {
	await downloads.store('key', Buffer.from(content));
	const s3 = asking(downloads.saying({ ETag: `"${'0'.repeat(32)}"` }));
	expect(String(await downloads.get('key', { s3 }))).toBe(content);
});

it('a byte of an object of one byte that is changed is an error', async () => {
	await downloads.store('key', Buffer.from('x'));
	fault({ kind: 'corrupt', offset: 0 }, 1);
	await expect(downloads.get('key')).rejects.toMatchObject(DAMAGED);
});

it('a byte of a small object of unknown length that is changed is an error', async () => {
	const s3 = downloads.saying({ ContentLength: undefined }, ['GetObject']);
	fault({ kind: 'corrupt', offset: 12_345 }, 1);
	await expect(downloads.get('key', { s3 })).rejects.toMatchObject(DAMAGED);
});

it('a large object of unknown length is verified only if it is to be', async () => {
	await downloads.store('key', large);
	const s3 = downloads.saying({ ContentLength: undefined }, ['GetObject']);
	fault({ kind: 'corrupt', offset: 12_345 }, 1);
	expect((await downloads.get('key', { s3 })).length).toBe(large.length);
	fault({ kind: 'corrupt', offset: 12_345 }, 1);
	const always = downloads.get('key', { s3, verifyEtag: 'always' });
	await expect(always).rejects.toMatchObject(DAMAGED);
});
