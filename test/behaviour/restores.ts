/** What S3 has to do with objects in archives. */
import type { ListedObject } from '../../s3/list/ListedEntry';
import type { TestServer } from '../servers/TestServer';
import { TestBucket } from './TestBucket';

export function describeRestores(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	/** What a listing tells of the restore of an object. */
	async function restoreStatusOf(prefix: string): Promise<object | undefined> {
		const { entries } = await bucket.list({ prefix, includeRestoreStatus: true });
		expect(entries).toMatchObject([{ key: prefix }]);
		return (entries as ListedObject[])[0]?.restoreStatus;
	}

	it('a restore leaves alone what is not archived, and does not find what is not there', async () => {
		await bucket.put('key', 'content');
		expect(await bucket.restore('key')).toMatchObject({ key: 'key', state: 'notArchived' });
		expect((await bucket.get('key')).content.toString()).toBe('content');
		expect(await restoreStatusOf('key')).toBeUndefined();
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
		expect(await restoreStatusOf('archived')).toBeUndefined();
		const archived = { kind: 'rejected', code: 'InvalidObjectState' };
		const uses = [
			() => bucket.get('archived'),
			() => bucket.copy('archived', 'copy'),
			() => bucket.changeClass('archived', { storageClass: 'STANDARD' }),
		];
		for (const use of uses) await expect(use()).rejects.toMatchObject(archived);
		expect(await bucket.restore('archived')).toMatchObject({ state: 'inProgress' });
		expect(await bucket.restore('archived')).toMatchObject({ state: 'inProgress' });
		expect(await restoreStatusOf('archived')).toMatchObject({ state: 'inProgress' });
		// On AWS that takes hours.
		if (finishRestore === undefined) return;
		finishRestore(bucket.name, 'archived');
		const { state, storageClass, expiresAt } = await bucket.restore('archived');
		expect([state, storageClass]).toEqual(['restored', 'GLACIER']);
		expect(expiresAt).toMatch(/T00:00:00\.000Z$/);
		expect(await restoreStatusOf('archived')).toEqual({ state, expiresAt });
		const versions = await bucket.versions({ versionsOf: 'archived', includeRestoreStatus: true });
		expect(versions.map(({ restoreStatus }) => restoreStatus)).toEqual([{ state, expiresAt }]);
		expect((await bucket.list({ prefix: 'archived' })).entries[0]).not.toHaveProperty(
			'restoreStatus',
		);
		for (const use of uses) await use();
		expect((await bucket.get('copy')).content.toString()).toBe('content');
		expect((await bucket.head('archived')).storageClass ?? 'STANDARD').toBe('STANDARD');
	});
}
