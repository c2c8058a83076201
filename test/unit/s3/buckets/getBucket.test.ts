import { getBucket } from '../../../../s3/buckets/getBucket';
import { rejectionOf } from '../../failureOf';
import { AWS, refusal, scriptedS3 } from '../objects/scriptedS3';

const call = { signal: undefined };

const RESPONSES: Record<string, object> = {
	HeadBucket: { BucketRegion: 'eu-west-1' },
	GetBucketVersioning: { Status: 'Suspended' },
	GetBucketEncryption: {
		ServerSideEncryptionConfiguration: {
			Rules: [
				{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'k' } },
			],
		},
	},
	GetObjectLockConfiguration: {
		ObjectLockConfiguration: {
			ObjectLockEnabled: 'Enabled',
			Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } },
		},
	},
	GetBucketOwnershipControls: {
		OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
	},
};

const get = async (refusals: Record<string, string> = {}) => {
	const { s3 } = scriptedS3(({ name }) => {
		const code = refusals[name];
		if (code !== undefined) throw refusal({ code, kind: 'denied' });
		return RESPONSES[name] ?? {};
	}, AWS);
	return await getBucket(s3, { bucket: 'b' }, call);
};

describe('getBucket', () => {
	it('getBucket gives all that the bucket has', async () => {
		expect(await get()).toEqual({
			bucket: 'b',
			region: 'eu-west-1',
			versioning: 'Suspended',
			encryption: { algorithm: 'aws:kms', kmsKeyId: 'k' },
			objectLock: { enabled: true, mode: 'GOVERNANCE', days: 3, years: undefined },
			ownership: 'BucketOwnerEnforced',
			unread: [],
		});
	});

	it('getBucket takes what was never set for not set', async () => {
		const found = await get({
			GetBucketEncryption: 'ServerSideEncryptionConfigurationNotFoundError',
			GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
			GetBucketOwnershipControls: 'OwnershipControlsNotFoundError',
		});
		expect(found).toMatchObject({ objectLock: { enabled: false }, unread: [] });
		expect([found.encryption, found.ownership]).toEqual([undefined, undefined]);
	});

	it('getBucket names what it may not read', async () => {
		const found = await get({
			GetBucketVersioning: 'AccessDenied',
			GetObjectLockConfiguration: 'AccessDenied',
		});
		expect([found.versioning, found.objectLock]).toEqual([undefined, undefined]);
		expect(found.unread).toEqual([
			{ what: 'objectLock', code: 'AccessDenied', message: 'Refused. Look.' },
			{ what: 'versioning', code: 'AccessDenied', message: 'Refused. Look.' },
		]);
	});

	it('getBucket fails if there is no such bucket', async () => {
		expect(await rejectionOf(get({ HeadBucket: 'NoSuchBucket' }))).toMatchObject({
			code: 'NoSuchBucket',
		});
	});

	it('getBucket stops when it is cancelled', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'GetBucketEncryption') throw refusal({ kind: 'cancelled' });
			return {};
		}, AWS);
		expect(await rejectionOf(getBucket(s3, { bucket: 'b' }, call))).toMatchObject({
			kind: 'cancelled',
		});
	});

	it('getBucket takes the region of the connection for that of a bucket only on AWS', async () => {
		const aws = scriptedS3(() => ({}), { ...AWS, region: 'eu-west-3' });
		expect((await getBucket(aws.s3, { bucket: 'b' }, call)).region).toBe('eu-west-3');
		const other = scriptedS3(() => ({}), { endpoint: 'https://s3.example.com' });
		expect((await getBucket(other.s3, { bucket: 'b' }, call)).region).toBeUndefined();
	});
});
