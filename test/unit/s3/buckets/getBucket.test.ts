import { getBucket } from '../../../../s3/buckets/getBucket';
import type { OpenS3, S3 } from '../../../../s3/client/S3';
import type { Connection } from '../../../../s3/Connection';
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
	GetBucketTagging: { TagSet: [{ Key: 'project', Value: 'x' }] },
};

/** A connection of which no bucket is in another region, unless a test says so. */
const opened = (s3: S3, elsewhere?: string): OpenS3 =>
	({ ...s3, regionFoundFor: () => elsewhere }) as unknown as OpenS3;

const get = async (refusals: Record<string, string> = {}, settings: Partial<Connection> = AWS) => {
	const { s3 } = scriptedS3(({ name }) => {
		const code = refusals[name];
		if (code !== undefined) throw refusal({ code, kind: 'denied' });
		return RESPONSES[name] ?? {};
	}, settings);
	return await getBucket(opened(s3), { bucket: 'b' }, call);
};
const without = (...calls: string[]) =>
	Object.fromEntries(calls.map((name) => [name, 'AccessDenied']));
const OTHERS = Object.keys(RESPONSES).filter((name) => name !== 'HeadBucket');

describe('getBucket', () => {
	it('getBucket gives all that the bucket has', async () => {
		expect(await get()).toEqual({
			bucket: 'b',
			region: 'eu-west-1',
			versioning: 'Suspended',
			encryption: { algorithm: 'aws:kms', kmsKeyId: 'k' },
			objectLock: { enabled: true, mode: 'GOVERNANCE', days: 3, years: undefined },
			ownership: 'BucketOwnerEnforced',
			tags: { project: 'x' },
			unread: [],
		});
	});

	it('getBucket takes what was never set for not set', async () => {
		const found = await get({
			GetBucketEncryption: 'ServerSideEncryptionConfigurationNotFoundError',
			GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
			GetBucketOwnershipControls: 'OwnershipControlsNotFoundError',
			GetBucketTagging: 'NoSuchTagSet',
		});
		expect(found).toMatchObject({ objectLock: { enabled: false }, tags: {}, unread: [] });
		expect([found.encryption, found.ownership]).toEqual([undefined, undefined]);
	});

	it('getBucket takes an empty status for that of a bucket that never kept versions', async () => {
		const { s3 } = scriptedS3(
			({ name }) => (name === 'GetBucketVersioning' ? { Status: '' } : {}),
			AWS,
		);
		expect((await getBucket(opened(s3), { bucket: 'b' }, call)).versioning).toBe('Never');
	});

	it('getBucket names what it may not read', async () => {
		const found = await get({
			GetBucketVersioning: 'AccessDenied',
			GetObjectLockConfiguration: 'AccessDenied',
			GetBucketTagging: 'AccessDenied',
		});
		expect([found.versioning, found.objectLock, found.tags]).toEqual(Array(3).fill(undefined));
		expect(found.unread).toEqual([
			{ what: 'objectLock', code: 'AccessDenied', message: 'Refused. Look.' },
			{ what: 'tags', code: 'AccessDenied', message: 'Refused. Look.' },
			{ what: 'versioning', code: 'AccessDenied', message: 'Refused. Look.' },
		]);
	});

	it('getBucket gives the rest of a bucket that it may not look at, with the region that AWS names', async () => {
		const found = await get(without('HeadBucket'), { ...AWS, region: 'eu-west-3' });
		expect(found).toMatchObject({ region: 'eu-west-3', versioning: 'Suspended', unread: [] });
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'HeadBucket') throw refusal({ kind: 'denied' });
			return {};
		}, AWS);
		const moved = await getBucket(opened(s3, 'ap-south-1'), { bucket: 'b' }, call);
		expect(moved.region).toBe('ap-south-1');
	});

	it.each([
		['denied', 'AccessDenied', 'Refused. Look.'],
		['rejected', 'MethodNotAllowed', 'Refused'],
	] as const)(
		'getBucket says that the region is not known if another server has HeadBucket %s',
		async (kind, code, message) => {
			const { s3 } = scriptedS3(({ name }) => {
				if (name === 'HeadBucket') throw refusal({ kind, code });
				return RESPONSES[name] ?? {};
			});
			const found = await getBucket(opened(s3), { bucket: 'b' }, call);
			expect(found).toMatchObject({ region: undefined, versioning: 'Suspended' });
			expect(found.unread).toEqual([{ what: 'region', code, message }]);
		},
	);

	it('getBucket fails if nothing can be read, by what the first call says', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			throw refusal({ kind: 'denied', code: `No${name}` });
		}, AWS);
		const failure = await rejectionOf(getBucket(opened(s3), { bucket: 'b' }, call));
		expect(failure.code).toBe('NoHeadBucket');
		const { region, unread } = await get(without(...OTHERS));
		expect([region, unread.length]).toEqual(['eu-west-1', 5]);
	});

	it('getBucket fails for a bucket that does not exist, even if the server says that it has no tags, as Swift', async () => {
		const refusals = {
			HeadBucket: 'NotFound',
			...Object.fromEntries(OTHERS.map((name) => [name, 'NoSuchBucket'])),
			GetBucketTagging: 'NoSuchTagSet',
		};
		expect(await rejectionOf(get(refusals))).toMatchObject({ code: 'NotFound' });
	});

	it('getBucket asks for nothing more if the server cannot be reached', async () => {
		const { s3, sent } = scriptedS3(() => {
			throw refusal({ kind: 'unreachable' });
		});
		const failure = await rejectionOf(getBucket(opened(s3), { bucket: 'b' }, call));
		expect([failure.kind, sent.length]).toEqual(['unreachable', 1]);
	});

	it('getBucket stops when it is cancelled', async () => {
		const { s3 } = scriptedS3(({ name }) => {
			if (name === 'GetBucketEncryption') throw refusal({ kind: 'cancelled' });
			return {};
		}, AWS);
		expect(await rejectionOf(getBucket(opened(s3), { bucket: 'b' }, call))).toMatchObject({
			kind: 'cancelled',
		});
	});

	it('getBucket takes the region of the connection for that of a bucket only on AWS', async () => {
		const aws = scriptedS3(() => ({}), { ...AWS, region: 'eu-west-3' });
		const found = await getBucket(opened(aws.s3), { bucket: 'b' }, call);
		expect([found.region, found.unread]).toEqual(['eu-west-3', []]);
		const other = scriptedS3(() => ({}), { endpoint: 'https://s3.example.com' });
		const elsewhere = await getBucket(opened(other.s3), { bucket: 'b' }, call);
		expect(elsewhere.region).toBeUndefined();
		expect(elsewhere.unread).toEqual([
			{ what: 'region', code: 'notNamed', message: 'The server does not name it' },
		]);
	});
});
