/** What a server lists besides what was asked for is not taken for it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanUpUploads } from '../../../../s3/buckets/cleanUpUploads';
import { openS3 } from '../../../../s3/client/openS3';
import type { OpenS3 } from '../../../../s3/client/S3';
import { checkListed } from '../../../../s3/errors/otherKeys';
import { listObjects } from '../../../../s3/list/listObjects';
import { listVersions } from '../../../../s3/list/listVersions';
import { deletePrefix } from '../../../../s3/objects/prefix/deletePrefix';
import { undelete } from '../../../../s3/objects/prefix/undelete';
import { connectionTo } from '../../../servers/connectionTo';
import { rejectionOf } from '../../failureOf';

const bucket = 'bucket';
const prefix = 'tmp/';
const call = { signal: undefined, retryFor: 0 };
const common = { bucket, dryRun: false };
const deletion = { ...common, prefix, maxObjects: 1000 };
const asked = { operation: 'ListObjectsV2', bucket };

const entry = (key: string) =>
	`<Key>${key}</Key><Size>1</Size><LastModified>2020-01-01T00:00:00.000Z</LastModified>`;
const both = (name: string, more = '') =>
	['tmp/old', 'salaries.csv'].map((key) => `<${name}>${entry(key)}${more}</${name}>`).join('');

/** Pages with an object outside of the prefix, by the parameter of the query that asks for them. */
const PAGES: Readonly<Record<string, string>> = {
	versions: `<ListVersionsResult>${both('DeleteMarker', '<VersionId>v</VersionId><IsLatest>true</IsLatest>')}</ListVersionsResult>`,
	uploads: `<ListMultipartUploadsResult>${both('Upload', '<UploadId>u</UploadId><Initiated>2020-01-01T00:00:00.000Z</Initiated>')}</ListMultipartUploadsResult>`,
	'list-type': `<ListBucketResult>${both('Contents')}</ListBucketResult>`,
};

const requests: string[] = [];
const server = createServer((request, response) => {
	const { searchParams } = new URL(request.url ?? '', 'http://server');
	requests.push(`${request.method ?? ''} ${[...searchParams.keys()].join(' ')}`);
	const page = Object.keys(PAGES).find((name) => searchParams.has(name));
	response.writeHead(200, { 'content-type': 'application/xml' });
	response.end(page === undefined ? '<DeleteResult/>' : PAGES[page]);
});
let s3: OpenS3;

beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const keys = { accessKeyId: 'a', secretAccessKey: 's' };
	s3 = await openS3(
		connectionTo({
			endpoint: `http://127.0.0.1:${port}`,
			region: 'us-east-1',
			users: { main: keys },
		}),
	);
});
beforeEach(() => (requests.length = 0));
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

it.each<[string, () => Promise<unknown>]>([
	['a listing', () => listObjects(s3, { bucket, prefix }, call).next()],
	['a listing of versions', () => listVersions(s3, { bucket, prefix }, call).next()],
	['a deletion by prefix', () => deletePrefix(s3, { ...deletion, allVersions: false }, call)],
	['a deletion of all versions', () => deletePrefix(s3, { ...deletion, allVersions: true }, call)],
	['an undeletion', () => undelete(s3, { ...common, scope: { prefix } }, call)],
	['a clean-up', () => cleanUpUploads(s3, { ...common, prefix, begunBefore: new Date() }, call)],
])('%s ends without a change if the server does not heed the prefix', async (_, run) => {
	const { kind, message } = await rejectionOf(run());
	expect(kind).toBe('corrupt');
	expect(message).toMatch(/the server also listed keys that begin with something else$/);
	expect(requests).toHaveLength(1);
});

it('checkListed takes every key if no prefix was asked for', () => {
	expect(() => {
		checkListed(['a', 'tmp/b'], { ...asked, prefix: undefined });
		checkListed(['tmp/', 'tmp/b'], { ...asked, prefix });
	}).not.toThrow();
});
