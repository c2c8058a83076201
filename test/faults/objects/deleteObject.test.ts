/** Deletions of one object whose responses are lost, come late or refuse. */
import { deleteObject } from '../../../s3/objects/deleteObject';
import type { DeleteRequest } from '../../../s3/objects/deleteObject';
import { rejectionOf } from '../../unit/failureOf';
import { asAws } from '../asAws';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const operation = 'DeleteObject';
const LOSE = { kind: 'loseAnswer' } as const;
const INTERNAL_ERROR = { kind: 'answer', status: 500, code: 'InternalError' } as const;

const del = (request: Partial<DeleteRequest> = {}) =>
	deleteObject(asAws(objects.s3), { bucket, key: 'key', ...request }, call);

function denyHead(): void {
	const effect = { kind: 'answer', status: 403 } as const;
	objects.server.faults.add({ operation: 'HeadObject', effect });
}

it('a deletion whose response was lost is sent again', async () => {
	await objects.put('key');
	objects.server.faults.add({ operation, times: 1, effect: LOSE });
	expect(await del()).toMatchObject({ deleted: true, deleteMarker: false });
	expect(objects.operations()).toEqual([operation, operation]);
	expect(objects.stored('key')).toBeUndefined();
});

it('a deletion is done if the repetition is told that there is no such object', async () => {
	await objects.put('key');
	objects.server.faults.add(
		{ operation, times: 1, effect: LOSE },
		{ operation, effect: { kind: 'answer', status: 404, code: 'NoSuchKey' } },
	);
	expect(await del()).toMatchObject({ deleted: true });
});

it('a conditional deletion whose response was lost is done if the object is gone', async () => {
	const { etag } = await objects.put('key');
	objects.server.faults.add({ operation, times: 1, effect: LOSE });
	expect(await del({ ifMatch: etag })).toEqual({
		bucket,
		key: 'key',
		versionId: undefined,
		deleteMarker: undefined,
		deleted: true,
	});
	expect(objects.operations()).toEqual([operation, operation, 'HeadObject']);
});

it('a conditional deletion whose response was lost is done in a bucket with versions, too', async () => {
	objects.bucket.versioning = 'Enabled';
	const { etag } = await objects.put('key');
	objects.server.faults.add({ operation, times: 1, effect: LOSE });
	expect(await del({ ifMatch: etag })).toMatchObject({ deleted: true, deleteMarker: undefined });
	expect(objects.stored('key')).toBeUndefined();
});

it('a conditional deletion is done if all its responses were lost', async () => {
	const { etag } = await objects.put('key');
	const reset = { kind: 'resetRequest', afterBytes: 0 } as const;
	objects.server.faults.add({ operation, times: 1, effect: LOSE });
	objects.server.faults.add({ operation, skip: 1, effect: reset });
	expect(await del({ ifMatch: etag })).toMatchObject({ deleted: true });
	expect(objects.sent(operation).length).toBeGreaterThanOrEqual(5);
});

it('a conditional deletion that never reached the server is not done, and says why', async () => {
	const { etag } = await objects.put('key');
	const effect = { kind: 'resetRequest', afterBytes: 0 } as const;
	objects.server.faults.add({ operation, effect });
	const failure = await rejectionOf(del({ ifMatch: etag }));
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNRESET' });
	expect(failure.advice).not.toContain('may be deleted');
	expect(objects.stored('key')).toBeDefined();
});

it('a conditional deletion that the server failed at is not done', async () => {
	const { etag } = await objects.put('key');
	objects.server.faults.add({ operation, effect: INTERNAL_ERROR });
	const failure = await rejectionOf(del({ ifMatch: etag }));
	expect(failure).toMatchObject({ kind: 'unavailable', status: 500 });
	expect(failure.advice).not.toContain('may be deleted');
});

it('a conditional deletion is uncertain if the object may not be looked at', async () => {
	const { etag } = await objects.put('key');
	denyHead();
	objects.server.faults.add({ operation, times: 1, effect: LOSE });
	const failure = await rejectionOf(del({ ifMatch: etag }));
	expect(failure).toMatchObject({
		kind: 'notFound',
		message: `Could not delete “key” in bucket “${bucket}”: the response to the first attempt was lost, so it may be deleted`,
		advice: 'The object may be deleted all the same. Look for it before you run it again.',
	});
});

it('a conditional deletion is uncertain if another object is there by then', async () => {
	const { etag } = await objects.put('key');
	objects.server.faults.add({ operation, times: 1, effect: LOSE });
	let attempts = 0;
	objects.server.faults.add({
		operation,
		when: () => {
			// Somebody puts another object between the two attempts.
			if (++attempts === 2) objects.server.store.putMany(bucket, ['key'], 3);
			return false;
		},
		effect: LOSE,
	});
	const failure = await rejectionOf(del({ ifMatch: etag }));
	expect(failure).toMatchObject({ kind: 'precondition', status: 412 });
	expect(failure.message).toContain('so it may be deleted');
	expect(objects.stored('key')).toBeDefined();
});

it('a conditional deletion of another object fails with its ETag, without a further request', async () => {
	await objects.put('key');
	const failure = await rejectionOf(del({ ifMatch: '"other"' }));
	expect(failure).toMatchObject({
		kind: 'precondition',
		status: 412,
		message: `Could not delete “key” in bucket “${bucket}”: the object is not the one with ETag other`,
	});
	expect(objects.operations()).toEqual([operation]);
	expect(objects.stored('key')).toBeDefined();
});

it('a conditional deletion of no object fails, also with *', async () => {
	for (const ifMatch of ['etag', '*']) {
		expect(await rejectionOf(del({ ifMatch }))).toMatchObject({
			kind: 'notFound',
			message: `Could not delete “key” in bucket “${bucket}”: there is no object with this key`,
		});
	}
});

it('a conditional deletion on another server asks for the ETag first, which such servers ignore', async () => {
	await objects.put('key');
	const request = { bucket, key: 'key', ifMatch: 'other' };
	const failure = await rejectionOf(deleteObject(objects.s3, request, call));
	expect(failure.kind).toBe('precondition');
	expect(objects.operations()).toEqual(['HeadObject']);
	expect(objects.stored('key')).toBeDefined();
});

it('a denied conditional deletion names the permission to read, too', async () => {
	const effect = { kind: 'answer', status: 403, code: 'AccessDenied', message: '' } as const;
	objects.server.faults.add({ operation, effect });
	expect((await rejectionOf(del({ ifMatch: 'e' }))).advice).toBe(
		`The identity of the credential needs s3:DeleteObject, s3:GetObject on arn:aws:s3:::${bucket}/key.`,
	);
	expect((await rejectionOf(del({ ifMatch: '*' }))).advice).toBe(
		`The identity of the credential needs s3:DeleteObject on arn:aws:s3:::${bucket}/key.`,
	);
});

it('a deletion that is cancelled is not sent', async () => {
	await objects.put('key');
	const cancelled = { signal: AbortSignal.abort() };
	for (const ifMatch of [undefined, 'e']) {
		const request = { bucket, key: 'key', ifMatch };
		const failure = await rejectionOf(deleteObject(objects.s3, request, cancelled));
		expect(failure.kind).toBe('cancelled');
	}
	expect(objects.operations()).toEqual([]);
});
