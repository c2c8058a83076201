import { verify } from './authentication';
import type { SignedRequest } from './authentication';
import { decodeChunked } from './chunked';
import type { Trailers } from './chunked';
import type { S3Error } from './S3Error';

/** The examples of S3's documentation, "Authenticating Requests (AWS Signature Version 4)". */
const USER = {
	name: 'example',
	accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
	secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const CONTEXT = { users: [USER], region: 'us-east-1', now: new Date('2013-05-24T00:00:00Z') };
const SCOPE = `${USER.accessKeyId}/20130524/us-east-1/s3/aws4_request`;
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function example(
	[method, rawPath, rawQuery]: [string, string, string],
	more: Record<string, string>,
	signature: string,
): SignedRequest {
	const headers: Record<string, string> = {
		host: 'examplebucket.s3.amazonaws.com',
		'x-amz-content-sha256': EMPTY,
		'x-amz-date': '20130524T000000Z',
		...more,
	};
	const names = Object.keys(headers).sort();
	return {
		method,
		rawPath,
		rawQuery,
		headers: {
			...headers,
			authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${names.join(';')},Signature=${signature}`,
		},
	};
}

const GET_OBJECT = example(
	['GET', '/test.txt', ''],
	{ range: 'bytes=0-9' },
	'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
);
const PUT_OBJECT = example(
	['PUT', '/test%24file.text', ''],
	{
		date: 'Fri, 24 May 2013 00:00:00 GMT',
		'x-amz-storage-class': 'REDUCED_REDUNDANCY',
		'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
	},
	'98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
);
const GET_LIFECYCLE = example(
	['GET', '/', 'lifecycle'],
	{},
	'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
);
const LIST = example(
	['GET', '/', 'max-keys=2&prefix=J'],
	{},
	'34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
);
const CHUNKED = example(
	['PUT', '/examplebucket/chunkObject.txt', ''],
	{
		host: 's3.amazonaws.com',
		'x-amz-storage-class': 'REDUCED_REDUNDANCY',
		'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
		'content-encoding': 'aws-chunked',
		'x-amz-decoded-content-length': '66560',
		'content-length': '66824',
	},
	'4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
);
const WITH_TRAILER = example(
	['PUT', '/examplebucket/chunkObject.txt', ''],
	{
		host: 's3.amazonaws.com',
		'x-amz-storage-class': 'REDUCED_REDUNDANCY',
		'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
		'content-encoding': 'aws-chunked',
		'x-amz-decoded-content-length': '66560',
		'x-amz-trailer': 'x-amz-checksum-crc32c',
	},
	'106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
);
const PRESIGNED: SignedRequest = {
	method: 'GET',
	rawPath: '/test.txt',
	rawQuery: `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(SCOPE)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
	headers: { host: 'examplebucket.s3.amazonaws.com' },
};

const examples = {
	'GET Object': GET_OBJECT,
	'PUT Object': PUT_OBJECT,
	'GET Bucket Lifecycle': GET_LIFECYCLE,
	'GET Bucket (List Objects)': LIST,
	'a presigned URL': PRESIGNED,
	'a signed body in chunks': CHUNKED,
	'a signed body in chunks with a trailer': WITH_TRAILER,
};

/** S3's error code; undefined if the request succeeded. */
function codeOf(work: () => unknown): string | undefined {
	try {
		work();
		return undefined;
	} catch (error) {
		return (error as S3Error).code;
	}
}

describe.each(Object.entries(examples))('the documented example of %s', (name, request) => {
	it(`the documented example of ${name} is accepted`, () => {
		expect(verify(request, CONTEXT)?.user).toBe(USER);
	});

	it.each<[string, Partial<SignedRequest>]>([
		['method', { method: 'DELETE' }],
		['path', { rawPath: `${request.rawPath}x` }],
		['query', { rawQuery: `${request.rawQuery}&x=y` }],
		['host', { headers: { ...request.headers, host: 'other.s3.amazonaws.com' } }],
	])(`the documented example of ${name} is refused with another %s`, (_what, change) => {
		expect(codeOf(() => verify({ ...request, ...change }, CONTEXT))).toBe('SignatureDoesNotMatch');
	});

	it(`the documented example of ${name} is refused for another secret`, () => {
		const users = [{ ...USER, secretAccessKey: 'another' }];
		expect(codeOf(() => verify(request, { ...CONTEXT, users }))).toBe('SignatureDoesNotMatch');
	});
});

const CHUNK_SIGNATURES = [
	'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
	'0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
	'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
];
const TRAILER_CHUNK_SIGNATURES = [
	'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
	'1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
	'2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
];

function chunkedBody(signatures: readonly string[], trailer: string, letter = 'a'): Buffer {
	const [first = '', second = '', last = ''] = signatures;
	return Buffer.from(
		`10000;chunk-signature=${first}\r\n${'a'.repeat(65_536)}\r\n400;chunk-signature=${second}\r\n${letter.repeat(1024)}\r\n0;chunk-signature=${last}\r\n${trailer}\r\n`,
	);
}

async function decodeExample(request: SignedRequest, body: Buffer, pieceSize: number) {
	const seed = verify(request, CONTEXT)!;
	const trailers: Trailers = new Map();
	const announced = request.headers['x-amz-trailer'];
	async function* pieces() {
		for (let at = 0; at < body.length; at += pieceSize) {
			yield await Promise.resolve(body.subarray(at, at + pieceSize));
		}
	}
	const decoded: Buffer[] = [];
	const chunks = { payload: seed.payload, seed, trailers };
	for await (const piece of decodeChunked(pieces(), {
		...chunks,
		announced: announced === undefined ? [] : [announced],
	})) {
		decoded.push(piece);
	}
	return { content: Buffer.concat(decoded).toString(), trailers: [...trailers] };
}

describe('the documented body in chunks', () => {
	const content = 'a'.repeat(66_560);

	it.each([1, 7, 1000, 65_536, 1e6])(
		'the documented body in chunks is decoded from pieces of %i bytes',
		async (size) => {
			const body = chunkedBody(CHUNK_SIGNATURES, '');
			expect(await decodeExample(CHUNKED, body, size)).toEqual({ content, trailers: [] });
		},
	);

	it('the documented body in chunks is refused when a byte of it changed', async () => {
		const body = chunkedBody(CHUNK_SIGNATURES, '', 'b');
		await expect(decodeExample(CHUNKED, body, 1000)).rejects.toMatchObject({
			code: 'SignatureDoesNotMatch',
		});
	});

	it('the documented body in chunks is refused when its end is missing', async () => {
		const body = chunkedBody(CHUNK_SIGNATURES, '').subarray(0, -90);
		await expect(decodeExample(CHUNKED, body, 1000)).rejects.toMatchObject({
			code: 'IncompleteBody',
		});
	});

	const trailer = (signature: string, checksum = 'sOO8/Q==') =>
		`x-amz-checksum-crc32c:${checksum}\r\nx-amz-trailer-signature:${signature}\r\n`;
	const TRAILER_SIGNATURE = 'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435';

	it('the documented body in chunks is decoded with its signed trailer', async () => {
		const body = chunkedBody(TRAILER_CHUNK_SIGNATURES, trailer(TRAILER_SIGNATURE));
		expect(await decodeExample(WITH_TRAILER, body, 1000)).toEqual({
			content,
			trailers: [['x-amz-checksum-crc32c', 'sOO8/Q==']],
		});
	});

	it.each([
		['another value', trailer(TRAILER_SIGNATURE, 'AAAAAA=='), 'SignatureDoesNotMatch'],
		['another signature', trailer('0'.repeat(64)), 'SignatureDoesNotMatch'],
		['no trailer', '', 'MalformedTrailerError'],
		['another trailer', `x-amz-checksum-crc32:AAAAAA==\r\n`, 'MalformedTrailerError'],
		['a line that is none', `nonsense\r\n`, 'MalformedTrailerError'],
	])('the documented body in chunks is refused with %s', async (_, lines, code) => {
		const body = chunkedBody(TRAILER_CHUNK_SIGNATURES, lines);
		await expect(decodeExample(WITH_TRAILER, body, 1000)).rejects.toMatchObject({ code });
	});
});
