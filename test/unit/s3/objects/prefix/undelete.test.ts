import { undelete } from '../../../../../s3/objects/prefix/undelete';
import type { UndeleteRequest } from '../../../../../s3/objects/prefix/undelete';
import { rejectionOf } from '../../../failureOf';
import { names, refusal, scriptedS3 } from '../scriptedS3';
import type { SentCall } from '../scriptedS3';

const call = { signal: undefined };
const date = (second: number) => new Date(1000 * second);

/** Key `a` is deleted, key `b+c` was overwritten in second 9. */
const PAGE = {
	Versions: [
		{ Key: 'a', VersionId: 'v1', LastModified: date(1) },
		{ Key: 'b+c', VersionId: 'v2', LastModified: date(9), IsLatest: true },
		{ Key: 'b+c', VersionId: 'v&1', LastModified: date(1) },
	],
	DeleteMarkers: [{ Key: 'a', VersionId: 'm1', LastModified: date(8), IsLatest: true }],
};

/** What every other call is answered with. */
const COPIED = { ETag: '"e"', CopyObjectResult: { ETag: '"e"' } };

function server(refuse: (sent: SentCall) => boolean = () => false) {
	return scriptedS3((sent) => {
		if (refuse(sent)) throw refusal({ code: 'AccessDenied' });
		return sent.name === 'ListObjectVersions' ? PAGE : COPIED;
	});
}

const request: UndeleteRequest = { bucket: 'b', scope: { prefix: '' }, dryRun: false };

describe('undelete', () => {
	it('undelete removes a delete marker by its version', async () => {
		const { s3, sent } = server();
		expect(await undelete(s3, request, call)).toEqual({
			restored: [{ key: 'a', versionId: 'v1', by: 'markersRemoved' }],
			failed: [],
		});
		expect(names(sent)).toEqual(['ListObjectVersions', 'DeleteObject']);
		expect(sent[1]?.input).toMatchObject({ Key: 'a', VersionId: 'm1' });
	});

	it('undelete copies the version of a moment over a newer one, with key and version encoded', async () => {
		const { s3, sent } = server();
		expect(await undelete(s3, { ...request, asOf: date(7) }, call)).toMatchObject({
			restored: [
				{ key: 'a', by: 'markersRemoved' },
				{ key: 'b+c', versionId: 'v&1', by: 'versionCopied' },
			],
		});
		expect(sent.at(-1)).toMatchObject({
			name: 'CopyObject',
			input: { Key: 'b+c', CopySource: 'b/b%2Bc?versionId=v%261' },
		});
	});

	it('undelete keeps the storage class of a version, unless it is the usual one', async () => {
		const classes: unknown[] = [];
		for (const StorageClass of ['GLACIER_IR', 'STANDARD', undefined]) {
			const Versions = PAGE.Versions.map((one) => ({ ...one, StorageClass }));
			const { s3, sent } = scriptedS3(({ name }) =>
				name === 'ListObjectVersions' ? { Versions } : COPIED,
			);
			await undelete(s3, { ...request, asOf: date(7) }, call);
			classes.push(sent.at(-1)?.input.StorageClass);
		}
		expect(classes).toEqual(['GLACIER_IR', undefined, undefined]);
	});

	it('undelete encrypts a version again as it is', async () => {
		const kms = { SSEKMSKeyId: 'arn', BucketKeyEnabled: true };
		const { s3, sent } = scriptedS3(({ name }) =>
			name === 'ListObjectVersions' ? PAGE : { ...COPIED, ServerSideEncryption: 'aws:kms', ...kms },
		);
		await undelete(s3, { ...request, asOf: date(7) }, call);
		const looked = sent.find(({ name }) => name === 'HeadObject');
		expect(looked?.input).toMatchObject({ Key: 'b+c', VersionId: 'v&1' });
		expect(sent.at(-1)).toMatchObject({
			name: 'CopyObject',
			input: { ServerSideEncryption: 'aws:kms', ...kms },
		});
	});

	it('undelete says that a version which may not be looked at may be under a customer’s own key', async () => {
		const { s3, sent } = scriptedS3(({ name }) => {
			if (name === 'HeadObject') throw refusal({ status: 400, operation: name });
			return name === 'ListObjectVersions' ? PAGE : COPIED;
		});
		const { failed } = await undelete(s3, { ...request, asOf: date(7) }, call);
		expect(failed).toMatchObject([
			{
				key: 'b+c',
				message:
					'Could not bring back “b+c” in bucket “b”: the server refuses to tell of the version v&1, as it does if it is encrypted with a customer key (SSE-C)',
			},
		]);
		expect(names(sent)).not.toContain('CopyObject');
		const only = rejectionOf(
			undelete(s3, { ...request, scope: { key: 'b+c' }, asOf: date(7) }, call),
		);
		expect((await only).advice).toBe(
			'Such a version can be copied only with its key: use Copy with Source Version ID, Source Encryption Customer Key and Encryption Customer Key, and the same key of the object as target.',
		);
	});

	it.each([
		['the copy', 'CopyObject', 400],
		['a look that is forbidden', 'HeadObject', 403],
	])('undelete leaves the refusal of %s in the words of the server', async (_, refused, status) => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === refused) throw refusal({ status, operation: name });
			return name === 'ListObjectVersions' ? PAGE : COPIED;
		});
		const { failed } = await undelete(s3, { ...request, asOf: date(7) }, call);
		expect(failed).toMatchObject([{ key: 'b+c' }]);
		expect(failed[0]?.message).not.toContain('customer key');
	});

	it('undelete shows only the beginning of a version ID without end', async () => {
		const Versions = PAGE.Versions.map((one) => ({ ...one, VersionId: 'v'.repeat(5000) }));
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'HeadObject') throw refusal({ status: 400, operation: name });
			return name === 'ListObjectVersions' ? { ...PAGE, Versions } : COPIED;
		});
		const { failed } = await undelete(s3, { ...request, asOf: date(7) }, call);
		expect(failed[0]?.message).toContain('refuses to tell of the version v');
		expect(failed[0]?.message.length).toBeLessThan(1300);
	});

	it('undelete copies a version that is too large for a request in parts', async () => {
		const Versions = PAGE.Versions.map((one) => ({ ...one, Size: 11, StorageClass: 'GLACIER_IR' }));
		const { s3, sent } = scriptedS3(({ name }) =>
			name === 'ListObjectVersions'
				? { Versions }
				: { ContentLength: 11, ETag: '"e"', UploadId: 'u', CopyPartResult: { ETag: '"p"' } },
		);
		const large = { ...request, asOf: date(7), maxSingleCopy: 10, requestPayer: true };
		expect(await undelete(s3, large, call)).toMatchObject({
			restored: [{ key: 'b+c', versionId: 'v&1', by: 'versionCopied' }],
			failed: [],
		});
		expect(names(sent)).toContain('UploadPartCopy');
		expect(names(sent)).not.toContain('CopyObject');
		const begun = sent.find(({ name }) => name === 'CreateMultipartUpload');
		expect(begun?.input).toMatchObject({ StorageClass: 'GLACIER_IR', RequestPayer: 'requester' });
		const part = sent.find(({ name }) => name === 'UploadPartCopy');
		expect(part?.input).toMatchObject({ CopySource: 'b/b%2Bc?versionId=v%261' });
	});

	it('undelete changes nothing in a dry run', async () => {
		const { s3, sent } = server();
		const { restored } = await undelete(s3, { ...request, asOf: date(7), dryRun: true }, call);
		expect(restored).toHaveLength(2);
		expect(names(sent)).toEqual(['ListObjectVersions']);
	});

	it('undelete goes on with the other objects when one fails', async () => {
		const { s3 } = server(({ name }) => name === 'DeleteObject');
		expect(await undelete(s3, { ...request, asOf: date(7) }, call)).toMatchObject({
			restored: [{ key: 'b+c' }],
			failed: [{ key: 'a', code: 'AccessDenied' }],
		});
		const copies = server(({ name }) => name === 'CopyObject');
		expect(await undelete(copies.s3, { ...request, asOf: date(7) }, call)).toMatchObject({
			restored: [{ key: 'a' }],
			failed: [{ key: 'b+c', code: 'AccessDenied' }],
		});
	});

	it('undelete of a version whose copy is denied names the permissions for its tags', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'CopyObject') throw refusal({ kind: 'denied', operation: name });
			return name === 'ListObjectVersions' ? PAGE : COPIED;
		});
		const ofKey = { ...request, scope: { key: 'b+c' }, asOf: date(7) };
		expect((await rejectionOf(undelete(s3, ofKey, call))).advice).toBe(
			'Look. If the source has tags, it also needs s3:GetObjectVersionTagging on the source and s3:PutObjectTagging on the copy.',
		);
	});

	it.each([
		['is denied', undefined],
		['says Suspended', 'Suspended'],
	])(
		'undelete copies nothing over the version null if the look at versioning %s',
		async (_, Status) => {
			const Versions = [
				{ Key: 'a', VersionId: 'null', LastModified: date(9), IsLatest: true },
				{ Key: 'a', VersionId: 'v', LastModified: date(1) },
			];
			const { s3, sent } = scriptedS3(({ name }) => {
				if (name === 'GetBucketVersioning' && Status === undefined)
					throw refusal({ kind: 'denied' });
				return name === 'ListObjectVersions' ? { Versions } : { ...COPIED, Status };
			});
			const failure = await rejectionOf(undelete(s3, { ...request, asOf: date(7) }, call));
			expect(failure).toMatchObject({ code: 'WouldReplaceVersion', key: 'a' });
			expect(failure.advice).toContain('s3:GetBucketVersioning');
			expect(names(sent)).toEqual(['ListObjectVersions', 'GetBucketVersioning']);
		},
	);

	it('undelete throws if nothing could be brought back', async () => {
		const { s3 } = server(({ name }) => name === 'DeleteObject');
		expect(await rejectionOf(undelete(s3, request, call))).toMatchObject({ code: 'AccessDenied' });
	});

	const receiptOf = (...keys: string[]) =>
		keys.map((key) => ({ key, versionId: 'm', deleteMarker: true, permanent: undefined }));

	it('undelete makes no listing for a receipt if the server says that it has removed the marker', async () => {
		const { s3, sent } = scriptedS3(() => ({ DeleteMarker: true, VersionId: 'm' }));
		const receipt = receiptOf('x');
		const { restored } = await undelete(s3, { ...request, scope: { receipt } }, call);
		expect(restored).toEqual([{ key: 'x', versionId: undefined, by: 'markersRemoved' }]);
		expect(names(sent)).toEqual(['DeleteObject']);
	});

	it('undelete looks for the objects of a receipt if the server does not say what it has removed', async () => {
		const { s3 } = server();
		const receipt = receiptOf('a', 'b+c', 'x');
		const { restored, failed } = await undelete(s3, { ...request, scope: { receipt } }, call);
		expect(restored).toMatchObject([{ key: 'b+c', by: 'markersRemoved' }]);
		expect(failed).toMatchObject([
			{ key: 'a', code: 'noVersion' },
			{ key: 'x', code: 'noVersion' },
		]);
	});

	it('undelete of a key asks for its versions and brings back nothing else', async () => {
		const { s3, sent } = server();
		const ofKey = { ...request, scope: { key: 'a' }, asOf: date(7) };
		expect((await undelete(s3, ofKey, call)).restored).toMatchObject([{ key: 'a' }]);
		expect(sent[0]?.input).toMatchObject({ Prefix: 'a' });
	});

	it('undelete of a prefix asks for nothing else', async () => {
		const { s3, sent } = scriptedS3(() => ({}));
		const ofPrefix = { ...request, scope: { prefix: 'b/' } };
		expect(await undelete(s3, ofPrefix, call)).toEqual({ restored: [], failed: [] });
		expect(sent[0]?.input).toMatchObject({ Prefix: 'b/' });
	});

	it('undelete fails with the reason if nothing of a receipt can be looked at', async () => {
		const { s3, sent } = server(({ name }) => name === 'ListObjectVersions');
		const receipt = receiptOf('x').map((one) => ({ ...one, versionId: 'null' }));
		const failure = await rejectionOf(undelete(s3, { ...request, scope: { receipt } }, call));
		expect(failure).toMatchObject({ code: 'AccessDenied' });
		expect(names(sent)).toEqual(['ListObjectVersions']);
	});

	it('undelete brings back what it can of a receipt, and tells why not the rest', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'ListObjectVersions') throw refusal({ code: 'AccessDenied' });
			return { DeleteMarker: true, VersionId: 'm2' };
		});
		const [certain, unknown] = receiptOf('x', 'y');
		const receipt = [
			{ ...certain!, versionId: 'm2' },
			{ ...unknown!, versionId: 'null' },
		];
		const { restored, failed } = await undelete(s3, { ...request, scope: { receipt } }, call);
		expect(restored).toMatchObject([{ key: 'x' }]);
		expect(failed).toMatchObject([{ key: 'y', versionId: 'null', code: 'AccessDenied' }]);
	});

	it('undelete deletes nothing of a receipt but the markers that hide an object', async () => {
		const { s3, sent } = server();
		const entry = { key: 'x', versionId: 'v', deleteMarker: true, permanent: undefined };
		const receipt = [
			{ ...entry, key: 'without ID', versionId: undefined },
			{ ...entry, key: 'a version', deleteMarker: false },
			{ ...entry, key: 'of a dry run', deleteMarker: undefined },
			{ ...entry, key: 'deleted for good', permanent: true as const },
		];
		const { restored, failed } = await undelete(s3, { ...request, scope: { receipt } }, call);
		expect(restored).toEqual([]);
		expect(failed.map(({ key }) => key)).toEqual(receipt.map(({ key }) => key));
		expect(sent).toEqual([]);
	});

	it('undelete brings back a thousand objects before it lists more, and all of them', async () => {
		const keys = Array.from({ length: 1001 }, (_, i) => String(i).padStart(4, '0'));
		const pageOf = (some: string[]) => ({
			Versions: some.map((Key) => ({ Key, VersionId: 'v', LastModified: date(1) })),
			DeleteMarkers: some.map((Key) => ({
				Key,
				VersionId: 'm',
				LastModified: date(2),
				IsLatest: true,
			})),
		});
		// What is known of the last key of a page may go on with the next one.
		const pages = [pageOf(keys.slice(0, 1000)), pageOf(keys.slice(1000)), pageOf([])];
		const { s3, sent } = scriptedS3(({ name, input }) => {
			if (name !== 'ListObjectVersions') {
				return { Deleted: ((input.Delete ?? {}) as { Objects?: object[] }).Objects };
			}
			const more = pages.length > 1 && { IsTruncated: true, NextKeyMarker: `k${pages.length}` };
			return { ...pages.shift(), ...more };
		});
		expect((await undelete(s3, request, call)).restored).toHaveLength(1001);
		const list = 'ListObjectVersions';
		expect(names(sent)).toEqual([list, list, 'DeleteObjects', list, 'DeleteObject']);
	});

	it('undelete ends if it is cancelled, whatever was brought back before', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'CopyObject') throw refusal({ kind: 'cancelled' });
			return name === 'ListObjectVersions' ? PAGE : COPIED;
		});
		const cancelled = undelete(s3, { ...request, asOf: date(7) }, call);
		expect(await rejectionOf(cancelled)).toMatchObject({ kind: 'cancelled' });
	});
});
