/** Requests that the owner of a credential forbids whoever uses it in the HTTP Request node. */
import { Readable } from 'node:stream';

import type { IHttpRequestOptions } from 'n8n-workflow';

import { signRequest } from '../../../../credentials/httpRequest/signRequest';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', region: 'eu-central-1' };

const sign = async (credential: object, request: object) =>
	await signRequest(
		'amazonS3AccessKeysApi',
		{ ...keys, ...credential },
		request as IHttpRequestOptions,
	);

const aws = { bucket: 'mine', bucketOnly: true };
const own = { ...aws, endpoint: 'https://gateway.example:9000/s3' };

it.each([
	[aws, 'https://mine.s3.eu-central-1.amazonaws.com/a/b'],
	[aws, 'https://mine.s3.amazonaws.com/'],
	[aws, 'https://mine.s3.dualstack.eu-central-1.amazonaws.com/a%20b'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/a'],
	[aws, 'https://s3-eu-west-1.amazonaws.com/mine?list-type=2'],
	[aws, 'https://s3.cn-north-1.amazonaws.com.cn/mine'],
	[aws, 'https://s3-fips.us-gov-west-1.amazonaws.com/mine/a'],
	[aws, 'https://mine.s3-fips.dualstack.us-gov-west-1.amazonaws.com/a'],
	[aws, 'https://s3.eusc-de-east-1.amazonaws.eu/mine'],
	[own, 'https://gateway.example:9000/s3/mine/a'],
	[{ ...own, addressingStyle: 'virtual' }, 'https://mine.gateway.example:9000/a/../b'],
])('a credential for one bucket, %j, signs a request to %s', async (credential, url) => {
	const { headers } = await sign(credential, { url });
	expect(headers?.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
});

const refusedUrls: Array<[object, string]> = [
	[aws, 'https://other.s3.eu-central-1.amazonaws.com/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/other/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/'],
	[aws, 'https://s3.eu-central-1.amazonaws.com//other'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/../other/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/..%2Fother/a'],
	[aws, 'https://s3.eu-central-1.amazonaws.com/mine/%252e%252e/other/a'],
	[aws, 'https://mine-too.s3.eu-central-1.amazonaws.com/'],
	[aws, 'https://other.mine.s3.eu-central-1.amazonaws.com/'],
	[aws, 'https://s3-other.s3.amazonaws.com/mine/a'],
	[aws, 'https://s3.other.s3.amazonaws.com/mine/a'],
	[aws, 'https://sts.amazonaws.com/?Action=GetSessionToken'],
	[aws, 'https://iam.amazonaws.com/'],
	[aws, 'https://mine.example.com/a'],
	[aws, 'https://p-111122223333.s3-accesspoint.eu-central-1.amazonaws.com/a'],
	[own, 'https://gateway.example:9000/mine/a'],
	// A server of path style takes the beginning of the path for the bucket, by whatever name it is asked.
	[own, 'https://mine.gateway.example:9000/other/a'],
	[{ ...own, addressingStyle: 'path' }, 'https://mine.gateway.example:9000/other/a'],
	[own, 'https://gateway.example:9000/s3/other/a'],
	[own, 'https://gateway.example:9001/s3/mine/a'],
	[own, 'https://mine.s3.eu-central-1.amazonaws.com/a'],
];
it.each(refusedUrls)(
	'a credential for one bucket, %j, signs no request to %s',
	async (credential, url) => {
		await expect(sign(credential, { url })).rejects.toMatchObject({
			kind: 'refused',
			message: expect.stringContaining('This credential is only for bucket “mine”') as string,
		});
	},
);

it.each(['/other/secret', 'other/secret', '%2Fother%2Fsecret', 'mine/../other/secret'])(
	'a credential for one bucket signs no copy from %s',
	async (source) => {
		const url = 'https://mine.s3.eu-central-1.amazonaws.com/copy';
		const headers = { 'X-Amz-Copy-Source': source };
		const inQuery = `${url}?x-amz-copy-source=${encodeURIComponent(source)}`;
		const copies = [{ url, headers }, { url: inQuery }];
		for (const copy of copies) {
			await expect(sign(aws, { method: 'PUT', ...copy })).rejects.toMatchObject({
				kind: 'refused',
			});
		}
	},
);

it.each(['/mine/a,/other/secret', '/mine/a;/other/secret', '/mine/a%5C..%5Cother'])(
	'a credential for one bucket signs no copy from %s, which names a second source for some servers',
	async (source) => {
		const headers = { 'x-amz-copy-source': source };
		const url = 'https://mine.s3.eu-central-1.amazonaws.com/copy';
		await expect(sign(aws, { method: 'PUT', url, headers })).rejects.toMatchObject({
			kind: 'refused',
		});
	},
);

it.each([' ', '\t', '\u00a0', '\ufeff', '\u2003'])(
	'a credential with a limit sees a header whose name begins with %j as n8n sends it',
	async (blank) => {
		const url = 'https://mine.s3.eu-central-1.amazonaws.com/copy';
		const requests: Array<[object, object]> = [
			[aws, { [`${blank}x-amz-copy-source`]: '/other/secret' }],
			[{ privacyLevel: 'private' }, { [`${blank}X-Amz-Acl`]: 'public-read' }],
			[{ privacyLevel: 'private' }, { [`x-amz-grant-read${blank}`]: 'id="7012"' }],
		];
		for (const [credential, headers] of requests) {
			await expect(sign(credential, { method: 'PUT', url, headers })).rejects.toMatchObject({
				kind: 'refused',
			});
		}
	},
);

it.each([
	'X-Forwarded-Host',
	'Forwarded',
	'X-Original-URL',
	'X-Rewrite-URL',
	'x-amz-rename-source',
])(
	'a credential for one bucket signs no request with the header %s, which could lead elsewhere',
	async (name) => {
		const url = 'https://mine.s3.eu-central-1.amazonaws.com/a';
		await expect(sign(aws, { url, headers: { [name]: '/other/secret' } })).rejects.toMatchObject({
			kind: 'refused',
			message: expect.stringContaining(`the header “${name.toLowerCase()}”`) as string,
		});
	},
);

it.each([
	'replication',
	'inventory&id=a',
	'logging',
	'notification',
	'analytics&id=a',
	'unheard-of',
])(
	'a credential for one bucket does not sign a PUT of ?%s, which could send data to another',
	async (query) => {
		const url = `https://mine.s3.eu-central-1.amazonaws.com/?${query}`;
		await expect(sign(aws, { method: 'PUT', url })).rejects.toMatchObject({ kind: 'refused' });
	},
);

it.each(['acl', 'policy', 'tagging', 'lifecycle'])(
	'a credential for one bucket signs a PUT of ?%s, which stays in it',
	async (query) => {
		const url = `https://mine.s3.eu-central-1.amazonaws.com/?${query}`;
		await expect(sign(aws, { method: 'PUT', url })).resolves.toBeDefined();
	},
);

it.each([
	[{}, 'http://s3.eu-central-1.amazonaws.com/mine/a'],
	[{}, 'http://mine.s3.amazonaws.com/a'],
	[{}, 'http://mine.s3-accelerate.amazonaws.com/a'],
	[{}, 'http://s3.amazonaws.com./mine/a'],
	[{}, 'http://sts.amazonaws.com/'],
	[{ endpoint: own.endpoint }, 'http://s3.amazonaws.com/mine/a'],
	[{ endpoint: own.endpoint }, 'http://gateway.example:9000/s3/mine/a'],
	[{ endpoint: own.endpoint }, 'http://mine.gateway.example/a'],
])('a credential %j does not sign %s, because its server has https', async (credential, url) => {
	await expect(sign(credential, { url })).rejects.toMatchObject({
		kind: 'refused',
		message: expect.stringContaining('begins with http://') as string,
	});
});

it('a credential for a server by plain http signs for it, but not for another scheme under a limit', async () => {
	const endpoint = 'http://gateway.example:9000';
	await expect(sign({ endpoint }, { url: `${endpoint}/b/k` })).resolves.toBeDefined();
	const limited = { endpoint, privacyLevel: 'private' };
	await expect(sign(limited, { url: `${endpoint}/b/k` })).resolves.toBeDefined();
	const byTls = { url: 'https://gateway.example:9000/b/k' };
	await expect(sign(limited, byTls)).rejects.toMatchObject({ kind: 'refused' });
});

it.each([
	'minio/admin/v3/add-user',
	'admin/user',
	'/admin/usage',
	'%2Fadmin/usage',
	'%252e/admin/usage',
	'bucket/%252e/key',
])(
	'a credential with a limit does not sign a request to what may be the administration of a server, /%s',
	async (path) => {
		const endpoint = 'https://gateway.example:9000';
		for (const limit of [{ privacyLevel: 'private' }, { readOnly: true }]) {
			const url = `${endpoint}/${path}`;
			await expect(sign({ endpoint, ...limit }, { url })).rejects.toMatchObject({
				kind: 'refused',
			});
		}
	},
);

it('a credential with a limit signs virtual-hosted requests to an endpoint if it uses them itself', async () => {
	const limited = { endpoint: 'https://gateway.example', privacyLevel: 'private' };
	const request = { url: 'https://b.gateway.example/k' };
	await expect(sign(limited, request)).rejects.toMatchObject({ kind: 'refused' });
	await expect(sign({ ...limited, addressingStyle: 'virtual' }, request)).resolves.toBeDefined();
	await expect(sign({ ...limited, bucket: 'b' }, request)).rejects.toMatchObject({
		kind: 'refused',
		advice: expect.stringContaining('Virtual-Hosted') as string,
	});
});

it.each(['mine/a%00b', 'mine/a%0d%0ab', 'mine/a%250ab', 'mine/%7f'])(
	'a credential with a limit does not sign a path with a control character, /%s',
	async (path) => {
		for (const limit of [{ privacyLevel: 'private' }, { readOnly: true }, { bucketOnly: true }]) {
			const limited = { bucket: 'mine', ...limit };
			const url = `https://s3.eu-central-1.amazonaws.com/${path}`;
			await expect(sign(limited, { url })).rejects.toMatchObject({
				kind: 'refused',
				message: expect.stringContaining('no request is signed for the path') as string,
			});
		}
	},
);

describe('a deletion of many objects with a credential for one bucket', () => {
	const request = { method: 'POST', url: 'https://gateway.example:9000/s3/mine?delete' };
	const listOf = (key: string) => `<Delete><Object><Key>${key}</Key></Object></Delete>`;

	it.each([
		listOf('../other/secret'),
		listOf('a/../../other/secret'),
		listOf('&#46;./other/secret'),
		listOf('%2e%2e/other/secret'),
		listOf('<![CDATA[../other/secret]]>'),
		listOf('.<!-- -->./other/secret'),
		'<Delete xmlns:a="b"><a:Object><a:Key a:b="">../other/secret</a:Key></a:Object></Delete>',
		`<?xml version="1.0" encoding="UTF-7"?>${listOf('a')}`,
		Buffer.from(listOf('../other/secret'), 'utf16le'),
		Readable.from([listOf('a')]),
	])(
		'a deletion of many objects with a credential for one bucket is not signed for %s',
		async (body) => {
			await expect(sign(own, { ...request, body })).rejects.toMatchObject({
				kind: 'refused',
				message: expect.stringContaining('This credential is only for bucket “mine”') as string,
			});
			const limited = { endpoint: own.endpoint, privacyLevel: 'private' };
			await expect(sign(limited, { ...request, body })).resolves.toBeDefined();
		},
	);

	it('a deletion of many objects with a credential for one bucket is signed for its keys', async () => {
		const list = `<?xml version="1.0" encoding="UTF-8"?>${listOf('a/../b &amp; ..c')}`;
		await expect(sign(own, { ...request, body: list })).resolves.toBeDefined();
	});
});

it('a credential for one bucket signs a copy within that bucket', async () => {
	const headers = { 'x-amz-copy-source': '/mine/a' };
	const url = 'https://mine.s3.eu-central-1.amazonaws.com/copy';
	await expect(sign(aws, { method: 'PUT', url, headers })).resolves.toBeDefined();
});

it('a credential for one bucket leaves out the header Host, which could name another bucket', async () => {
	const url = 'https://gateway.example:9000/s3/mine/a';
	const { headers } = await sign(own, { url, headers: { Host: 'other.gateway.example' } });
	expect(headers).not.toHaveProperty('host');
});

const url = 'https://b.s3.eu-central-1.amazonaws.com/k';
const bucketUrl = 'https://b.s3.eu-central-1.amazonaws.com/';
const levels = ['private', 'organizational'];
const forEachLevel = (requests: object[]) =>
	levels.flatMap((level) => requests.map((request): [string, object] => [level, request]));

it.each(
	forEachLevel([
		{ headers: { 'X-Amz-Acl': 'Public-Read' } },
		{ url: `${url}?x-amz-acl=public-read` },
		{ qs: { 'X-Amz-Acl': 'authenticated-read' } },
		{ headers: { 'x-amz-acl': 'private' }, qs: { 'x-amz-acl': 'public-read' } },
		{ headers: { 'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' } },
		{ url: `${url}?acl`, body: '<AccessControlPolicy/>' },
		{ url: `${url}?policy`, body: '{}' },
		{ method: 'DELETE', url: `${url}?publicAccessBlock` },
		{ headers: { 'x-amz-grant-read': 'id="7012"' } },
		{ headers: { 'x-amz-object-ownership': 'ObjectWriter' } },
		{ headers: { 'x-goog-acl': 'public-read' } },
		{ headers: { 'X-HTTP-Method-Override': 'DELETE' } },
		{ url: `${bucketUrl}?acl` },
		{ url: `${bucketUrl}?cors` },
		{ url: `${bucketUrl}?inventory&id=a` },
		{ url: `${bucketUrl}?logging` },
		{ url: `${bucketUrl}?notification` },
		{ url: `${bucketUrl}?ownershipControls` },
		{ method: 'DELETE', url: `${bucketUrl}?policy` },
		{ url: `${bucketUrl}?replication` },
		{ url: `${bucketUrl}?website` },
		{ url: `${bucketUrl}?tagging&acl` },
		{ url: `${bucketUrl}?unheard-of` },
		{ method: 'GET', url: `${bucketUrl}?session` },
		{ method: 'OPTIONS' },
		{ method: 'POST', url: bucketUrl, formData: { acl: 'public-read' } },
		{ method: 'POST', url: `${url}?restore` },
		{
			method: 'POST',
			url: 'https://s3.eu-central-1.amazonaws.com/',
			form: { Action: 'AssumeRole' },
		},
		{ method: 'GET', url: 'https://s3.eu-central-1.amazonaws.com/?Action=GetSessionToken' },
		{ method: 'POST', url: 'https://sts.eu-central-1.amazonaws.com/' },
		{ method: 'POST', url: 'https://iam.amazonaws.com/' },
		{
			url: 'https://111122223333.s3-control.eu-central-1.amazonaws.com/v20180820/accesspoint/a/policy',
		},
		{ url: 'https://p-111122223333.s3-accesspoint.eu-central-1.amazonaws.com/k' },
		{ url: 'https://b.s3.eu-central-1.amazonaws.com:8443/k' },
		{ url: 'https://minio.example.com/b/k' },
		{ url: 'https://b.s3.eu-central-1.amazonaws.com/a%5C..%5Cb' },
		{ url: 'https://b.s3.eu-central-1.amazonaws.com/a;b' },
		{ url: 'https://b.s3.eu-central-1.amazonaws.com/%252e%252e/a' },
	]),
)('a credential of Privacy Level %s does not sign %j', async (privacyLevel, request) => {
	await expect(sign({ privacyLevel }, { method: 'PUT', url, ...request })).rejects.toMatchObject({
		kind: 'refused',
		message: expect.stringContaining(
			`The Privacy Level of this credential is ${privacyLevel}, so`,
		) as string,
	});
});

it.each(
	forEachLevel([
		{ method: 'GET', url: `${url}?acl` },
		{ method: 'GET', url: `${bucketUrl}?replication` },
		{ headers: { 'x-amz-acl': 'bucket-owner-full-control' } },
		{
			headers: {
				'x-amz-meta-a': 'b',
				'x-amz-storage-class': 'GLACIER',
				'cache-control': 'no-store',
			},
		},
		{ method: 'PUT', url: `${bucketUrl}?versioning` },
		{ method: 'PUT', url: `${url}?partNumber=1&uploadId=u` },
		{ method: 'POST', url: `${bucketUrl}?delete` },
		{ method: 'POST', url: `${url}?uploads` },
		{ method: 'DELETE', url: `${url}?versionId=v` },
		{ method: 'GET', url: 'https://s3.eu-central-1.amazonaws.com/' },
		{},
	]),
)('a credential of Privacy Level %s signs %j', async (privacyLevel, request) => {
	const signed = await sign({ privacyLevel }, { method: 'PUT', url, ...request });
	expect(signed.headers?.authorization).toMatch(/^AWS4-HMAC-SHA256 /);
});

it.each([
	[{ method: 'PUT', url }],
	[{ method: 'DELETE', url }],
	[{ method: 'POST', url: `${url}?delete` }],
	[{ method: 'POST', url: `${url}?select&select-type=2` }],
	[{ method: 'GET', url: 'https://iam.amazonaws.com/?Action=CreateUser' }],
	[{ method: 'GET', url, headers: { 'X-HTTP-Method-Override': 'DELETE' } }],
])('a credential that is only for reading does not sign %j', async (request) => {
	await expect(sign({ readOnly: true }, request)).rejects.toMatchObject({
		kind: 'refused',
		message: expect.stringContaining('This credential is only for reading') as string,
	});
});

it.each([
	[{ method: 'GET', url }],
	[{ method: 'HEAD', url }],
	[{ url: 'https://s3.eu-central-1.amazonaws.com/b?list-type=2' }],
])('a credential that is only for reading signs %j', async (request) => {
	await expect(sign({ readOnly: true }, request)).resolves.toBeDefined();
});

it('a credential with a limit signs no request through a proxy that the node names', async () => {
	const request = { url, proxy: 'http://proxy.example.com:3128' };
	for (const limit of [{ privacyLevel: 'private' }, { readOnly: true }, { ...aws, bucket: 'b' }]) {
		await expect(sign(limit, request)).rejects.toMatchObject({
			kind: 'refused',
			message: expect.stringContaining('through a proxy of the node') as string,
		});
	}
	await expect(sign({}, request)).resolves.toMatchObject({ proxy: request.proxy });
});

it('a credential without limits signs for everything', async () => {
	const headers = { 'x-amz-acl': 'public-read' };
	for (const any of ['https://s3.amazonaws.com/any/k?acl', 'https://iam.amazonaws.com/']) {
		await expect(
			sign({ bucket: 'mine' }, { method: 'PUT', url: any, headers }),
		).resolves.toBeDefined();
	}
});
