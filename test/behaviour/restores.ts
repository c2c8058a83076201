/** What S3 has to do with objects in archives. */
import type { TestServer } from '../servers/TestServer';
import { TestBucket } from './TestBucket';

export function describeRestores(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	it('a restore leaves alone what is not archived, and does not find what is not there', async () => {
		await bucket.put('key', 'content');
		expect(await bucket.restore('key')).toMatchObject({ key: 'key', state: 'notArchived' });
		expect((await bucket.get('key')).content.toString()).toBe('content');
		await expect(bucket.restore('nothing')).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('an archived object is read, copied and put into another class when it was restored', async () => {
		const { finishRestore, lacks } = server();
		const storing = bucket.put('archived', 'content', { storageClass: 'GLACIER' });
		if (lacks.includes('archives')) {
			await expect(storing).rejects.toMatchObject({ kind: 'rejected' });
			return;
		}
		await storing;
		const archived = { kind: 'rejected', code: 'InvalidObjectState' };
		const uses = [
			() => bucket.get('archived'),
			() => bucket.copy('archived', 'copy'),
			() => bucket.changeClass('archived', { storageClass: 'STANDARD' }),
		];
		for (const use of uses) await expect(use()).rejects.toMatchObject(archived);
		expect(await bucket.restore('archived')).toMatchObject({ state: 'inProgress' });
		expect(await bucket.restore('archived')).toMatchObject({ state: 'inProgress' });
		// On AWS that takes hours.
		if (finishRestore === undefined) return;
		finishRestore(bucket.name, 'archived');
		expect(await bucket.restore('archived')).toMatchObject({
			state: 'restored',
			storageClass: 'GLACIER',
			expiresAt: expect.stringMatching(/T00:00:00\.000Z$/) as string,
		});
		for (const use of uses) await use();
		expect((await bucket.get('copy')).content.toString()).toBe('content');
		expect((await bucket.head('archived')).storageClass ?? 'STANDARD').toBe('STANDARD');
	});
}
