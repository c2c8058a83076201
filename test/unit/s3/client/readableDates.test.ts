import { boundedBodies } from '../../../../s3/client/boundedBodies';
import { readableDates } from '../../../../s3/client/readableDates';
import { commands } from '../../../../s3/sdk';
import type { S3Client } from '../../../../s3/sdk';
import { clientWith } from './clientWith';

const object = { Bucket: 'data', Key: 'a' };
const withDates = (client: S3Client) => {
	readableDates(client);
	boundedBodies(client);
};
const RETAIN = 'x-amz-object-lock-retain-until-date';

it.each([
	['yesterday', '2030-01-01'],
	['Wed, 21 Oct 2015 07:28:00 +0000', '2030-01-01T00:00:00'],
	['Wed, 99 Oct 2015 07:28:00 GMT', '2030-99-01T00:00:00Z'],
	['Wed, 00 Oct 2015 07:28:00 GMT', '2030-00-01T00:00:00Z'],
	['Wed, 21 Oct 2015 25:28:00 GMT', '2030-01-01T25:00:00Z'],
	['1445412480', '1893456000'],
	['', ''],
])('a response with the dates “%s” and “%s” is read without them', async (modified, retain) => {
	const headers = { 'last-modified': modified, [RETAIN]: retain, etag: '"a"' };
	const { client } = clientWith(withDates, { headers });
	const output = await client.send(new commands.GetObject(object));
	expect(output.ETag).toBe('"a"');
	expect(output.LastModified).toBeUndefined();
	expect(output.ObjectLockRetainUntilDate).toBeUndefined();
});

it.each([
	['Wed, 21 Oct 2015 07:28:00 GMT', '2030-01-01T00:00:00Z'],
	['Thu, 21 Oct 2015 07:28:00 GMT', '2030-01-01T01:00:00.000+01:00'],
	['2015-10-21T07:28:00.000Z', 'Tue, 01 Jan 2030 00:00:00 GMT'],
])('the dates “%s” and “%s” are read', async (modified, retain) => {
	const headers = { 'last-modified': modified, [RETAIN]: retain };
	const { client } = clientWith(withDates, { headers });
	const output = await client.send(new commands.HeadObject(object));
	expect(output.LastModified).toEqual(new Date('2015-10-21T07:28:00Z'));
	expect(output.ObjectLockRetainUntilDate).toEqual(new Date('2030-01-01T00:00:00Z'));
});

it.each([
	['2026-01-31T08:00:00.000Z', new Date('2026-01-31T08:00:00Z')],
	[' 2026-01-31T08:00:00+02:00 ', new Date('2026-01-31T06:00:00Z')],
	['Sat, 31 Jan 2026 08:00:00 GMT', new Date('2026-01-31T08:00:00Z')],
	['2026-01-31 08:00:00', undefined],
	['1769846400', undefined],
	['', undefined],
])(
	'a bucket that was created on “%s” is listed, whether or not that can be read',
	async (text, date) => {
		const body = `<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name><CreationDate>${text}</CreationDate></Bucket><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>`;
		const { client } = clientWith(withDates, { body });
		const { Buckets: buckets } = await client.send(new commands.ListBuckets());
		expect(buckets?.map(({ Name }) => Name)).toEqual(['a', 'b']);
		expect(buckets?.[0]?.CreationDate).toEqual(date);
	},
);

it('an error of a call whose response has dates stays an error', async () => {
	const body = '<Error><Code>AccessDenied</Code></Error>';
	const { client } = clientWith(withDates, { status: 403, body });
	await expect(client.send(new commands.ListBuckets())).rejects.toMatchObject({
		name: 'AccessDenied',
	});
});

it.each([
	['ListMultipartUploads', { Bucket: 'data' }, '<Upload><Initiated>$</Initiated></Upload>'],
	['ListObjectVersions', { Bucket: 'data' }, '<Version><LastModified>$</LastModified></Version>'],
	[
		'ListObjectVersions',
		{ Bucket: 'data' },
		'<Version><RestoreStatus><RestoreExpiryDate>$</RestoreExpiryDate></RestoreStatus></Version>',
	],
	[
		'UploadPartCopy',
		{ ...object, UploadId: 'u', PartNumber: 1, CopySource: 'data/b' },
		'<LastModified>$</LastModified><ETag>e</ETag>',
	],
	['CopyObject', { ...object, CopySource: 'data/b' }, '<LastModified>$</LastModified>'],
] as const)('a response to %s is read whatever its dates are', async (name, input, content) => {
	const { client } = clientWith(withDates, {
		headers: { 'x-amz-abort-date': 'soon' },
		body: `<${name}Result>${content.replaceAll('$', '2026-01-31 08:00:00')}</${name}Result>`,
	});
	const Command = commands[name] as unknown as new (
		input: unknown,
	) => typeof commands.GetObject.prototype;
	await expect(client.send(new Command(input))).resolves.toBeDefined();
});

it('an upload is begun though the server does not write as a date when it will be aborted', async () => {
	const body =
		'<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
	const { client } = clientWith(withDates, { headers: { 'x-amz-abort-date': 'soon' }, body });
	const output = await client.send(new commands.CreateMultipartUpload(object));
	expect([output.UploadId, output.AbortDate]).toEqual(['u', undefined]);
});
