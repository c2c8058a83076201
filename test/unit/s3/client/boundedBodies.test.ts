import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { boundedBodies } from '../../../../s3/client/boundedBodies';
import { LongResponse } from '../../../../s3/errors/LongResponse';
import { commands, HttpResponse, S3Client } from '../../../../s3/sdk';

const MiB = 1024 * 1024;
const object = { Bucket: 'data', Key: 'a' };
const deletion = new commands.DeleteObjects({
	Bucket: 'data',
	Delete: { Objects: [{ Key: 'a' }] },
});

/** A client that sends nothing: each request gets a response with this body. */
function clientWith(statusCode: number, body: Readable): S3Client {
	const client = new S3Client({
		region: 'us-east-1',
		credentials: { accessKeyId: 'a', secretAccessKey: 's' },
		requestHandler: {
			handle: () =>
				Promise.resolve({ response: new HttpResponse({ statusCode, headers: {}, body }) }),
		},
	});
	boundedBodies(client);
	return client;
}

/** A body that begins with a text, and is of that many bytes; Infinity is one without end. */
function bodyOf(text: string, bytes: number): Readable {
	function* chunks() {
		if (text !== '') yield Buffer.from(text);
		for (let left = bytes - text.length; left > 0; left -= MiB) {
			yield Buffer.alloc(Math.min(left, MiB), ' ');
		}
	}
	return Readable.from(chunks());
}

const TAGS = '<Tagging><TagSet/></Tagging>';

it.each<[string, number, object, string, number]>([
	['tags', 200, new commands.GetObjectTagging(object), TAGS, 1],
	['an error', 403, new commands.GetObject(object), '<Error/>', 1],
	['an error for a listing', 403, new commands.ListObjectsV2(object), '<Error/>', 1],
	['an error for a list', 403, new commands.ListBuckets(), '<Error/>', 1],
	['buckets', 200, new commands.ListBuckets(), '<ListAllMyBucketsResult/>', 4],
	['deleted keys', 200, deletion, '<DeleteResult/>', 4],
])(
	'%s (status %i) may be of a number of MiB, and are read no further',
	async (_, status, command, text, mebibytes) => {
		const send = async (body: Readable): Promise<unknown> =>
			await clientWith(status, body)
				.send(command as InstanceType<typeof commands.GetObject>)
				.catch((error: unknown) => error);
		expect(await send(bodyOf(text, mebibytes * MiB))).not.toBeInstanceOf(LongResponse);
		const endless = bodyOf(text, Infinity);
		expect(await send(endless)).toMatchObject({ name: 'LongResponse', limit: mebibytes * MiB });
		expect(endless.destroyed).toBe(true);
	},
);

it('the body of an object stays a stream of any length', async () => {
	const { Body } = await clientWith(200, bodyOf('', 3 * MiB)).send(new commands.GetObject(object));
	expect((await buffer(Body as Readable)).length).toBe(3 * MiB);
});

it('the XML of a response is read by the SDK', async () => {
	const xml =
		'<!DOCTYPE Tagging><Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>';
	const client = clientWith(200, bodyOf(xml, xml.length));
	const { TagSet } = await client.send(new commands.GetObjectTagging(object));
	expect(TagSet).toEqual([{ Key: 'k', Value: 'v' }]);
});

it.each([200, 403])(
	'a response with status %i that is nothing but markup is not read',
	async (status) => {
		const body = `<Error>${'<a/>'.repeat(200_000)}<Code>AccessDenied</Code></Error>`;
		const sent = clientWith(status, bodyOf(body, body.length)).send(new commands.ListBuckets());
		const error = await sent.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(Error);
		expect(error).toMatchObject({ $metadata: { httpStatusCode: status } });
		expect(error).not.toHaveProperty('Code');
	},
);

it.each([
	['<?xml version="1.0"?>\n<!-- --><Error><Code>AccessDenied</Code></Error>', 'AccessDenied'],
	['<s3:Error xmlns:s3="x"><Code>AccessDenied</Code></s3:Error>', 'AccessDenied'],
	['<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 'AccessDenied'],
	['<fault><Code>AccessDenied</Code></fault>', undefined],
	['<html><Code>AccessDenied</Code></html>', undefined],
	['AccessDenied <Code>', undefined],
])('the code of the error %s is %s', async (xml, code) => {
	const sent = clientWith(403, bodyOf(xml, xml.length)).send(new commands.ListBuckets());
	const error = await sent.catch((reason: unknown) => reason as { Code?: string });
	expect((error as { Code?: string }).Code).toBe(code);
});

it('a document whose names have a prefix is read like one without', async () => {
	const tags =
		'<?xml version="1.0"?>\n<s3:Tagging xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/"><s3:TagSet><s3:Tag><s3:Key>s3:ü</s3:Key><s3:Value>&lt;s3:b</s3:Value></s3:Tag></s3:TagSet></s3:Tagging>';
	const { TagSet: set } = await clientWith(200, Readable.from([Buffer.from(tags)])).send(
		new commands.GetObjectTagging(object),
	);
	expect(set).toEqual([{ Key: 's3:ü', Value: '<s3:b' }]);
	const error = '<ns0:Error xmlns:ns0="a"><ns0:Code>NoSuchKey</ns0:Code></ns0:Error>';
	const failing = clientWith(404, Readable.from([Buffer.from(error)]));
	await expect(failing.send(new commands.GetObject(object))).rejects.toMatchObject({
		name: 'NoSuchKey',
	});
});
