import { restoreObject } from '../../../../s3/objects/restoreObject';
import type { RestoreRequest } from '../../../../s3/objects/restoreObject';
import { rejectionOf } from '../../failureOf';
import { names, refusal, scriptedS3 } from './scriptedS3';

const call = { signal: undefined };
const HOUR = 3_600_000;

/** Restores an object with this head; the server responds with this status or code. */
function restore(
	head: object,
	response: number | string | Parameters<typeof refusal>[0] = 202,
	request: Partial<RestoreRequest> = {},
) {
	const { s3, sent } = scriptedS3(({ name }) => {
		if (name === 'HeadObject') return head;
		if (typeof response === 'string') throw refusal({ code: response });
		if (typeof response === 'object') throw refusal(response);
		return { $metadata: { httpStatusCode: response } };
	});
	const usual = { bucket: 'b', key: 'k', days: 3, tier: 'Standard' } as const;
	return { sent, result: restoreObject(s3, { ...usual, ...request }, call) };
}

const bodyOf = ({ sent }: ReturnType<typeof restore>) =>
	sent.find(({ name }) => name === 'RestoreObject')?.input.RestoreRequest;

describe('restoreObject', () => {
	it.each([
		['GLACIER', 'Standard', 5],
		['GLACIER', 'Bulk', 12],
		['DEEP_ARCHIVE', 'Standard', 12],
		['DEEP_ARCHIVE', 'Bulk', 48],
	] as const)(
		'restoreObject begins to restore from %s by %s within %i hours',
		async (StorageClass, tier, hours) => {
			const before = Date.now();
			const restoring = restore({ StorageClass }, 202, { tier });
			const { state, readyEstimate, expiresAt } = await restoring.result;
			expect([state, expiresAt]).toEqual(['inProgress', undefined]);
			const estimate = Date.parse(readyEstimate ?? '') - hours * HOUR;
			expect(estimate).toBeGreaterThanOrEqual(before);
			expect(estimate).toBeLessThanOrEqual(Date.now());
			expect(bodyOf(restoring)).toEqual({ Days: 3, GlacierJobParameters: { Tier: tier } });
		},
	);

	it('restoreObject estimates five minutes by Expedited, and nothing for more than 250 MB', async () => {
		const by = async (head: object) => {
			const before = Date.now();
			const { readyEstimate } = await restore(head, 202, { tier: 'Expedited' }).result;
			return readyEstimate === undefined ? undefined : Date.parse(readyEstimate) - before;
		};
		const small = { StorageClass: 'GLACIER', ContentLength: 250_000_000 };
		const estimate = await by(small);
		expect(estimate).toBeGreaterThanOrEqual(HOUR / 12);
		expect(estimate).toBeLessThan(HOUR / 11);
		expect(await by({ ...small, ContentLength: 250_000_001 })).toBeUndefined();
		expect(await by({ StorageClass: 'GLACIER' })).toBeUndefined();
	});

	it('restoreObject sends no days for an archive of Intelligent-Tiering', async () => {
		const head = { StorageClass: 'INTELLIGENT_TIERING', ArchiveStatus: 'ARCHIVE_ACCESS' };
		const restoring = restore(head);
		await restoring.result;
		expect(bodyOf(restoring)).toEqual({ GlacierJobParameters: { Tier: 'Standard' } });
	});

	it.each([{}, { StorageClass: 'GLACIER_IR' }, { StorageClass: 'INTELLIGENT_TIERING' }])(
		'restoreObject sends nothing more for an object that is not archived: %j',
		async (head) => {
			const { result, sent } = restore(head);
			expect(await result).toMatchObject({ state: 'notArchived' });
			expect(names(sent)).toEqual(['HeadObject']);
		},
	);

	it('restoreObject sends nothing more by the slowest tier while a restore is going on', async () => {
		const head = { StorageClass: 'GLACIER', Restore: 'ongoing-request="true"' };
		const { result, sent } = restore(head, 202, { tier: 'Bulk' });
		expect(await result).toMatchObject({ state: 'inProgress', readyEstimate: undefined });
		expect(names(sent)).toEqual(['HeadObject']);
	});

	it.each([
		['GLACIER', 'Standard'],
		['GLACIER', 'Expedited'],
		['DEEP_ARCHIVE', 'Standard'],
	] as const)(
		'restoreObject speeds up a restore from %s that is going on by %s, unless it is as fast already',
		async (StorageClass, tier) => {
			const head = { StorageClass, ContentLength: 1, Restore: 'ongoing-request="true"' };
			const faster = await restore(head, 202, { tier }).result;
			expect(faster).toMatchObject({
				state: 'inProgress',
				readyEstimate: expect.any(String) as string,
			});
			const same = await restore(head, 'RestoreAlreadyInProgress', { tier }).result;
			expect(same).toMatchObject({ state: 'inProgress', readyEstimate: undefined });
		},
	);

	it('restoreObject takes a restore that somebody else has begun for one in progress', async () => {
		const { result } = restore({ StorageClass: 'GLACIER' }, 'RestoreAlreadyInProgress');
		expect(await result).toMatchObject({ state: 'inProgress', readyEstimate: undefined });
		expect(await rejectionOf(restore({ StorageClass: 'GLACIER' }, 'Other').result)).toMatchObject({
			code: 'Other',
		});
	});

	it('restoreObject takes an object for one that is not archived if S3 says so', async () => {
		const { result } = restore({ StorageClass: 'GLACIER' }, 'InvalidObjectState');
		expect(await result).toMatchObject({ state: 'notArchived', storageClass: 'GLACIER' });
	});

	it.each([{ code: 'InvalidObjectState' }, { code: 'Conflict', status: 409 }, { status: 409 }])(
		'restoreObject says that a restore goes on which the server does not speed up: %j',
		async (refused) => {
			const head = { StorageClass: 'GLACIER', Restore: 'ongoing-request="true"' };
			expect(await restore(head, refused).result).toMatchObject({ state: 'inProgress' });
		},
	);

	it('restoreObject tells until when a restored object stays readable', async () => {
		const head = {
			StorageClass: 'GLACIER',
			Restore: 'ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"',
		};
		expect(await restore(head, 200).result).toMatchObject({
			state: 'restored',
			expiresAt: '2012-12-21T00:00:00.000Z',
			storageClass: 'GLACIER',
		});
	});

	it('restoreObject refuses the tier that a deep archive does not have', async () => {
		const { result, sent } = restore({ StorageClass: 'DEEP_ARCHIVE' }, 202, { tier: 'Expedited' });
		expect(await rejectionOf(result)).toMatchObject({ kind: 'invalid' });
		expect(names(sent)).toEqual(['HeadObject']);
	});
});
