import type { OpenS3 } from '../../../s3/client/S3';
import { withServer } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';

const bucket = 'data';
const call = { signal: undefined, retryFor: 1000 };
const object = { Bucket: bucket, Key: 'a b+c/ü.txt' };

const server = withServer({ buckets: [bucket] });
let s3: OpenS3;

beforeEach(async () => {
	s3 = await server.connect();
});

const operations = () => server.requests.map(({ operation }) => operation);

describe('a call', () => {
	it('a call is sent to one other region only, whatever regions the server names', async () => {
		const regions = ['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'];
		for (const [skip, name] of regions.entries()) {
			const headers = { 'x-amz-bucket-region': name };
			const effect = { kind: 'answer', status: 301, code: 'PermanentRedirect', headers } as const;
			server.faults.add({ effect, skip, times: 1 });
		}
		const failure = await rejectionOf(s3.send('GetObject', object, call));
		expect(failure).toMatchObject({ kind: 'rejected', status: 301 });
		expect(operations()).toHaveLength(2);
	});

	it('a call that failed after a redirect is not sent to a third region', async () => {
		const elsewhere = (name: string) => {
			const headers = { 'x-amz-bucket-region': name };
			return { kind: 'answer', status: 301, code: 'PermanentRedirect', headers } as const;
		};
		const busy = { kind: 'answer', status: 503, code: 'ServiceUnavailable' } as const;
		const effects = [elsewhere('eu-central-1'), busy, elsewhere('eu-west-1')];
		for (const [skip, effect] of effects.entries()) server.faults.add({ effect, skip, times: 1 });
		const failure = await rejectionOf(s3.send('GetObject', object, call));
		expect(failure).toMatchObject({ kind: 'rejected', status: 301 });
		expect(operations()).toHaveLength(3);
	});

	it.each(['GetObject', 'HeadObject', 'GetObjectTagging', 'RestoreObject'] as const)(
		'a call about a version that is a delete marker says so: %s',
		async (name) => {
			const effect = { kind: 'answer', status: 405, code: 'MethodNotAllowed' } as const;
			server.faults.add({ effect });
			const versioned = { ...object, VersionId: 'v' };
			const failure = await rejectionOf(s3.send(name, versioned, call));
			expect(failure.message).toMatch(/: this version is a delete marker$/);
			const deletion = await rejectionOf(s3.send('DeleteObject', versioned, call));
			expect(deletion.message).not.toContain('delete marker');
		},
	);

	it('a call that may be repeated is sent again when its response was lost', async () => {
		server.faults.add({ operation: 'PutObject', times: 1, effect: { kind: 'loseAnswer' } });
		await s3.send('PutObject', { ...object, Body: 'text' }, call);
		expect(operations()).toEqual(['PutObject', 'PutObject']);
	});

	it('a connection is under pressure when the server throttles it, or when a transfer waits for memory', async () => {
		expect(s3.isUnderPressure()).toBe(false);
		for (const memory of [s3.readMemory, s3.writeMemory]) {
			const release = await memory.reserve(96 * 1024 * 1024);
			const waiting = memory.reserve(1);
			expect(s3.isUnderPressure()).toBe(true);
			release();
			(await waiting)();
			expect(s3.isUnderPressure()).toBe(false);
		}
		server.faults.add({ times: 1, effect: { kind: 'answer', status: 503, code: 'SlowDown' } });
		await s3.send('ListObjectsV2', { Bucket: bucket }, call);
		expect(s3.isUnderPressure()).toBe(true);
	});

	it('the failure of a call that is denied names the permissions for its input', async () => {
		const effect = { kind: 'answer', status: 403, code: 'AccessDenied', message: '' } as const;
		server.faults.add({ effect });
		const { advice } = await rejectionOf(
			s3.send('PutObject', { ...object, Body: 'x', Tagging: 'a=b' }, call),
		);
		expect(advice).toBe(
			`The identity of the credential needs s3:PutObject, s3:PutObjectTagging on arn:aws:s3:::${bucket}/${object.Key}.`,
		);
		const source = 'other/from.txt';
		const copied = await rejectionOf(
			s3.send('CopyObject', { ...object, CopySource: source }, call),
		);
		expect(copied.advice).toBe(
			`The identity of the credential needs s3:GetObject on arn:aws:s3:::other/from.txt and s3:PutObject on arn:aws:s3:::${bucket}/${object.Key}.`,
		);
	});
});

describe('a request that is only built', () => {
	it('a request that is only built is the one that would be sent, and is not sent', async () => {
		const input = { ...object, Range: 'bytes=0-9' };
		const built = await s3.build('GetObject', input);
		expect(server.requests).toEqual([]);
		await s3.send('GetObject', input, call).catch(() => undefined);
		const [sent] = server.requests;
		expect(built.method).toBe('GET');
		expect(decodeURIComponent(built.path)).toBe(`/${bucket}/${object.Key}`);
		expect(`${built.protocol}//${built.hostname}:${built.port ?? ''}`).toBe(server.endpoint);
		expect(built.query).toEqual(sent?.query);
		expect(built.headers).toEqual({ range: 'bytes=0-9' });
		expect(built.signing).toEqual({ scheme: 'sigv4', service: 's3', region: server.region });
	});

	it('a request is built for another endpoint, in the style that goes with it', async () => {
		const built = await s3.build('PutObject', object, 'https://files.example.com/s3');
		expect(built).toMatchObject({
			hostname: 'files.example.com',
			path: '/s3/data/a%20b%2Bc/%C3%BC.txt',
		});
		expect(built.headers).toEqual({});
		const aws = await server.connect({ endpoint: undefined });
		expect((await aws.build('GetObject', object)).hostname).toBe('data.s3.us-east-1.amazonaws.com');
		const dotted = await aws.build('GetObject', { ...object, Bucket: 'www.example.com' });
		expect(dotted).toMatchObject({ hostname: 's3.us-east-1.amazonaws.com' });
	});

	it('a request to an access point is signed for its region, and one of several regions is refused', async () => {
		const aws = await server.connect({ endpoint: undefined });
		const point = 'arn:aws:s3:us-west-2:111122223333:accesspoint/point';
		const { signing } = await aws.build('GetObject', { ...object, Bucket: point });
		expect(signing).toEqual({ scheme: 'sigv4', service: 's3', region: 'us-west-2' });
		const everywhere = 'arn:aws:s3::111122223333:accesspoint/point.mrap';
		const failure = await rejectionOf(aws.build('GetObject', { ...object, Bucket: everywhere }));
		expect(failure).toMatchObject({ kind: 'invalid' });
		expect(failure.message).toContain('SigV4A');
	});

	it.each([
		['s3-object-lambda', 'accesspoint/point'],
		['s3-outposts', 'outpost/op-01234567890123456/accesspoint/point'],
	])('a request to an access point of %s is signed for that service', async (service, resource) => {
		const aws = await server.connect({ endpoint: undefined });
		const bucket = `arn:aws:${service}:us-west-2:111122223333:${resource}`;
		const { signing } = await aws.build('GetObject', { ...object, Bucket: bucket });
		expect(signing).toEqual({ scheme: 'sigv4', service, region: 'us-west-2' });
	});

	it.each(['logs--use1-az4--x-s3', 'arn:aws:s3::111122223333:accesspoint/m.mrap'])(
		'no request for the bucket %s is built or sent to a server of one’s own, whatever the addressing style',
		async (Bucket) => {
			for (const addressingStyle of ['auto', 'virtual'] as const) {
				const own = await server.connect({ addressingStyle });
				const input = { Bucket, Key: 'k' };
				for (const made of [own.build('GetObject', input), own.send('GetObject', input, call)]) {
					expect((await rejectionOf(made)).kind).toBe('invalid');
				}
			}
			expect(server.requests).toEqual([]);
		},
	);

	it('a request is not built if the connection forbids it to be sent', async () => {
		const limited = await server.connect({ bucket: 'other', bucketOnly: true });
		const reading = await server.connect({ readOnly: true });
		for (const built of [limited.build('GetObject', object), reading.build('PutObject', object)]) {
			expect((await rejectionOf(built)).kind).toBe('refused');
		}
		await expect(reading.build('GetObject', object)).resolves.toMatchObject({ method: 'GET' });
	});
});
