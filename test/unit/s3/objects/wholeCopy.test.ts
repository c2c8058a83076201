import { objectHead } from '../../../../s3/headers/objectHead';
import type { CopyPlan, CopyRequest } from '../../../../s3/objects/CopyRequest';
import { writeOf } from '../../../../s3/objects/copyWrite';
import { hasAllOf, hasTagsOf } from '../../../../s3/objects/wholeCopy';
import type { HeadObjectCommandOutput } from '../../../../s3/sdk';
import { rejectionOf } from '../../failureOf';
import { names, refusal, scriptedS3 } from './scriptedS3';

const call = { signal: undefined, retryFor: 1000 };
const about = { bucket: 'b', key: 'copy' };
const headWith = (more: Partial<HeadObjectCommandOutput> = {}) =>
	objectHead(about, { $metadata: {}, ETag: '"e"', ...more });

function planWith(
	request: Partial<CopyRequest>,
	head = headWith(),
	respond: Parameters<typeof scriptedS3>[0] = () => ({}),
) {
	const { s3, sent } = scriptedS3(respond);
	const source = { bucket: 'b', key: 'k' };
	const kept = { metadataDirective: 'keep', tagsDirective: 'keep' } as const;
	const plan: CopyPlan = {
		source: s3,
		target: s3,
		head,
		request: { source, ...about, ...kept, ...request },
	};
	return { plan, sent };
}

const retainUntil = new Date('2100-01-01T00:00:00.500Z');
const lock = { mode: 'GOVERNANCE', retainUntil, legalHold: true } as const;
const locked = {
	ObjectLockMode: 'GOVERNANCE',
	ObjectLockRetainUntilDate: new Date('2100-01-01T00:00:00Z'),
	ObjectLockLegalHoldStatus: 'ON',
} as const;
const kms = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn:aws:kms:r:1:key/id' } as const;

it.each<[string, Partial<CopyRequest>, Partial<HeadObjectCommandOutput>, boolean]>([
	['nothing asked for', {}, {}, true],
	['a class', { storageClass: 'GLACIER' }, { StorageClass: 'GLACIER' }, true],
	['another class', { storageClass: 'GLACIER' }, {}, false],
	['an encryption by S3', { encryption: { kind: 's3' } }, { ServerSideEncryption: 'AES256' }, true],
	['no encryption', { encryption: { kind: 's3' } }, {}, false],
	['any KMS key', { encryption: { kind: 'kms' } }, kms, true],
	['a KMS key by its ID', { encryption: { kind: 'kms', keyId: 'id' } }, kms, true],
	['a KMS key by its ARN', { encryption: { kind: 'kms', keyId: kms.SSEKMSKeyId } }, kms, true],
	['another KMS key', { encryption: { kind: 'kms', keyId: 'd' } }, kms, false],
	['one layer of KMS', { encryption: { kind: 'kmsDsse' } }, kms, false],
	[
		'a customer key',
		{ encryption: { kind: 'customer', key: 'k' } },
		{ SSECustomerAlgorithm: 'AES256' },
		true,
	],
	['a lock', { objectLock: lock }, locked, true],
	[
		'a lock of another mode',
		{ objectLock: lock },
		{ ...locked, ObjectLockMode: 'COMPLIANCE' },
		false,
	],
	[
		'a lock of another day',
		{ objectLock: lock },
		{ ...locked, ObjectLockRetainUntilDate: new Date('2099-01-01') },
		false,
	],
	[
		'no legal hold',
		{ objectLock: lock },
		{ ...locked, ObjectLockLegalHoldStatus: undefined },
		false,
	],
	['a redirect', { websiteRedirectLocation: '/a' }, { WebsiteRedirectLocation: '/a' }, true],
	['no redirect', { websiteRedirectLocation: '/a' }, {}, false],
	['an ACL that does not show', { acl: 'public-read' }, {}, false],
])(
	'an object with %s counts as the copy of a request only if it has it',
	(_, request, found, has) => {
		const { plan } = planWith(request);
		expect(hasAllOf(plan, writeOf(plan), headWith(found))).toBe(has);
	},
);

it('an object with new headers has all of a copy by what they mean, not by how they are written', () => {
	const { plan } = planWith({
		metadataDirective: 'replace',
		contentEncoding: 'gzip,aws-chunked',
		expires: new Date('2030-01-01T00:00:00.700Z'),
		metadata: { 'X-Amz-Meta-A': 'ä' },
	});
	const found = {
		ContentType: 'binary/octet-stream',
		ContentEncoding: 'gzip',
		ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT',
		Metadata: { a: '=?UTF-8?B?w6Q=?=' },
	};
	expect(hasAllOf(plan, writeOf(plan), headWith(found))).toBe(true);
	expect(hasAllOf(plan, writeOf(plan), headWith({ ...found, ExpiresString: '0' }))).toBe(false);
	expect(hasAllOf(plan, writeOf(plan), headWith({ ...found, CacheControl: 'x' }))).toBe(false);
});

it('an object keeps an Expires that is no date only if it has the same', () => {
	const { plan } = planWith({}, headWith({ ExpiresString: '0' }));
	expect(hasAllOf(plan, writeOf(plan), headWith({ ExpiresString: '0' }))).toBe(true);
	expect(hasAllOf(plan, writeOf(plan), headWith())).toBe(false);
});

const tagged = (key: string, versionId?: string) => ({
	TagSet: [{ Key: key, Value: '1' }],
	VersionId: versionId,
});

it('hasTagsOf compares the tags of the object with those that the copy is to have', async () => {
	const kept = planWith({}, headWith(), () => tagged('a'));
	expect(await hasTagsOf(kept.plan, headWith(), call)).toBe(true);
	const other = planWith({}, headWith(), ({ input }) => tagged(input['Key'] as string));
	expect(await hasTagsOf(other.plan, headWith(), call)).toBe(false);
	const replaced = { tagsDirective: 'replace' as const, tags: { a: '1' } };
	const asked = planWith(replaced, headWith(), () => tagged('a'));
	expect(await hasTagsOf(asked.plan, headWith(), call)).toBe(true);
	expect(names(asked.sent)).toEqual(['GetObjectTagging']);
});

it('hasTagsOf asks nothing of a copy that is to have no tags', async () => {
	const { plan, sent } = planWith({ tagsDirective: 'drop' });
	expect(await hasTagsOf(plan, headWith(), call)).toBe(true);
	expect(sent).toEqual([]);
});

it('hasTagsOf does not know the tags of another version, or of what may not be read', async () => {
	const ofNewer = planWith({ tagsDirective: 'replace', tags: { a: '1' } }, headWith(), () =>
		tagged('a', 'newer'),
	);
	expect(await hasTagsOf(ofNewer.plan, headWith({ VersionId: 'v' }), call)).toBeUndefined();
	const refusing = (kind: 'denied' | 'cancelled') =>
		planWith({}, headWith(), () => {
			throw refusal({ kind });
		}).plan;
	expect(await hasTagsOf(refusing('denied'), headWith(), call)).toBeUndefined();
	expect(await rejectionOf(hasTagsOf(refusing('cancelled'), headWith(), call))).toMatchObject({
		kind: 'cancelled',
	});
});
