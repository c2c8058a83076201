import * as crypto from 'node:crypto';
import { createBucket } from '../../../../s3/buckets/createBucket';
import type { FailureDetails } from '../../../../s3/S3Failure';
import type { Connection } from '../../../../s3/Connection';
import { rejectionOf } from '../../failureOf';
import { AWS, names, refusal, scriptedS3 } from '../objects/scriptedS3';
import type { SentCall } from '../objects/scriptedS3';

const call = { signal: undefined };
jest.mock('node:crypto', () => ({
	__esModule: true,
	...jest.requireActual<object>('node:crypto'),
}));

const request = { bucket: 'new', versioning: false, objectLock: false };
const MISSING = { kind: 'notFound', status: 404 } as const;

/** A server whose HeadBucket says these one after the other, and whose CreateBucket fails as told. */
function server(
	heads: (Partial<FailureDetails> | 'there')[],
	failure: (sent: SentCall, creations: number) => Partial<FailureDetails> | undefined = () =>
		undefined,
	settings: Partial<Connection> = {},
) {
	return scriptedS3((sent, all) => {
		if (sent.name === 'HeadBucket') {
			const head = heads.shift() ?? 'there';
			if (head !== 'there') throw refusal(head);
		}
		const creations = all.filter(({ name }) => name === 'CreateBucket').length;
		const fault = sent.name === 'HeadBucket' ? undefined : failure(sent, creations);
		if (fault !== undefined) throw refusal({ operation: sent.name, ...fault });
		return {};
	}, settings);
}

describe('createBucket', () => {
	it('createBucket names no location in us-east-1, and the region elsewhere', async () => {
		const first = server([MISSING], undefined, { ...AWS, region: 'us-east-1' });
		await createBucket(first.s3, request, call);
		expect(first.sent[1]?.input).not.toHaveProperty('CreateBucketConfiguration');
		const second = server([MISSING], undefined, { ...AWS, region: 'eu-central-1' });
		expect(await createBucket(second.s3, request, call)).toEqual({
			bucket: 'new',
			region: 'eu-central-1',
			tags: undefined,
		});
		expect(second.sent[1]?.input).toMatchObject({
			CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
		});
	});

	it('createBucket sends the tags, beside the location or alone', async () => {
		const tags = { project: 'x', empty: '' };
		const sentTags = [
			{ Key: 'project', Value: 'x' },
			{ Key: 'empty', Value: '' },
		];
		const inputOf = async (region: string, failure?: Partial<FailureDetails>) => {
			const settings = failure === undefined ? { ...AWS, region } : { region };
			const { s3, sent } = server(
				[MISSING],
				(_, creations) => (creations === 1 ? failure : undefined),
				settings,
			);
			await createBucket(s3, { ...request, tags }, call);
			return sent.at(-1)?.input.CreateBucketConfiguration;
		};
		expect(await inputOf('us-east-1')).toEqual({ Tags: sentTags });
		expect(await inputOf('eu-central-1')).toEqual({
			LocationConstraint: 'eu-central-1',
			Tags: sentTags,
		});
		const refused = { code: 'InvalidLocationConstraint' };
		expect(await inputOf('eu-1', refused)).toEqual({ Tags: sentTags });
		const none = server([MISSING], undefined, { ...AWS, region: 'us-east-1' });
		await createBucket(none.s3, { ...request, tags: {} }, call);
		expect(none.sent[1]?.input).not.toHaveProperty('CreateBucketConfiguration');
	});

	it('createBucket tells the tags of a bucket of AWS, and not of a server that may ignore them', async () => {
		const tags = { project: 'x' };
		const made = async (settings: Partial<Connection>) =>
			await createBucket(server([MISSING], undefined, settings).s3, { ...request, tags }, call);
		expect(await made(AWS)).toMatchObject({ tags });
		expect(await made({ endpoint: 'https://s3.example.com' })).toMatchObject({ tags: undefined });
	});

	it('createBucket says that the tags may be what a server refuses, and on AWS lets S3 say it', async () => {
		const adviceOf = async (settings: Partial<Connection>, tags = {}, ...codes: string[]) => {
			const refused = { code: 'InvalidArgument', kind: 'rejected' as const };
			const { s3 } = server(
				[MISSING],
				(_, creations) => ({ ...refused, code: codes[creations - 1] ?? refused.code }),
				settings,
			);
			return (await rejectionOf(createBucket(s3, { ...request, tags }, call))).advice;
		};
		const other = { endpoint: 'https://s3.example.com' };
		expect(await adviceOf(other, { a: 'b' })).toContain('remove the option Tags');
		const inNoLocation = await adviceOf(other, { a: 'b' }, 'InvalidLocationConstraint');
		expect(inNoLocation).toContain('remove the option Tags');
		expect(await adviceOf(other)).not.toContain('Tags');
		expect(await adviceOf(AWS, { a: 'b' })).not.toContain('Tags');
	});

	it('createBucket sends nothing more if there is such a bucket', async () => {
		const ours = server(['there']);
		expect(await rejectionOf(createBucket(ours.s3, request, call))).toMatchObject({
			code: 'BucketAlreadyOwnedByYou',
		});
		const foreign = server([{ kind: 'denied', status: 403 }]);
		expect(await rejectionOf(createBucket(foreign.s3, request, call))).toMatchObject({
			code: 'BucketAlreadyExists',
		});
		expect(names([...ours.sent, ...foreign.sent])).toEqual(['HeadBucket', 'HeadBucket']);
	});

	it.each(['InvalidLocationConstraint', 'IllegalLocationConstraintException', 'InvalidRegion'])(
		'createBucket goes without a location on a server that answers %s, and names no region then',
		async (code) => {
			const { s3, sent } = server(
				[MISSING],
				(_, creations) => (creations === 1 ? { code } : undefined),
				{ region: 'eu-1' },
			);
			const { region } = await createBucket(s3, request, call);
			expect(region).toBeUndefined();
			expect(sent[2]?.input).not.toHaveProperty('CreateBucketConfiguration');
		},
	);

	it.each([
		['logs-111122223333-eu-central-1-an', 'AWS', 'account-regional'],
		['logs-111122223333-us-east-1-an', 'AWS', undefined],
		['logs-eu-central-1-an', 'AWS', undefined],
		['logs111122223333-eu-central-1-an', 'AWS', undefined],
		['logs-111122223333-x-eu-central-1-an', 'AWS', undefined],
		['logs-111122223333', 'AWS', undefined],
		['logs-111122223333-eu-central-1-an', 'another server', undefined],
	])('createBucket creates %s on %s in the namespace %s', async (bucket, where, namespace) => {
		const settings = { ...(where === 'AWS' && AWS), region: 'eu-central-1' };
		const { s3, sent } = server([MISSING], undefined, settings);
		await createBucket(s3, { ...request, bucket }, call);
		expect(sent[1]?.input.BucketNamespace).toBe(namespace);
	});

	it('createBucket does not go without a location on AWS', async () => {
		const aws = server([MISSING], () => ({ code: 'InvalidLocationConstraint' }), {
			...AWS,
			region: 'eu-1',
		});
		expect(await rejectionOf(createBucket(aws.s3, request, call))).toMatchObject({
			code: 'InvalidLocationConstraint',
		});
		expect(names(aws.sent)).toEqual(['HeadBucket', 'CreateBucket']);
	});

	it.each([
		['whose response was lost', { kind: 'unreachable' }],
		['that meets its own first attempt', { code: 'BucketAlreadyOwnedByYou', attempts: 2 }],
		['that meets it on another server', { code: 'BucketAlreadyExists', attempts: 2 }],
	] as [string, Partial<FailureDetails>][])(
		'createBucket succeeds with a request %s',
		async (_, failure) => {
			const { s3 } = server([MISSING, 'there'], () => failure);
			expect(await createBucket(s3, request, call)).toMatchObject({ bucket: 'new' });
			const lost = server([MISSING, MISSING], () => failure);
			await expect(createBucket(lost.s3, request, call)).rejects.toThrow();
		},
	);

	it('createBucket has the bucket keep versions only when asked, and not twice with object lock', async () => {
		const versioning = server([MISSING]);
		await createBucket(versioning.s3, { ...request, versioning: true }, call);
		expect(names(versioning.sent).at(-1)).toBe('PutBucketVersioning');
		const locked = server([MISSING]);
		await createBucket(locked.s3, { ...request, versioning: true, objectLock: true }, call);
		expect(names(locked.sent)).toEqual(['HeadBucket', 'CreateBucket']);
		expect(locked.sent[1]?.input).toMatchObject({ ObjectLockEnabledForBucket: true });
	});

	it('createBucket has the bucket keep versions also on a Node that refuses MD5', async () => {
		const refused = jest.spyOn(crypto, 'createHash').mockImplementation(() => {
			throw new Error('error:0308010C:digital envelope routines');
		});
		const { s3, sent } = server([MISSING]);
		await createBucket(s3, { ...request, versioning: true }, call);
		refused.mockRestore();
		expect(sent.at(-1)?.input.ChecksumAlgorithm).toBe('CRC32');
	});

	it('createBucket says that the bucket is there if it cannot keep versions', async () => {
		const { s3 } = server([MISSING], ({ name }) =>
			name === 'PutBucketVersioning' ? { code: 'AccessDenied' } : undefined,
		);
		expect(
			(await rejectionOf(createBucket(s3, { ...request, versioning: true }, call))).message,
		).toBe('Refused. The bucket was created, but keeps no versions');
	});

	it.each([
		['a name that was taken meanwhile', { code: 'BucketAlreadyOwnedByYou' }, 'BucketAlreadyExists'],
		['a repeated request that is refused', { code: 'AccessDenied', attempts: 2 }, 'AccessDenied'],
	])('createBucket fails with %s', async (_, failure, code) => {
		const { s3 } = server([MISSING, 'there'], () => failure);
		expect(await rejectionOf(createBucket(s3, request, call))).toMatchObject({ code });
	});

	it('createBucket says whether an existing bucket can be used, and asks for no locks unless told', async () => {
		const { advice } = await rejectionOf(createBucket(server(['there']).s3, request, call));
		expect(advice).toContain('can be used already');
		const foreign = server([{ kind: 'denied', status: 403 }]);
		expect((await rejectionOf(createBucket(foreign.s3, request, call))).advice).toContain(
			'Choose another name',
		);
		const { s3, sent } = server([MISSING]);
		await createBucket(s3, request, call);
		expect(sent[1]?.input.ObjectLockEnabledForBucket).toBeUndefined();
	});
});
