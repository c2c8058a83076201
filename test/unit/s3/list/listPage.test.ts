import { Readable } from 'node:stream';
import type { S3 } from '../../../../s3/client/S3';
import { listPage } from '../../../../s3/list/listPage';
import type { PageRequest } from '../../../../s3/list/listPage';
import { readPage } from '../../../../s3/memory/PageBuffer';
import type { PageBuffer } from '../../../../s3/memory/PageBuffer';
import { rejectionOf } from '../../failureOf';

const call = { signal: new AbortController().signal };
const REQUEST: PageRequest = {
	bucket: 'b',
	prefix: undefined,
	delimiter: undefined,
	startAfter: undefined,
	continuationToken: undefined,
	maxKeys: 1000,
	fetchOwner: undefined,
	includeRestoreStatus: undefined,
	requestPayer: undefined,
	expectedBucketOwner: undefined,
};

const objectXml = (key: string, date = '2026-01-31T08:00:00.000Z') =>
	`<Contents><Key>${key}</Key><LastModified>${date}</LastModified><ETag>"e"</ETag><Size>5</Size></Contents>`;
const prefixXml = (prefix: string) => `<CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes>`;

/** Lists a page that a server responds with. */
function list(content: string, request: Partial<PageRequest> = {}, attempts?: number) {
	const asked: object[] = [];
	let page: PageBuffer | undefined;
	const send = async (name: string, input: object, options: object) => {
		asked.push({ name, input, options });
		page = await readPage(
			Readable.from([Buffer.from(`<ListBucketResult>${content}</ListBucketResult>`)]),
		);
		return { listing: page, $metadata: { attempts } };
	};
	const s3 = { connection: {}, send } as unknown as S3;
	return { asked, listed: listPage(s3, { ...REQUEST, ...request }, call), pageOf: () => page };
}

it('a page is asked for with all that the request says', async () => {
	const { asked, listed } = list('', {
		prefix: 'a/',
		delimiter: '/',
		startAfter: 'a/0',
		continuationToken: 'token',
		maxKeys: 10,
		fetchOwner: true,
		includeRestoreStatus: true,
		requestPayer: true,
		expectedBucketOwner: '111122223333',
	});
	await listed;
	expect(asked).toEqual([
		{
			name: 'ListObjectsV2',
			input: {
				Bucket: 'b',
				Prefix: 'a/',
				Delimiter: '/',
				StartAfter: 'a/0',
				ContinuationToken: 'token',
				MaxKeys: 10,
				FetchOwner: true,
				OptionalObjectAttributes: ['RestoreStatus'],
				EncodingType: 'url',
				RequestPayer: 'requester',
				ExpectedBucketOwner: '111122223333',
			},
			options: call,
		},
	]);
});

it('what is empty or off is not asked for', async () => {
	const empty = { prefix: '', delimiter: '', startAfter: '' };
	const off = { fetchOwner: false, includeRestoreStatus: false };
	const { asked, listed } = list('', { ...empty, ...off });
	await listed;
	expect(asked).toMatchObject([
		{
			input: {
				Prefix: undefined,
				Delimiter: undefined,
				StartAfter: undefined,
				FetchOwner: undefined,
				OptionalObjectAttributes: undefined,
			},
		},
	]);
});

it('the date until which an object is restored is in ISO 8601, also of a server that writes another', async () => {
	const restoredUntil = (date: string) =>
		`<Contents><Key>k</Key><RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>${date}</RestoreExpiryDate></RestoreStatus></Contents>`;
	for (const date of ['2026-12-21T00:00:00.000Z', '2026-12-21T00:00:00Z']) {
		const { entries } = await list(restoredUntil(date)).listed;
		expect(entries).toMatchObject([
			{ restoreStatus: { state: 'restored', expiresAt: '2026-12-21T00:00:00.000Z' } },
		]);
	}
});

it('objects and common prefixes of a page are in the order of UTF-8', async () => {
	const { listed } = list(
		`${objectXml('a')}${objectXml('c')}${objectXml('\uffee')}${prefixXml('b/')}${prefixXml('\u{1F600}/')}`,
	);
	const { entries } = await listed;
	expect(entries.map((entry) => ('key' in entry ? entry.key : entry))).toEqual([
		'a',
		{ bucket: 'b', prefix: 'b/' },
		'c',
		'\uffee',
		{ bucket: 'b', prefix: '\u{1F600}/' },
	]);
});

it.each([
	['2026-01-31T08:00:00.000Z', '2026-01-31T08:00:00.000Z'],
	['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
	['2026-01-31T09:00:00.000+01:00', '2026-01-31T08:00:00.000Z'],
	['2026-01-31 08:00:00', undefined],
	['yesterday', undefined],
	['0001-01-01T00:00:00.000Z', undefined],
])('the date %s of an object becomes %s', async (date, expected) => {
	const { entries } = await list(objectXml('a', date)).listed;
	expect(entries).toMatchObject([{ lastModified: expected }]);
});

it('a page says whether more entries follow, with which token, and whether it was asked for again', async () => {
	const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>';
	const page = await list(more, {}, 2).listed;
	expect(page).toEqual({ entries: [], truncated: true, nextToken: 't', retried: true });
	const last = await list('<IsTruncated>false</IsTruncated>', {}, 1).listed;
	expect(last).toMatchObject({ truncated: false, nextToken: undefined, retried: false });
	expect((await list('').listed).retried).toBe(false);
});

it('a response that is no complete listing is an error, which may pass', async () => {
	const { listed, pageOf } = list('<Contents><Key>a</Key>');
	const failure = await rejectionOf(listed);
	expect(failure).toMatchObject({
		kind: 'corrupt',
		message: 'Could not list bucket “b”: the response is not a complete listing',
		advice: 'Check that the endpoint is an S3 server; if it is, run it again.',
		retryable: true,
		operation: 'ListObjectsV2',
		bucket: 'b',
	});
	expect(failure.cause).toBeInstanceOf(Error);
	expect(pageOf()?.bytes()).toHaveLength(0);
});

it('the memory of a page is given back when it is read', async () => {
	const { listed, pageOf } = list(objectXml('a'));
	await listed;
	expect(pageOf()?.bytes()).toHaveLength(0);
});
