import { bucketNameOf, checkBucket, checkKey } from '../../../../s3/policy/bucketAndKey';
import { failureOf } from '../../failureOf';

describe('a bucket', () => {
	it.each([undefined, ''])('the bucket %j is refused, because none is given', (bucket) => {
		const failure = failureOf(() => {
			checkBucket(bucket);
		});
		expect(failure).toMatchObject({ kind: 'invalid', message: 'No bucket is given' });
		expect(failure.advice).toContain('set one in the credential');
	});

	it('an expression that was typed into a fixed field is refused as a bucket', () => {
		const failure = failureOf(() => {
			checkBucket('{{ $json.bucket }}');
		});
		expect(failure).toMatchObject({
			kind: 'invalid',
			message: '“{{ $json.bucket }}” is not a bucket name but an expression that was not evaluated',
			advice: 'Switch the field from Fixed to Expression.',
		});
	});

	it('a path is refused as a bucket', () => {
		const failure = failureOf(() => {
			checkBucket('data/2026');
		});
		expect(failure).toMatchObject({
			kind: 'invalid',
			message: '“data/2026” is not a bucket name, it contains a slash',
			advice: 'Enter “data” as the bucket, and “2026” as key or prefix.',
			bucket: 'data/2026',
		});
	});

	it.each([
		['s3://files/data/a.txt', 'Enter “files” as the bucket, and “data/a.txt” as key or prefix.'],
		['https://files.s3.amazonaws.com/', 'Enter “files” as the bucket.'],
		['https://my.files.s3-eu-west-1.amazonaws.com', 'Enter “my.files” as the bucket.'],
		[
			'https://s3.eu-west-1.amazonaws.com/files/data/a.txt?versionId=1',
			'Enter “files” as the bucket, and “data/a.txt” as key or prefix.',
		],
		['http://minio.test:9000/files', 'Enter “files” as the bucket.'],
		['http://minio.test:9001/browser/files', 'Enter “files” as the bucket.'],
		['https://console.minio.test/browser/files/ZGF0YS8=', 'Enter “files” as the bucket.'],
		[
			'https://eu-west-1.console.aws.amazon.com/s3/buckets/files?region=eu-west-1',
			'Enter “files” as the bucket.',
		],
		[
			'arn:aws:s3:::files/data/a.txt',
			'Enter “files” as the bucket, and “data/a.txt” as key or prefix.',
		],
		['/', 'Enter only the name of the bucket here, and the rest as key or prefix.'],
		['../x', 'Enter only the name of the bucket here, and the rest as key or prefix.'],
	])('what is pasted as bucket %s is taken apart in the advice', (bucket, advice) => {
		const failure = failureOf(() => {
			checkBucket(bucket);
		});
		expect(failure.advice).toBe(advice);
	});

	it('a text that is too long for a bucket is refused, and only its beginning shown', () => {
		const failure = failureOf(() => {
			checkBucket('x'.repeat(2_000_000));
		});
		expect(failure.kind).toBe('invalid');
		expect(failure.message).toBe(
			`The bucket name “${'x'.repeat(40)}…” has 2000000 characters; no bucket has more than 255`,
		);
		expect(failure.bucket).toBeUndefined();
	});

	it.each(['data', 'x'.repeat(255), 'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports'])(
		'the bucket %s is allowed',
		(bucket) => {
			expect(() => {
				checkBucket(bucket);
			}).not.toThrow();
		},
	);
});

it.each([
	['arn:aws:s3:::photos', 'photos'],
	['arn:aws-cn:s3:::photos', 'photos'],
	['s3://photos', 'photos'],
	['S3://photos/', 'photos'],
	['photos', 'photos'],
	['s3://photos/2026', 's3://photos/2026'],
	['arn:aws:s3:::photos/*', 'photos'],
	['arn:aws:s3:::photos/', 'photos'],
	['arn:aws:s3:::photos/2026/*', 'arn:aws:s3:::photos/2026/*'],
	[
		'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports',
		'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports',
	],
])('the bucket that is entered as %s is %s', (entered, name) => {
	expect(bucketNameOf(entered)).toBe(name);
});

describe('a key', () => {
	const failureWith = (key: string) =>
		failureOf(() => {
			checkKey(key, 'data');
		});

	it('an empty key is refused', () => {
		expect(failureWith('')).toMatchObject({
			kind: 'invalid',
			message: 'The key is empty (bucket “data”)',
			advice: 'Enter the key of the object, e.g. reports/2026/january.csv.',
			bucket: 'data',
			key: '',
		});
	});

	it.each(['\ud83d', 'a\ude00', '\ude00\ud83d'])(
		'the key %j is refused: half a character',
		(key) => {
			expect(failureWith(key)).toMatchObject({
				kind: 'invalid',
				message: `The key “${key.replace(/[\ud800-\udfff]/g, '\ufffd')}” for bucket “data” contains half of a character and is not valid Unicode`,
				advice: 'Look at the expression that makes the key: it may cut an emoji in two.',
			});
		},
	);

	it('a key of 1,025 bytes is refused, one of 1,024 is allowed', () => {
		expect(failureWith(`${'ü'.repeat(512)}x`)).toMatchObject({
			message: `The key “${'ü'.repeat(40)}…” for bucket “data” has 1025 bytes; S3 allows 1,024 in UTF-8`,
			advice: 'Use a shorter key.',
		});
		expect(() => {
			checkKey('ü'.repeat(512), 'data');
		}).not.toThrow();
	});

	it('a key with an emoji is allowed', () => {
		expect(() => {
			checkKey('😀', undefined);
		}).not.toThrow();
	});
});
