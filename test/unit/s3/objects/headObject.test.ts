import { headObject } from '../../../../s3/objects/headObject';
import type { HeadRequest } from '../../../../s3/objects/headObject';
import { rejectionOf } from '../../failureOf';
import { names, refusal, scriptedS3 } from './scriptedS3';

const object = { bucket: 'b', key: 'k' };
/** No time is left after a first failure, so that as few attempts are made as possible. */
const call = { signal: undefined, retryFor: 0.001 };
const customerKey = Buffer.alloc(32, 1).toString('base64');

/** Looks at an object on a server that gives these responses by call; a list is given in turn. */
function head(request: Partial<HeadRequest>, responses: Record<string, unknown>) {
	const { s3, sent } = scriptedS3(({ name }) => {
		const { [name]: response = {} } = responses;
		const next: unknown = Array.isArray(response) ? response.shift() : response;
		if (next instanceof Error) throw next;
		return next;
	});
	return { sent, looking: headObject(s3, { ...object, ...request }, call) };
}

beforeEach(() => {
	// No waiting between attempts.
	jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
	jest.restoreAllMocks();
});

describe('headObject', () => {
	it('headObject asks for what the request says, and for the checksum', async () => {
		const request = {
			versionId: 'v',
			customerKey,
			requestPayer: true,
			expectedBucketOwner: '111122223333',
		};
		const { sent, looking } = head(
			{ ...request, attributes: true, includeTags: true },
			{
				HeadObject: { ETag: '"e"', ContentLength: 5, VersionId: 'v' },
				GetObjectAttributes: { ETag: 'e', ObjectSize: 5 },
				GetObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }], VersionId: 'v' },
			},
		);
		expect(await looking).toMatchObject({
			...object,
			size: 5,
			etag: 'e',
			versionId: 'v',
			attributes: { parts: [] },
			tags: { a: 'b' },
		});
		const asked = { Bucket: 'b', Key: 'k', VersionId: 'v', RequestPayer: 'requester' };
		const encrypted = { ...asked, SSECustomerAlgorithm: 'AES256', SSECustomerKey: customerKey };
		expect(sent).toMatchObject([
			{ name: 'HeadObject', input: { ...encrypted, ChecksumMode: 'ENABLED' } },
			{ name: 'GetObjectAttributes', input: encrypted },
			{ name: 'GetObjectTagging', input: asked },
		]);
		expect(sent[2]?.input).not.toHaveProperty('SSECustomerKey');
	});

	it('headObject sends one request if nothing else is asked for', async () => {
		const { sent, looking } = head({}, { HeadObject: { ETag: '"e"' } });
		const found = await looking;
		expect(found).not.toHaveProperty('attributes');
		expect(found).not.toHaveProperty('tags');
		expect(names(sent)).toEqual(['HeadObject']);
	});

	it('headObject gives no attributes on a server that does not have them', async () => {
		const { looking } = head(
			{ attributes: true },
			{
				GetObjectAttributes: refusal({ status: 501 }),
			},
		);
		expect(await looking).not.toHaveProperty('attributes');
	});

	it.each([
		[undefined, undefined],
		['v', 'v'],
		['v', undefined],
		['null', 'null'],
	])('headObject takes the tags of version %j if they are said to be of %j', async (of, tagged) => {
		const { looking } = head(
			{ includeTags: true },
			{
				HeadObject: { VersionId: of },
				GetObjectTagging: { TagSet: [], VersionId: tagged },
			},
		);
		expect(await looking).toMatchObject({ tags: {} });
	});

	it('headObject takes the tags of the version that was asked for, whatever the server calls it', async () => {
		const { sent, looking } = head(
			{ includeTags: true, versionId: 'null' },
			{
				HeadObject: {},
				GetObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }], VersionId: 'null' },
			},
		);
		expect(await looking).toMatchObject({ tags: { a: 'b' } });
		expect(names(sent)).toEqual(['HeadObject', 'GetObjectTagging']);
	});

	it('headObject looks again if the object is replaced before its tags are read', async () => {
		const { sent, looking } = head(
			{ includeTags: true },
			{
				HeadObject: [{ VersionId: 'old' }, { VersionId: 'new' }],
				GetObjectTagging: { TagSet: [{ Key: 'of', Value: 'new' }], VersionId: 'new' },
			},
		);
		expect(await looking).toMatchObject({ versionId: 'new', tags: { of: 'new' } });
		expect(names(sent).filter((name) => name === 'HeadObject')).toHaveLength(2);
	});

	it('headObject looks again if the object is replaced before its attributes are read', async () => {
		const { looking } = head(
			{ attributes: true },
			{
				HeadObject: [{ ETag: '"old"' }, { ETag: '"new"' }],
				GetObjectAttributes: { ETag: 'new', ObjectSize: 5 },
			},
		);
		expect(await looking).toMatchObject({ etag: 'new', attributes: { parts: [] } });
	});

	it('headObject gives up if the object is replaced each time', async () => {
		const { sent, looking } = head(
			{ includeTags: true },
			{
				HeadObject: { VersionId: 'old' },
				GetObjectTagging: { TagSet: [], VersionId: 'new' },
			},
		);
		expect(await rejectionOf(looking)).toMatchObject({
			kind: 'precondition',
			message: 'Could not get the metadata of “k” in bucket “b”: the object was replaced meanwhile',
		});
		expect(names(sent).filter((name) => name === 'HeadObject')).toHaveLength(5);
	});
});

describe('a HEAD that is refused without a word', () => {
	it('a HEAD that is denied may be for an object that is not there', async () => {
		const failure = refusal({ kind: 'denied', status: 403, advice: 'Needs s3:GetObject.' });
		expect(await rejectionOf(head({}, { HeadObject: failure }).looking)).toMatchObject({
			message: 'Refused',
			advice:
				'Needs s3:GetObject. If there is no such object, S3 says so only to identities with s3:ListBucket on arn:aws:s3:::b.',
		});
	});

	it('a HEAD that is denied names the bucket in the partition of the region', async () => {
		const failure = refusal({ kind: 'denied', status: 403 });
		const { s3 } = scriptedS3(
			() => {
				throw failure;
			},
			{ region: 'us-gov-west-1' },
		);
		expect((await rejectionOf(headObject(s3, object, call))).advice).toContain(
			's3:ListBucket on arn:aws-us-gov:s3:::b.',
		);
	});

	it('a HEAD that is refused with 400 may be for an object under a customer’s own key', async () => {
		const failure = refusal({ status: 400 });
		const adviceWith = async (request: Parameters<typeof head>[0]) =>
			(await rejectionOf(head(request, { HeadObject: failure }).looking)).advice;
		expect(await adviceWith({})).toContain('enter that key');
		expect(await adviceWith({ customerKey })).toContain('another customer key (SSE-C)');
	});

	it('a HEAD that is refused for another reason keeps its words', async () => {
		const failure = refusal({ kind: 'notFound', status: 404 });
		expect(await rejectionOf(head({}, { HeadObject: failure }).looking)).toBe(failure);
	});
});
