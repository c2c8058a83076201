import { CALLS } from '../../../../s3/calls/calls';
import { commands } from '../../../../s3/sdk';

const object = { Bucket: 'data', Key: 'a/b c.txt' };
const target = { bucket: 'data', key: 'a/b c.txt' };

/** Actions alone, for calls about one object. */
const actions = (permissions: { action: string }[]) => permissions.map(({ action }) => action);

describe('the table of calls', () => {
	it('the table of calls has a row for each command and no other', () => {
		expect(Object.keys(CALLS).sort()).toEqual(Object.keys(commands).sort());
	});

	it('the table of calls asks for permissions on versions only when a version is named', () => {
		expect(actions(CALLS.GetObject.permissions(object))).toEqual(['s3:GetObject']);
		const version = { ...object, VersionId: 'v1' };
		expect(actions(CALLS.GetObject.permissions(version))).toEqual(['s3:GetObjectVersion']);
		expect(actions(CALLS.GetObjectTagging.permissions(version))).toEqual([
			's3:GetObjectVersionTagging',
		]);
		expect(actions(CALLS.DeleteObject.permissions(version))).toEqual(['s3:DeleteObjectVersion']);
		expect(
			actions(CALLS.GetObjectAttributes.permissions({ ...version, ObjectAttributes: [] })),
		).toEqual(['s3:GetObjectVersion', 's3:GetObjectVersionAttributes']);
	});

	it('the table of calls asks for the permissions of what a write says besides its bytes', () => {
		expect(actions(CALLS.PutObject.permissions(object))).toEqual(['s3:PutObject']);
		const more = {
			...object,
			ACL: 'private' as const,
			Tagging: 'a=b',
			ObjectLockMode: 'GOVERNANCE' as const,
			ObjectLockLegalHoldStatus: 'ON' as const,
		};
		const all = [
			's3:PutObject',
			's3:PutObjectAcl',
			's3:PutObjectTagging',
			's3:PutObjectRetention',
			's3:PutObjectLegalHold',
		];
		expect(actions(CALLS.PutObject.permissions(more))).toEqual(all);
		expect(actions(CALLS.CreateMultipartUpload.permissions(more))).toEqual(all);
	});

	it('the table of calls asks for the permission to read for a write that an ETag must match', () => {
		const both = ['s3:PutObject', 's3:GetObject'];
		const matching = { ...object, IfMatch: 'e' };
		expect(actions(CALLS.PutObject.permissions(matching))).toEqual(both);
		const upload = { ...matching, UploadId: 'u' };
		expect(actions(CALLS.CompleteMultipartUpload.permissions(upload))).toEqual(both);
		const onto = { ...matching, CopySource: 'other/x' };
		expect(CALLS.CopyObject.permissions(onto).slice(1)).toEqual(
			both.map((action) => ({ action, on: target })),
		);
		const onlyNew = { ...object, IfNoneMatch: '*' };
		expect(actions(CALLS.PutObject.permissions(onlyNew))).toEqual(['s3:PutObject']);
	});

	it('the table of calls asks for s3:BypassGovernanceRetention when retention is bypassed', () => {
		const bypassing = { ...object, BypassGovernanceRetention: true };
		expect(actions(CALLS.DeleteObject.permissions(bypassing))).toEqual([
			's3:DeleteObject',
			's3:BypassGovernanceRetention',
		]);
	});

	it('the table of calls names both ends of a copy, its source decoded', () => {
		const input = { ...object, CopySource: '/other/x%2By%20z.txt?versionId=v1' };
		expect(CALLS.CopyObject.touches(input)).toEqual([
			target,
			{ bucket: 'other', key: 'x+y z.txt' },
		]);
		expect(CALLS.CopyObject.permissions(input)).toEqual([
			{ action: 's3:GetObjectVersion', on: { bucket: 'other', key: 'x+y z.txt' } },
			{ action: 's3:PutObject', on: target },
		]);
	});

	it('the table of calls names both ends of a copied part and of a rename', () => {
		const part = { ...object, CopySource: 'other/a%20b' };
		const source = { bucket: 'other', key: 'a b' };
		expect(CALLS.UploadPartCopy.touches(part as never)).toEqual([target, source]);
		const rename = { ...object, RenameSource: 'a%20b' };
		const old = { bucket: target.bucket, key: 'a b' };
		expect(CALLS.RenameObject.touches(rename)).toEqual([target, old]);
	});

	it('the table of calls takes the access point for the bucket of a copy’s source', () => {
		const arn = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/reports';
		const input = { ...object, CopySource: `${arn}/object/a%3Fb` };
		expect(CALLS.CopyObject.touches(input)[1]).toEqual({ bucket: arn, key: 'a?b' });
	});

	it('the table of calls names every key of a bulk delete, and the permissions of keys and versions', () => {
		const input = {
			Bucket: 'data',
			Delete: { Objects: [{ Key: 'a' }, { Key: 'b', VersionId: 'v1' }] },
		};
		expect(CALLS.DeleteObjects.touches(input)).toEqual([
			{ bucket: 'data' },
			{ bucket: 'data', key: 'a' },
			{ bucket: 'data', key: 'b' },
		]);
		expect(actions(CALLS.DeleteObjects.permissions(input))).toEqual([
			's3:DeleteObject',
			's3:DeleteObjectVersion',
		]);
	});
});
