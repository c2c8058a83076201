/** What S3 has to do with the ACLs of objects, in a bucket that has them. */
import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { MiB, TestBucket } from './TestBucket';

const READABLE = ['READ to AllUsers'];

export function describeAcls(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		const headers = { 'x-amz-object-ownership': 'ObjectWriter' };
		const opened = TestBucket.open(server(), {}, undefined, headers);
		// Servers whose buckets all have ACLs may refuse the header.
		bucket = await opened.catch(async () => await TestBucket.open(server()));
	});
	/** Looks at the ACL of an object. A server that keeps none lets nobody else read it, whatever was asked for. */
	const expectGranted = async (key: string, granted: string[]) => {
		const kept = server().lacks.includes('acls') ? [] : granted;
		expect(await bucket.granted(key)).toEqual(kept);
	};

	it.each([
		['few bytes', 1000, {}],
		['a stream', content.length, {}],
		['more than the threshold', content.length, { multipartThreshold: 0, partSize: 5 * MiB }],
	])(
		'a put of %s gives the object its ACL, and none unless it is asked for',
		async (_, size, way) => {
			const bytes = content.subarray(0, size);
			await bucket.put('open', bytes, { ...way, acl: 'public-read' });
			await expectGranted('open', READABLE);
			await bucket.put('open', bytes, way);
			await expectGranted('open', []);
		},
	);

	it.each([
		['public-read-write', ['READ to AllUsers', 'WRITE to AllUsers']],
		['authenticated-read', ['READ to AuthenticatedUsers']],
		['private', []],
		['bucket-owner-read', []],
		['bucket-owner-full-control', []],
	])('the ACL %s grants what its name says', async (acl, granted) => {
		await bucket.put(acl, 'content', { acl });
		await expectGranted(acl, granted);
	});

	it('an ACL that S3 does not have stores nothing', async () => {
		const putting = bucket.put('unknown', 'content', { acl: 'nonsense' });
		await expect(putting).rejects.toMatchObject({ kind: 'rejected', status: 400 });
		await expect(bucket.head('unknown')).rejects.toMatchObject({ kind: 'notFound' });
	});

	it.each([
		['at once', {}, 1],
		['in parts', { multipartThreshold: 5 * MiB, partSize: 5 * MiB }, 3],
	])('a copy %s is private, or has the ACL that is asked for', async (_, sizes, parts) => {
		await bucket.put('source', content, { acl: 'public-read' });
		expect(await bucket.copy('source', 'copy', sizes)).toMatchObject({ parts });
		await expectGranted('copy', []);
		await bucket.copy('source', 'copy', { ...sizes, acl: 'public-read' });
		await expectGranted('copy', READABLE);
	});

	it('a moved object is private, or has the ACL that is asked for', async () => {
		await bucket.put('from', 'content', { acl: 'public-read' });
		await bucket.move('from', 'to', { acl: 'public-read' });
		await expectGranted('to', READABLE);
		await bucket.move('to', 'further');
		await expectGranted('further', []);
	});

	it('an object in another storage class is private, or has the ACL that is asked for', async () => {
		await bucket.put('classed', 'content', { acl: 'public-read' });
		await bucket.changeClass('classed', { storageClass: 'STANDARD_IA' });
		await expectGranted('classed', []);
		await bucket.changeClass('classed', { storageClass: 'STANDARD', acl: 'public-read' });
		await expectGranted('classed', READABLE);
	});

	it('an object that was appended to is private', async () => {
		await bucket.put('log', 'a', { acl: 'public-read' });
		await bucket.append('log', 'b');
		expect((await bucket.get('log')).content.toString()).toBe('ab');
		await expectGranted('log', []);
	});
}
