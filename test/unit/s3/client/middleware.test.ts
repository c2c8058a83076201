import { Readable } from 'node:stream';
import { readableDates } from '../../../../s3/client/middleware';
import { commands, HttpResponse, S3Client } from '../../../../s3/sdk';

const OBJECT = { Bucket: 'bucket', Key: 'key' };

/** A client of which every response has these headers. */
function clientOf(headers: Record<string, string>): S3Client {
	const respond = () =>
		Promise.resolve({
			response: new HttpResponse({
				statusCode: 200,
				headers,
				body: Readable.from([Buffer.from('a')]),
			}),
		});
	return new S3Client({
		region: 'us-east-1',
		credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
		requestHandler: { handle: respond, metadata: { handlerProtocol: 'http/1.1' } },
	});
}

const RETAIN = 'x-amz-object-lock-retain-until-date';

it.each([
	['yesterday', '2030-01-01'],
	['2015-10-21T07:28:00Z', 'Tue, 01 Jan 2030 00:00:00 GMT'],
	['Wed, 21 Oct 2015 07:28:00 +0000', '2030-01-01T00:00:00'],
	['Wed, 99 Oct 2015 07:28:00 GMT', '2030-99-01T00:00:00Z'],
	['Wed, 00 Oct 2015 07:28:00 GMT', '2030-00-01T00:00:00Z'],
	['Wed, 21 Oct 2015 25:28:00 GMT', '2030-01-01T25:00:00Z'],
	['1445412480', '1893456000'],
	['', ''],
])('a response with the dates “%s” and “%s” is read without them', async (modified, retain) => {
	const headers = { 'last-modified': modified, [RETAIN]: retain, etag: '"a"' };
	const client = clientOf(headers);
	readableDates(client);
	const output = await client.send(new commands.GetObject(OBJECT));
	expect(output.ETag).toBe('"a"');
	expect(output.LastModified).toBeUndefined();
	expect(output.ObjectLockRetainUntilDate).toBeUndefined();
});

it.each([
	['Wed, 21 Oct 2015 07:28:00 GMT', '2030-01-01T00:00:00Z'],
	['Thu, 21 Oct 2015 07:28:00 GMT', '2030-01-01T01:00:00.000+01:00'],
])('the dates “%s” and “%s” are read', async (modified, retain) => {
	const client = clientOf({ 'last-modified': modified, [RETAIN]: retain });
	readableDates(client);
	const output = await client.send(new commands.HeadObject(OBJECT));
	expect(output.LastModified).toEqual(new Date('2015-10-21T07:28:00Z'));
	expect(output.ObjectLockRetainUntilDate).toEqual(new Date('2030-01-01T00:00:00Z'));
});
