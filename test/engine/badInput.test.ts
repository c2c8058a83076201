import type { INodeExecutionData } from 'n8n-workflow';

import { readDoc } from '../docs/page';
import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { runNode, type Credential } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
const { credential } = server;
withBinaryStore();

beforeAll(() => putAll(credential, bucket, { ten: '0123456789' }));

interface Bad {
	what: string;
	parameters: () => object;
	items?: INodeExecutionData[];
	credential?: () => Credential;
	name: 'NodeApiError' | 'NodeOperationError';
	message: RegExp;
	advice: RegExp;
	httpCode?: string;
}

const put = { resource: 'object', operation: 'put' };
const get = { resource: 'object', operation: 'get' };
const list = { resource: 'object', operation: 'list' };
const text = { source: 'text', text: 'x' };

const cases: Bad[] = [
	{
		what: 'no bucket in node and credential',
		parameters: () => ({ ...put, ...text, key: 'k' }),
		name: 'NodeOperationError',
		message: /^No bucket is given$/,
		advice: /^Choose a Bucket in the node, or enter one in the credential\.$/,
	},
	{
		what: 'an empty key to put',
		parameters: () => ({ ...put, ...text, bucket, key: '={{ "" }}' }),
		name: 'NodeOperationError',
		message: /^The expression of Key gave nothing for this item: "\{\{ \\"\\" \}\}"$/,
		advice: /^Correct the expression: compare the names/,
	},
	{
		what: 'an empty key to copy to',
		parameters: () => ({
			resource: 'object',
			operation: 'copy',
			sourceBucket: bucket,
			sourceKey: 'ten',
			bucket,
			key: '=',
		}),
		name: 'NodeOperationError',
		message: /^The key is empty$/,
		advice: /^Enter the Target Key under which to store the object\.$/,
	},
	{
		what: 'all files as an object in place of their names',
		parameters: () => ({ ...put, bucket, key: 'k', binaryProperty: '={{ $binary }}' }),
		items: [{ json: {}, binary: { data: { data: 'eA==', mimeType: 'text/plain' } } }],
		name: 'NodeOperationError',
		message: /^The expression of Input Binary Field gave an object that is no file$/,
		advice: /^The item has files in: data\. Enter one of these/,
	},
	{
		what: 'a prefix with half of an emoji',
		parameters: () => ({ ...list, bucket, prefix: '={{ "a😀".slice(0, 2) }}' }),
		name: 'NodeOperationError',
		message: /^The prefix “a\ufffd” for bucket “bucket” contains half of a character/,
		advice: /^Look at the expression that makes the prefix/,
	},
	{
		what: 'a tag with half of an emoji',
		parameters: () => ({
			...put,
			...text,
			bucket,
			key: 'k',
			options: { tags: { tag: [{ name: 'a', value: '={{ "a😀".slice(0, 2) }}' }] } },
		}),
		name: 'NodeOperationError',
		message: /^The tags contain half of a character: “a\ufffd”/,
		advice: /^Look at the expression that makes the tag/,
	},
	{
		what: 'a tag with half of an emoji for an object that is there',
		parameters: () => ({
			resource: 'object',
			operation: 'setTags',
			bucket,
			key: { __rl: true, mode: 'key', value: 'ten' },
			tags: { tag: [{ name: 'a', value: '={{ "a😀".slice(0, 2) }}' }] },
		}),
		name: 'NodeOperationError',
		message: /^The tags contain half of a character: “a\ufffd”/,
		advice: /^Look at the expression that makes the tag/,
	},
	{
		what: 'a version with half of an emoji in a link',
		parameters: () => ({
			resource: 'object',
			operation: 'getPresignedUrl',
			bucket,
			key: { __rl: true, mode: 'key', value: 'ten' },
			options: { versionId: '={{ "a😀".slice(0, 2) }}' },
		}),
		name: 'NodeOperationError',
		message: /^The version id “a\ufffd” for bucket “bucket” contains half of a character/,
		advice: /^Look at the expression that makes the version id/,
	},
	{
		what: 'a key to bring back that is longer than keys can be',
		parameters: () => ({
			resource: 'object',
			operation: 'undelete',
			bucket,
			undeleteBy: 'key',
			key: '={{ "x".repeat(1025) }}',
		}),
		name: 'NodeOperationError',
		message: /^The key “x{40}…” for bucket “bucket” has 1025 bytes/,
		advice: /^Use a shorter key/,
	},
	{
		what: 'a key whose expression results in nothing',
		parameters: () => ({
			...get,
			bucket,
			key: { __rl: true, mode: 'key', value: '={{ $json.no }}' },
		}),
		name: 'NodeOperationError',
		message: /^The expression of Key gave nothing for this item: "\{\{ \$json\.no \}\}"$/,
		advice: /^Correct the expression: compare the names/,
	},
	{
		what: 'a text whose expression results in nothing',
		parameters: () => ({ ...put, bucket, key: 'k', source: 'text', text: '={{ $json.no }}' }),
		name: 'NodeOperationError',
		message: /^The expression of Text gave nothing for this item: "\{\{ \$json\.no \}\}"$/,
		advice: /^Correct the expression, or leave Text empty\.$/,
	},
	{
		what: 'no file in the item',
		parameters: () => ({ ...put, bucket, key: 'k' }),
		name: 'NodeOperationError',
		message: /no file in the field “data”/,
		advice: /Connect a node that gives a file/,
	},
	{
		what: 'a file under another name',
		parameters: () => ({ ...put, bucket, key: 'k', binaryProperty: 'photo' }),
		items: [{ json: {}, binary: { data: { data: 'eA==', mimeType: 'text/plain' } } }],
		name: 'NodeOperationError',
		message: /no file in the field “photo”/,
		advice: /The item has files in: data/,
	},
	{
		what: 'an unknown bucket',
		parameters: () => ({ ...list, bucket: 'no-such-bucket-here' }),
		name: 'NodeApiError',
		message: /no-such-bucket-here/,
		advice: /NoSuchBucket · 404/,
		httpCode: '404',
	},
	{
		what: 'a wrong secret',
		parameters: () => ({ ...get, bucket, key: 'ten' }),
		credential: () => ({ ...credential, secretAccessKey: 'planted-wrong-secret' }),
		name: 'NodeApiError',
		message: new RegExp('ten'),
		advice: /SignatureDoesNotMatch · 403/,
		httpCode: '403',
	},
	{
		what: 'an unknown access key',
		parameters: () => ({ ...get, bucket, key: 'ten' }),
		credential: () => ({ ...credential, accessKeyId: 'AKIANOBODY' }),
		name: 'NodeApiError',
		message: /./,
		advice: /InvalidAccessKeyId · 403/,
		httpCode: '403',
	},
	{
		what: 'a key that does not exist',
		parameters: () => ({ ...get, bucket, key: 'missing.txt' }),
		name: 'NodeApiError',
		message: /“missing\.txt” in bucket “bucket”:/,
		advice: /NoSuchKey · 404 · request /,
		httpCode: '404',
	},
	...[0, 100_001, -1, 2.5, 'many'].map((limit) => ({
		what: `the limit ${limit}`,
		parameters: () => ({ ...list, bucket, limit }),
		name: 'NodeOperationError' as const,
		message: /^Limit must be a whole number from 1 to 100,000, but is "/,
		advice: /^Set Limit to a whole number from 1 to 100,000\.$/,
	})),
	{
		what: 'a range behind the end',
		parameters: () => ({ ...get, bucket, key: 'ten', options: { range: 'bytes=20-30' } }),
		name: 'NodeApiError',
		message: /“ten”/,
		advice: /InvalidRange · 416/,
		httpCode: '416',
	},
	...['bytes=5-2', 'bytes=a-b', 'bytes=0-1,3-4', '-'].map((range) => ({
		what: `the range ${range}`,
		parameters: () => ({ ...get, bucket, key: 'ten', options: { range } }),
		name: 'NodeOperationError' as const,
		message: /is not one range of bytes$/,
		advice: /bytes=0-1023/,
	})),
	{
		what: 'an operation of a newer version of the package',
		parameters: () => ({ resource: 'object', operation: 'constructor' }),
		name: 'NodeOperationError',
		message: /no operation “constructor” for the resource “object”$/,
		advice: /update n8n-nodes-amazon-s3/,
	},
	{
		what: 'an endpoint where nothing answers',
		parameters: () => ({ ...get, bucket, key: 'ten' }),
		credential: () => ({ ...credential, endpoint: 'http://127.0.0.1:1' }),
		name: 'NodeApiError',
		message: /127\.0\.0\.1:1/,
		advice: /ECONNREFUSED/,
	},
	{
		what: 'a bucket that the credential is not for',
		parameters: () => ({ ...list, bucket }),
		credential: () => ({ ...credential, bucket: 'other-bucket', bucketOnly: true }),
		name: 'NodeOperationError',
		message: /other-bucket/,
		advice: /./,
	},
	{
		what: 'a credential without a secret',
		parameters: () => ({ ...list, bucket }),
		credential: () => ({ ...credential, secretAccessKey: '' }),
		name: 'NodeOperationError',
		message: /^The credential has no Secret Access Key$/,
		advice: /^Enter the Secret Access Key/,
	},
];

describe.each(cases)('with $what', ({ parameters, items, name, message, advice, ...bad }) => {
	const run = () =>
		runNode({
			parameters: parameters() as never,
			credential: bad.credential?.() ?? credential,
			...(items === undefined ? {} : { items }),
		});

	it(`for ${bad.what} the node stops with one clear error, with the item, the message and the advice`, async () => {
		const { status, error } = await run();
		expect(status).toBe('error');
		expect(error).toMatchObject({ name, context: { itemIndex: 0 } });
		expect(error?.message).toMatch(message);
		expect(error?.message).not.toMatch(/\n|undefined|\[object/);
		expect(error?.description).toMatch(advice);
		expect((error as { httpCode?: string | null }).httpCode ?? undefined).toBe(bad.httpCode);
	});

	it(`for ${bad.what} the error of the node holds no secret of the credential`, async () => {
		const { error } = await run();
		const used = bad.credential?.() ?? credential;
		const shown = `${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${error?.stack ?? ''}`;
		expect(used.secretAccessKey === '' || !shown.includes(used.secretAccessKey)).toBe(true);
		expect(shown).not.toMatch(/AWS4-HMAC-SHA256|Signature=/);
	});
});

const NOTHING = '={{ $json.no }}';
const inDryRun = { options: { dryRun: NOTHING } };
type Protection = [resource: string, operation: string, parameters: object, label: string];
const protections: Protection[] = [
	['object', 'put', { key: 'k', ...text, options: { overwrite: NOTHING } }, 'Overwrite'],
	['object', 'put', { key: 'k', ...text, options: { encryption: NOTHING } }, 'Encryption'],
	[
		'object',
		'put',
		{ key: 'k', ...text, options: { encryption: 'kms', encryptionKmsKeyId: NOTHING } },
		'Encryption KMS Key ID',
	],
	[
		'object',
		'put',
		{ key: 'k', ...text, options: { objectLockMode: NOTHING } },
		'Object Lock Mode',
	],
	[
		'object',
		'put',
		{ key: 'k', ...text, options: { objectLockLegalHold: NOTHING } },
		'Object Lock Legal Hold',
	],
	[
		'object',
		'put',
		{ key: 'k', ...text, options: { expectedBucketOwner: NOTHING } },
		'Expected Bucket Owner',
	],
	['object', 'get', { key: 'ten', options: { ifMatch: NOTHING } }, 'If ETag Matches'],
	['object', 'get', { key: 'ten', options: { ifUnmodifiedSince: NOTHING } }, 'If Unmodified Since'],
	[
		'object',
		'copy',
		{ sourceKey: 'ten', sourceBucket: bucket, key: 'k', options: { overwrite: NOTHING } },
		'Overwrite',
	],
	['object', 'deleteByPrefix', { prefix: 't', ...inDryRun }, 'Dry Run'],
	['object', 'undelete', { key: 'ten', ...inDryRun }, 'Dry Run'],
	['bucket', 'cleanUpUploads', inDryRun, 'Dry Run'],
	['bucket', 'cleanUpUploads', { prefix: NOTHING }, 'Prefix'],
	['bucket', 'cleanUpUploads', { olderThanHours: NOTHING }, 'Older Than (Hours)'],
	['bucket', 'delete', { options: { emptyFirst: true, maxObjects: NOTHING } }, 'Max Objects'],
	['object', 'deleteByPrefix', { prefix: 't', options: { maxObjects: NOTHING } }, 'Max Objects'],
	[
		'object',
		'deleteByPrefix',
		{ prefix: 't', options: { excludePrefixItself: NOTHING } },
		'Exclude Prefix Itself',
	],
	['object', 'listVersions', { versionsOf: NOTHING }, 'Versions Of'],
	[
		'object',
		'list',
		{ output: 'csv', options: { spreadsheetSafe: NOTHING } },
		'Safe for Spreadsheets',
	],
	['object', 'put', { key: 'k', ...text, options: { checksum: NOTHING } }, 'Checksum'],
	['object', 'get', { key: 'ten', options: { verifyEtag: NOTHING } }, 'Verify ETag'],
	[
		'object',
		'append',
		{ key: 'new', text: 'x', options: { encryptionCustomerKey: NOTHING } },
		'Encryption Customer Key',
	],
	...['expiresIn', 'contentLength', 'contentType', 'encryptionCustomerKey'].map(
		(name, index): Protection => [
			'object',
			'getPresignedUrl',
			{
				key: 'k',
				method: 'PUT',
				...(name === 'expiresIn' ? { [name]: NOTHING } : { options: { [name]: NOTHING } }),
			},
			['Expires In (Seconds)', 'Content Length (Bytes)', 'Content Type', 'Encryption Customer Key'][
				index
			]!,
		],
	),
	...['minSize', 'maxSize', 'contentType'].map((name, index): Protection => [
		'object',
		'getPresignedPost',
		{ key: 'k', options: { [name]: NOTHING } },
		['Min Size (Bytes)', 'Max Size (Bytes)', 'Content Type'][index]!,
	]),
];

it.each(protections)(
	'%s %s sends nothing without what protects something: %j',
	async (resource, operation, parameters, label) => {
		server.requests.length = 0;
		const { error } = await runNode({
			parameters: { resource, operation, bucket, ...parameters },
			credential,
		});
		expect(error?.message).toBe(
			`The expression of ${label} gave nothing for this item: "{{ $json.no }}"`,
		);
		expect(server.requests).toEqual([]);
	},
);

const existing = { __rl: true, mode: 'key', value: 'ten' };
const copied = { sourceBucket: bucket, sourceKey: existing, key: 'k' };
const lostTag = { tag: [{ name: 'a', value: NOTHING }] };
const lostMetadata = { entry: [{ name: 'a', value: NOTHING }] };
const lostName = { tag: [{ name: NOTHING, value: 'x' }] };
type Lost = [resource: string, operation: string, parameters: object, what: string];
const lostPairs: Lost[] = [
	...['put', 'getPresignedPost', 'getPresignedUrl'].map((operation): Lost => [
		'object',
		operation,
		{ key: 'k', method: 'PUT', ...text, options: { metadata: lostMetadata } },
		'value of the metadata "a"',
	]),
	['object', 'put', { key: 'k', ...text, options: { tags: lostTag } }, 'value of the tag "a"'],
	['object', 'put', { key: 'k', ...text, options: { tags: lostName } }, 'name of a tag'],
	...['copy', 'move'].flatMap((operation): Lost[] => [
		[
			'object',
			operation,
			{ ...copied, options: { metadata: 'replace', newMetadata: lostMetadata } },
			'value of the metadata "a"',
		],
		[
			'object',
			operation,
			{ ...copied, options: { tags: 'replace', newTags: lostTag } },
			'value of the tag "a"',
		],
	]),
	...['merge', 'replace'].map((mode): Lost => [
		'object',
		'setTags',
		{ key: existing, mode, tags: lostTag },
		'value of the tag "a"',
	]),
	['object', 'setTags', { key: existing, mode: 'remove', tags: lostName }, 'name of a tag'],
	[
		'bucket',
		'create',
		{ bucketName: 'new-bucket', options: { tags: lostTag } },
		'value of the tag "a"',
	],
	[
		'object',
		'put',
		{
			key: 'k',
			...text,
			options: { encryption: 'kms', encryptionKmsContext: lostMetadata },
		},
		'value of the encryption context "a"',
	],
	[
		'object',
		'put',
		{
			key: 'k',
			source: 'url',
			url: 'http://127.0.0.1:1/',
			options: { headers: { header: [{ name: 'a', value: NOTHING }] } },
		},
		'value of the header "a"',
	],
];

it.each(lostPairs)(
	'%s %s sends nothing if the expression of a name or value gives nothing: %j',
	async (resource, operation, parameters, what) => {
		server.requests.length = 0;
		const { error } = await runNode({
			parameters: { resource, operation, bucket, ...parameters },
			credential,
		});
		expect(error?.message).toBe(
			`The expression of the ${what} gave nothing for this item: "{{ $json.no }}"`,
		);
		expect(server.requests).toEqual([]);
	},
);

it.each([
	['object', 'setTags', { key: existing, mode: 'merge' }],
	['bucket', 'create', { bucketName: 'new-bucket' }],
])(
	'%s %s sends nothing for a tag with half of an emoji',
	async (resource, operation, parameters) => {
		server.requests.length = 0;
		const tags = { tag: [{ name: 'a', value: '={{ "a😀".slice(0, 2) }}' }] };
		const { error } = await runNode({
			parameters: { resource, operation, bucket, ...parameters, tags, options: { tags } },
			credential,
		});
		expect(error?.message).toMatch(/^The tags contain half of a character: “a\ufffd”/);
		expect(server.requests).toEqual([]);
	},
);

it('a value that is meant to be empty is stored empty, and a value of text and nothing without the latter', async () => {
	const values = ["={{ $json.no ?? '' }}", '', '=a{{ $json.no }}'];
	const { error } = await runNode({
		parameters: {
			...put,
			...text,
			bucket,
			key: 'empty',
			options: {
				metadata: { entry: values.map((value, index) => ({ name: `m${index}`, value })) },
				tags: { tag: values.map((value, index) => ({ name: `t${index}`, value })) },
			},
		},
		credential,
	});
	expect(error).toBeUndefined();
	const { outputs } = await runNode({
		parameters: { resource: 'object', operation: 'getMetadata', bucket, key: 'empty' },
		credential,
	});
	expect(outputs[0]?.[0]?.json.metadata).toEqual({ m0: '', m1: '', m2: 'a' });
	const tags = await runNode({
		parameters: { resource: 'object', operation: 'getTags', bucket, key: 'empty' },
		credential,
	});
	expect(tags.outputs[0]?.[0]?.json.tags).toEqual({ t0: '', t1: '', t2: 'a' });
});

it.each([
	['bucketOnly', 'Only This Bucket'],
	['readOnly', 'Read Only'],
	['privacyLevel', 'Privacy Level'],
	['customRegion', 'Custom Region'],
	['proxy', 'Proxy'],
	['assumeRole', 'Assume Role'],
	['bucket', 'Bucket'],
])(
	'no request is sent with a credential whose %s is an expression that gives nothing',
	async (name, label) => {
		server.requests.length = 0;
		const { error } = await runNode({
			parameters: { ...put, ...text, bucket, key: 'k' },
			credential: () => ({ ...credential, bucket, moreSettings: true, [name]: NOTHING }),
		});
		expect(error?.message).toBe(`The expression of ${label} in the credential gave nothing`);
		expect(server.requests).toEqual([]);
	},
);

it.each(['bucketOnly', 'readOnly'])(
	'no request is sent with a credential whose limit %s is an empty text',
	async (name) => {
		server.requests.length = 0;
		const { error } = await runNode({
			parameters: { ...put, ...text, bucket, key: 'k' },
			credential: () => ({ ...credential, bucket, moreSettings: true, [name]: '={{ "" }}' }),
		});
		expect(error?.message).toMatch(/of the credential is neither true nor false$/);
		expect(server.requests).toEqual([]);
	},
);

it.each([
	['endpoint', 'Endpoint', '={{ "" }}'],
	['endpoint', 'Endpoint', '={{ $json.no }}\n'],
	['endpoint', 'Endpoint', '={{ $json.no }}{{ $json.no }}'],
	['publicEndpoint', 'Public Endpoint', '={{ "" }}'],
])(
	'no request goes to another server because the expression of %s gives an empty text: %s %j',
	async (name, label, expression) => {
		const { error } = await runNode({
			parameters: { ...put, ...text, bucket, key: 'k' },
			credential: () => ({ ...credential, [name]: expression }),
		});
		expect(error?.message).toBe(`The expression of ${label} in the credential gave nothing`);
	},
);

it('an expression of a credential that ends as the docs say refuses an empty text', async () => {
	const [expression = ''] = /\{\{ \$vars\.\w+ \|\| null \}\}/.exec(readDoc('variables.md')) ?? [];
	server.requests.length = 0;
	const { error } = await runNode({
		parameters: { ...put, ...text, key: 'k' },
		credential: () => ({ ...credential, bucket: `=${expression.replace(/\$vars\.\w+/, '""')}` }),
	});
	expect(error?.message).toBe('The expression of Bucket in the credential gave nothing');
	expect(server.requests).toEqual([]);
});
