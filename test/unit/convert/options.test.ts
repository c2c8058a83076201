import { optionsOf } from '../../../convert/options';

const converted = (fields: object) => optionsOf(fields).options;

it.each([
	['authenticatedRead', 'authenticated-read'],
	['awsExecRead', 'aws-exec-read'],
	['bucketOwnerFullControl', 'bucket-owner-full-control'],
	['bucketOwnerRead', 'bucket-owner-read'],
	['private', 'private'],
	['publicRead', 'public-read'],
	['publicReadWrite', 'public-read-write'],
])('the ACL %s becomes %s', (theirs, ours) => {
	expect(converted({ acl: theirs })).toEqual({ acl: ours });
});

it.each([
	['deepArchive', 'DEEP_ARCHIVE'],
	['glacier', 'GLACIER'],
	['intelligentTiering', 'INTELLIGENT_TIERING'],
	['onezoneIA', 'ONEZONE_IA'],
	['RecudedRedundancy', 'REDUCED_REDUNDANCY'],
	['standard', 'STANDARD'],
	['standardIA', 'STANDARD_IA'],
])('the storage class %s becomes %s', (theirs, ours) => {
	expect(converted({ storageClass: theirs })).toEqual({ storageClass: ours });
});

it.each([
	[{ serverSideEncryption: 'AES256' }, { encryption: 's3' }],
	[{ serverSideEncryption: 'aws:kms' }, { encryption: 'kms' }],
	[{ metadataDirective: 'copy' }, { metadata: 'keep' }],
	[{ metadataDirective: 'replace' }, { metadata: 'replace' }],
	[{ taggingDirective: 'copy' }, { tags: 'keep' }],
	[{ taggingDirective: 'replace' }, { tags: 'replace' }],
	[{ lockMode: 'governance' }, { objectLockMode: 'GOVERNANCE' }],
	[{ lockMode: 'compliance' }, { objectLockMode: 'COMPLIANCE' }],
])('the option %j becomes %j', (theirs, ours) => {
	expect(converted(theirs)).toEqual(ours);
});

it('keys that were URL-encoded are said to come as they are', () => {
	expect(optionsOf({ encodingType: 'url' })).toEqual({
		options: {},
		notes: [
			'encodingType was left out: keys come as they are. Take decodeURI… out of what reads them.',
		],
	});
	expect(optionsOf({ encodingType: '' }).notes).toEqual([]);
});
