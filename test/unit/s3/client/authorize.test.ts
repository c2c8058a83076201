import { authorize } from '../../../../s3/client/authorize';
import type { Connection } from '../../../../s3/Connection';
import type { Calls } from '../../../../s3/sdk';
import { failureOf } from '../../failureOf';

const connection: Connection = {
	region: 'eu-central-1',
	endpoint: undefined,
	publicEndpoint: undefined,
	addressingStyle: 'auto',
	bucket: 'data',
	bucketOnly: false,
	readOnly: false,
	privacyLevel: 'none',
	multipartThreshold: 1,
	caCertificate: undefined,
	proxy: { kind: 'none' },
	ignoreSslIssues: false,
	egress: undefined,
	urlEgress: undefined,
	identity: { kind: 'accessKeys', accessKeyId: 'a', secretAccessKey: 's', sessionToken: undefined },
};
const object = { Bucket: 'data', Key: 'key' };

/** The failure of a call that is refused. */
function refusal<Name extends keyof Calls>(
	settings: Partial<Connection>,
	name: Name,
	input: Calls[Name]['input'],
) {
	return failureOf(() => {
		authorize({ ...connection, ...settings }, name, input);
	});
}

it('the code of an MFA device is not sent to an endpoint without TLS', () => {
	const settings = { endpoint: 'http://s3.example.com' };
	expect(refusal(settings, 'DeleteObject', { ...object, MFA: 'device 123456' })).toMatchObject({
		kind: 'invalid',
	});
	const Delete = { Objects: [{ Key: 'key' }] };
	const many = { Bucket: 'data', Delete, MFA: 'device 123456' };
	expect(refusal(settings, 'DeleteObjects', many)).toMatchObject({ kind: 'invalid' });
});

describe('a connection for one bucket', () => {
	const onlyData = { bucketOnly: true };

	it.each<[string, () => ReturnType<typeof refusal>]>([
		['another bucket', () => refusal(onlyData, 'GetObject', { Bucket: 'other', Key: 'key' })],
		['the list of all buckets', () => refusal(onlyData, 'ListBuckets', {})],
		[
			'a copy from another bucket',
			() => refusal(onlyData, 'CopyObject', { ...object, CopySource: 'other/key' }),
		],
		[
			'a copy from another bucket that is written with escapes',
			() => refusal(onlyData, 'CopyObject', { ...object, CopySource: '%6Fther%2Fkey' }),
		],
		[
			'a copy whose source leads out of the bucket',
			() => refusal(onlyData, 'CopyObject', { ...object, CopySource: 'data/../other/key' }),
		],
		[
			'a bulk delete with a key that leads out of the bucket',
			() =>
				refusal(onlyData, 'DeleteObjects', {
					Bucket: 'data',
					Delete: { Objects: [{ Key: 'a' }, { Key: '../other/b' }] },
				}),
		],
		['a new bucket', () => refusal(onlyData, 'CreateBucket', { Bucket: 'new' })],
	])('a connection for one bucket refuses %s', (_, refused) => {
		expect(refused()).toMatchObject({ kind: 'refused' });
	});

	it('a connection for one bucket lets calls about its own bucket through', () => {
		const input = { ...object, CopySource: '/data/other' };
		expect(() => {
			authorize({ ...connection, ...onlyData }, 'CopyObject', input);
			authorize({ ...connection, ...onlyData }, 'ListObjectsV2', { Bucket: 'data' });
		}).not.toThrow();
	});
});

it.each<[string, () => ReturnType<typeof refusal>]>([
	['a put', () => refusal({ readOnly: true }, 'PutObject', object)],
	['a deletion', () => refusal({ readOnly: true }, 'DeleteObject', object)],
	[
		'the end of an upload',
		() => refusal({ readOnly: true }, 'AbortMultipartUpload', { ...object, UploadId: 'u' }),
	],
	['a new bucket', () => refusal({ readOnly: true }, 'CreateBucket', { Bucket: 'new' })],
])('a connection that is only for reading refuses %s', (_, refused) => {
	expect(refused()).toMatchObject({
		kind: 'refused',
		message: expect.stringContaining('only for reading') as string,
	});
});

it('a connection that is only for reading lets calls that read through', () => {
	expect(() => {
		authorize({ ...connection, readOnly: true }, 'GetObject', object);
		authorize({ ...connection, readOnly: true }, 'ListBuckets', {});
	}).not.toThrow();
});

describe('a privacy level', () => {
	const everybody = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
	const account = 'id="111122223333"';

	it.each([
		['private', { ACL: 'public-read' as const }],
		['organizational', { ACL: 'public-read' as const }],
		['private', { GrantRead: everybody }],
		['organizational', { GrantRead: everybody }],
		['private', { GrantFullControl: account }],
		['private', { GrantReadACP: account }],
		['private', { GrantWriteACP: account }],
	] as const)(
		'the privacy level %s refuses %j in every call that can carry it',
		(privacyLevel, opening) => {
			const upload = refusal({ privacyLevel }, 'CreateMultipartUpload', { ...object, ...opening });
			const copy = { ...object, ...opening, CopySource: 'data/key' };
			for (const failure of [
				refusal({ privacyLevel }, 'PutObject', { ...object, ...opening }),
				upload,
				refusal({ privacyLevel }, 'CopyObject', copy),
			]) {
				expect(failure).toMatchObject({ kind: 'refused' });
				expect(failure.message).toContain(privacyLevel);
			}
		},
	);

	it('the privacy level private refuses a bucket whose objects others may write', () => {
		const input = { Bucket: 'data', GrantWrite: account };
		expect(refusal({ privacyLevel: 'private' }, 'CreateBucket', input).kind).toBe('refused');
	});

	it('the privacy level organizational allows a grant to an account', () => {
		expect(() => {
			const input = { ...object, GrantRead: account };
			authorize({ ...connection, privacyLevel: 'organizational' }, 'PutObject', input);
		}).not.toThrow();
	});
});

describe('the names of a call', () => {
	it('the names of a call must be those of a bucket and a key, for every key of a bulk delete', () => {
		const input = {
			Bucket: 'data',
			Delete: { Objects: [{ Key: 'a' }, { Key: 'x'.repeat(1025) }] },
		};
		expect(refusal({}, 'DeleteObjects', input)).toMatchObject({ kind: 'invalid' });
	});

	it('the names of a call must be those of a bucket and a key at both ends of a copy', () => {
		expect(refusal({}, 'CopyObject', { ...object, CopySource: 'data/' })).toMatchObject({
			kind: 'invalid',
			message: 'The key is empty (bucket “data”)',
		});
		expect(refusal({}, 'CopyObject', { ...object, CopySource: '' })).toMatchObject({
			kind: 'invalid',
			message: 'No bucket is given',
		});
	});
});

describe('a name that stands for something else than a bucket', () => {
	const directory = 'logs--use1-az4--x-s3';

	it('a directory bucket is refused what it does not have, on AWS', () => {
		const input = { Bucket: directory, Key: 'key', VersionId: 'v' };
		expect(refusal({}, 'GetObject', input)).toMatchObject({
			kind: 'invalid',
			message: `The directory bucket “${directory}” has no versions`,
		});
	});

	it('a name that AWS has for access points is one of a bucket on other servers', () => {
		const settings = { ...connection, endpoint: 'https://s3.example.com' };
		const input = { Bucket: 'data-s3alias' };
		expect(() => {
			authorize(settings, 'GetBucketVersioning', input);
		}).not.toThrow();
	});
});

it('a call about a bucket whose requests would leave the endpoint of the connection is refused', () => {
	const settings = { endpoint: 'https://s3.example.com' };
	const Bucket = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/data';
	expect(refusal(settings, 'GetObject', { Bucket, Key: 'key' })).toMatchObject({
		kind: 'invalid',
		message: expect.stringContaining('names a server of AWS') as string,
	});
});
