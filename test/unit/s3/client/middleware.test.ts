import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
	buildOnly,
	checksumMode,
	contentMd5,
	emptyDeletes,
	givenLocation,
	onlyToEndpoint,
	orderOfVersions,
	plainAttributes,
	rawListings,
	unsignedPayload,
} from '../../../../s3/client/middleware';
import type { PageBuffer } from '../../../../s3/memory/PageBuffer';
import { commands } from '../../../../s3/sdk';
import { boundedBodies } from '../../../../s3/client/boundedBodies';
import { clientWith } from './clientWith';
import type { SentRequest } from './clientWith';

const object = { Bucket: 'data', Key: 'a' };
const upload = { ...object, UploadId: 'u', PartNumber: 1 };

const onlyHeader = ({ requests }: { requests: SentRequest[] }, name: string) => {
	expect(requests).toHaveLength(1);
	return requests[0]?.headers[name];
};

describe('onlyToEndpoint', () => {
	// The client of these tests has no endpoint: the SDK sends each request to AWS.
	it.each([
		['https://s3.us-east-1.amazonaws.com', 1],
		['https://us-east-1.amazonaws.com', 0],
		['https://gateway.example.com', 0],
	])('a request to AWS for a connection to %s is sent %i times', async (endpoint, times) => {
		const sent = clientWith((client) => {
			onlyToEndpoint(client, endpoint);
		});
		const end = await sent.client.send(new commands.HeadObject(object)).catch(String);
		expect(sent.requests).toHaveLength(times);
		if (times === 0) expect(end).toContain('and not to the endpoint');
	});

	it('without an endpoint every request is sent', async () => {
		const sent = clientWith((client) => {
			onlyToEndpoint(client, undefined);
		});
		await sent.client.send(new commands.HeadObject(object));
		expect(sent.requests).toHaveLength(1);
	});
});

it.each([
	[undefined, undefined],
	[{}, undefined],
	[{ Tags: [{ Key: 'a', Value: 'b' }] }, undefined],
	[{ LocationConstraint: 'eu-west-1' as const }, 'eu-west-1'],
])(
	'a new bucket with the configuration %j is asked for in the location %s',
	async (given, location) => {
		// Of itself the SDK adds every region but us-east-1.
		const sent = clientWith(givenLocation, {}, 'eu-1');
		const input = { Bucket: 'data', CreateBucketConfiguration: given };
		await sent.client.send(new commands.CreateBucket(input));
		const [{ body = '' } = {}] = sent.requests as { body?: string }[];
		expect(/<LocationConstraint>(.*)<\/LocationConstraint>/.exec(body)?.[1]).toBe(location);
		expect(body.includes('<Key>a</Key>')).toBe(given !== undefined && 'Tags' in given);
	},
);

describe('plainAttributes', () => {
	it('the names of attributes have no blanks between them', async () => {
		const one = clientWith(plainAttributes, { body: '<GetObjectAttributesResponse/>' });
		const ObjectAttributes = ['ETag' as const, 'Checksum' as const, 'ObjectSize' as const];
		await one.client.send(new commands.GetObjectAttributes({ ...object, ObjectAttributes }));
		expect(onlyHeader(one, 'x-amz-object-attributes')).toBe('ETag,Checksum,ObjectSize');
	});

	it('other requests get no header for attributes', async () => {
		const one = clientWith(plainAttributes);
		await one.client.send(new commands.PutObject({ ...object, Body: 'text' }));
		expect(onlyHeader(one, 'x-amz-object-attributes')).toBeUndefined();
	});
});

describe('emptyDeletes', () => {
	it('a deletion says that it has no body, and does not sign that', async () => {
		const one = clientWith(emptyDeletes);
		await one.client.send(new commands.DeleteObject(object));
		expect(onlyHeader(one, 'content-length')).toBe('0');
		expect(onlyHeader(one, 'authorization')).not.toContain('content-length');
	});

	it('a request that is no deletion gets no length', async () => {
		const one = clientWith(emptyDeletes);
		await one.client.send(new commands.HeadObject(object));
		expect(onlyHeader(one, 'content-length')).toBeUndefined();
	});
});

describe('unsignedPayload', () => {
	it('the body of an object or part is not signed', async () => {
		const one = clientWith(unsignedPayload);
		await one.client.send(new commands.PutObject({ ...object, Body: 'text' }));
		expect(onlyHeader(one, 'x-amz-content-sha256')).toBe('UNSIGNED-PAYLOAD');
		const other = clientWith(unsignedPayload);
		await other.client.send(new commands.UploadPart({ ...upload, Body: 'text' }));
		expect(onlyHeader(other, 'x-amz-content-sha256')).toBe('UNSIGNED-PAYLOAD');
	});

	it('a checksum in a trailer keeps its own value', async () => {
		const sent = clientWith((client) => {
			// Before the middleware of the SDK that looks whether the body is to be signed.
			client.middlewareStack.add(
				(next) => (args) => {
					const { headers } = args.request as SentRequest;
					headers['x-amz-content-sha256'] = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
					return next(args);
				},
				{ step: 'build' },
			);
			unsignedPayload(client);
		});
		await sent.client.send(new commands.PutObject({ ...object, Body: 'text' }));
		expect(onlyHeader(sent, 'x-amz-content-sha256')).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
	});

	it('the body of other calls is signed', async () => {
		const sent = clientWith(unsignedPayload);
		const Tagging = { TagSet: [] };
		await sent.client.send(new commands.PutObjectTagging({ ...object, Tagging }));
		expect(onlyHeader(sent, 'x-amz-content-sha256')).toMatch(/^[0-9a-f]{64}$/);
	});
});

describe('checksumMode', () => {
	const modeOf = async (input: object) => {
		const sent = clientWith(checksumMode);
		await sent.client.send(new commands.GetObject({ ...object, ...input }));
		return onlyHeader(sent, 'x-amz-checksum-mode');
	};

	it('a whole object is asked for with its checksum, a range without', async () => {
		expect(await modeOf({})).toBe('ENABLED');
		expect(await modeOf({ Range: 'bytes=0-9' })).toBeUndefined();
	});

	it('another call asks for no checksum', async () => {
		const sent = clientWith(checksumMode);
		await sent.client.send(new commands.DeleteObject(object));
		expect(onlyHeader(sent, 'x-amz-checksum-mode')).toBeUndefined();
	});
});

describe('contentMd5', () => {
	const input = { ...object, Body: 'text', ChecksumAlgorithm: 'CRC32' } as const;

	it('a body with Content-MD5 names no other algorithm', async () => {
		const sent = clientWith(contentMd5);
		const ContentMD5 = 'HLt9kDsGRpYUJCA+fXvMzQ==';
		await sent.client.send(new commands.PutObject({ ...input, ContentMD5 }));
		expect(onlyHeader(sent, 'x-amz-sdk-checksum-algorithm')).toBeUndefined();
		expect(sent.requests[0]?.headers['content-md5']).toBe(ContentMD5);
	});

	it('a body without Content-MD5 names its algorithm', async () => {
		const sent = clientWith(contentMd5);
		await sent.client.send(new commands.PutObject(input));
		expect(onlyHeader(sent, 'x-amz-sdk-checksum-algorithm')).toBe('CRC32');
	});
});

describe('rawListings', () => {
	const xml = '<ListBucketResult><Name>data</Name><KeyCount>0</KeyCount></ListBucketResult>';
	const list = new commands.ListObjectsV2({ Bucket: 'data' });

	it('a listing is handed over as it came, and is not read by the SDK', async () => {
		const { client } = clientWith(rawListings, { body: xml });
		const output = await client.send(list);
		const { listing } = output as unknown as { listing: PageBuffer };
		expect(listing.bytes().toString()).toBe(xml);
		expect(output.Name).toBeUndefined();
	});

	it.each([200, 403])('an error with the status %i is that error', async (status) => {
		const body = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>';
		const { client } = clientWith(rawListings, { status, body });
		await expect(client.send(list)).rejects.toMatchObject({
			Code: 'AccessDenied',
			message: 'no',
			$metadata: { httpStatusCode: status },
		});
	});

	it('the body of an object stays a stream', async () => {
		const { client } = clientWith(rawListings, { body: 'content' });
		const { Body: body } = await client.send(new commands.GetObject(object));
		expect((body as Readable).readableEnded).toBe(false);
		expect(await text(body as Readable)).toBe('content');
	});

	it('the response to another call is read by the SDK', async () => {
		const body = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>';
		const { client } = clientWith(rawListings, { body });
		const output = await client.send(new commands.GetObjectTagging(object));
		expect(output.TagSet).toEqual([{ Key: 'k', Value: 'v' }]);
		expect(Object.hasOwn(output, 'listing')).toBe(false);
	});
});

it('a listing of versions says in which order it has versions and delete markers', async () => {
	const entry = (kind: string) => `<${kind}><Key>&lt;Version&gt;</Key></${kind}>`;
	const kinds = ['Version', 'DeleteMarker', 'Version'];
	const body = `<ListVersionsResult>${kinds.map(entry).join('')}</ListVersionsResult>`;
	const { client } = clientWith(
		(made) => {
			orderOfVersions(made);
			boundedBodies(made);
		},
		{ body },
	);
	const output = await client.send(new commands.ListObjectVersions({ Bucket: 'data' }));
	expect(output).toMatchObject({ kinds, Versions: [{}, {}], DeleteMarkers: [{}] });
	const tagging = await client.send(new commands.GetObjectTagging(object));
	expect(tagging).not.toHaveProperty('kinds', expect.anything());
});

it('buildOnly makes a command give its request, which is neither signed nor sent', async () => {
	const { client, requests } = clientWith(() => undefined);
	const command = new commands.GetObject({ ...object, Range: 'bytes=0-9' });
	buildOnly(command);
	const { request } = (await client.send(command)) as unknown as { request: SentRequest };
	expect(request.headers).toMatchObject({ range: 'bytes=0-9' });
	expect(request.headers.authorization).toBeUndefined();
	expect(requests).toEqual([]);
});
