import type { Readable } from 'node:stream';
import { limited } from '../http/readBody';
import { readPage } from '../memory/PageBuffer';
import type { PageBuffer } from '../memory/PageBuffer';
import { S3Failure } from '../S3Failure';
import type { Command, S3Client } from '../sdk';
import { MAX_BODY, MAX_LISTING } from './boundedBodies';
import { isReadableXml } from './readableXml';
import type { BuiltRequest } from './S3';
import { beforeReading, beforeSigning } from './steps';
import type { RawResponse } from './steps';
import { errorIn } from './writeResponses';

/**
 * Makes the client sign object bodies as UNSIGNED-PAYLOAD: signing them would cost a SHA-256 of every
 * byte. Against damage there are TLS and, on AWS, a CRC32 of each body.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function unsignedPayload(client: S3Client): void {
	beforeSigning(client, 'unsignedPayload', (headers, commandName) => {
		if (commandName !== 'PutObjectCommand' && commandName !== 'UploadPartCommand') return;
		// A checksum in a trailer has put its own value there.
		headers['x-amz-content-sha256'] ??= 'UNSIGNED-PAYLOAD';
	});
}

/**
 * Makes the client ask for the checksum of every object that it reads from the beginning to the end. It
 * is a header of ours and not the SDK's `ChecksumMode`, with which the SDK would hash each response by
 * itself: an object is often read in several responses, and `verifyingReader` hashes all of them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function checksumMode(client: S3Client): void {
	beforeSigning(client, 'checksumMode', (headers, commandName) => {
		// Of a range S3 has none.
		if (commandName !== 'GetObjectCommand' || headers.range !== undefined) return;
		headers['x-amz-checksum-mode'] = 'ENABLED';
	});
}

/**
 * Makes the client leave out the name of the checksum algorithm where the checksum is Content-MD5: S3 looks
 * for a header `x-amz-checksum-` of that name, which MD5 does not have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function contentMd5(client: S3Client): void {
	beforeSigning(client, 'contentMd5', (headers) => {
		if (headers['content-md5'] !== undefined) delete headers['x-amz-sdk-checksum-algorithm'];
	});
}

/**
 * Makes the client name the attributes of an object without blanks between them: AWS takes both, but VersityGW
 * and moto look for names with a blank before them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 */
export function plainAttributes(client: S3Client): void {
	const name = 'x-amz-object-attributes';
	beforeSigning(client, 'plainAttributes', (headers) => {
		const attributes = headers[name];
		if (attributes !== undefined) headers[name] = attributes.replaceAll(' ', '');
	});
}

/**
 * Makes the client ask for a bucket in no other location than it was told: the SDK adds its region where there is
 * none, and servers that know no region of that name refuse it.
 */
export function givenLocation(client: S3Client): void {
	/** By the context that a request has on all its way. */
	const asked = new WeakMap<object, object>();
	client.middlewareStack.add(
		(next, context) => (args) => {
			const { CreateBucketConfiguration: given } = args.input as BucketCreation;
			// The SDK changes this object itself.
			if (given !== undefined) asked.set(context, { ...given });
			return next(args);
		},
		{ step: 'initialize', priority: 'high', name: 'rememberLocation' },
	);
	client.middlewareStack.add(
		(next, context) => (args) => {
			if (context.commandName !== 'CreateBucketCommand') return next(args);
			const configuration = asked.get(context);
			return next({ ...args, input: { ...args.input, CreateBucketConfiguration: configuration } });
		},
		{ step: 'serialize', priority: 'high', name: 'givenLocation' },
	);
}

interface BucketCreation {
	readonly CreateBucketConfiguration?: object;
}

/**
 * Makes the client say that a DELETE has no body: without a length OpenStack Swift waits for one when a version is
 * deleted. It is said after signing, as a server on the way may take the header away.
 */
export function emptyDeletes(client: S3Client): void {
	client.middlewareStack.add(
		(next) => (args) => {
			const { method, headers } = args.request as SignedRequest;
			if (method === 'DELETE') headers['content-length'] = '0';
			return next(args);
		},
		{ step: 'deserialize', name: 'emptyDeletes' },
	);
}

interface SignedRequest {
	readonly method: string;
	readonly headers: Record<string, string>;
}

/**
 * Makes the client refuse a request that the SDK would send elsewhere than to the endpoint of the connection, or to
 * the bucket below its host name.
 * @param endpoint undefined is AWS, where the SDK knows the servers
 */
export function onlyToEndpoint(client: S3Client, endpoint: string | undefined): void {
	if (endpoint === undefined) return;
	const { hostname: own } = new URL(endpoint);
	client.middlewareStack.add(
		(next) => (args) => {
			const { hostname } = args.request as { hostname: string };
			const { Bucket: bucket = '' } = args.input as { Bucket?: string };
			if (hostname === own || hostname === `${bucket}.${own}`) return next(args);
			throw S3Failure.invalid(
				`A request for bucket “${bucket}” would go to ${hostname} and not to the endpoint ${endpoint}`,
				'Use the name of a bucket of that server.',
				{ bucket },
			);
		},
		{ step: 'build', priority: 'high', name: 'onlyToEndpoint' },
	);
}

/** A response with the listing that was taken out of it. */
interface ListingResponse extends RawResponse {
	listing?: PageBuffer;
}

const EMPTY_LISTING = Buffer.from('<ListBucketResult/>');

/** Makes the client hand over listings as they came, with the date of the response. */
export function rawListings(client: S3Client): void {
	const listsObjects = (commandName: unknown) => commandName === 'ListObjectsV2Command';
	beforeReading(client, 'takeListingOut', async (response: ListingResponse, commandName) => {
		if (!listsObjects(commandName) || response.statusCode >= 300) return;
		const page = await readPage(limited(response.body as Readable, MAX_LISTING));
		const error = page.isListing() ? undefined : errorIn(response, String(page.bytes()));
		if (error !== undefined) {
			page.giveBack();
			throw error;
		}
		response.body = forSdk(page);
		response.listing = page;
	});
	client.middlewareStack.add(
		(next, context) => async (args) => {
			const result = await next(args);
			if (listsObjects(context.commandName)) {
				const { listing, headers } = result.response as ListingResponse;
				Object.assign(result.output ?? {}, { listing, date: headers.date });
			}
			return result;
		},
		{ step: 'deserialize', priority: 'high', name: 'handListingOver' },
	);
}

/** A listing of versions, with what each of its entries is. */
interface VersionsResponse extends RawResponse {
	kinds?: string[];
}

/**
 * Makes the client say in which order a listing has versions and delete markers: the SDK gives them apart, and their
 * dates are those of a second.
 */
export function orderOfVersions(client: S3Client): void {
	const listsVersions = (commandName: unknown) => commandName === 'ListObjectVersionsCommand';
	beforeReading(client, 'noteOrder', (response: VersionsResponse, commandName) => {
		if (!listsVersions(commandName) || !Buffer.isBuffer(response.body)) return;
		const entries = response.body.toString('latin1').matchAll(/<(Version|DeleteMarker)>/g);
		response.kinds = Array.from(entries, ([, kind = '']) => kind);
	});
	client.middlewareStack.add(
		(next, context) => async (args) => {
			const result = await next(args);
			if (listsVersions(context.commandName)) {
				const { kinds } = result.response as VersionsResponse;
				Object.assign(result.output ?? {}, { kinds });
			}
			return result;
		},
		{ step: 'deserialize', priority: 'high', name: 'handOrderOver' },
	);
}

/** What the SDK reads in place of a listing: what is none, if it can be read in time, becomes the SDK's error. */
function forSdk(page: PageBuffer): Buffer {
	const bytes = page.bytes();
	const isRead = !page.isListing() && bytes.length <= MAX_BODY && isReadableXml(bytes, true);
	return isRead ? Buffer.from(bytes) : EMPTY_LISTING;
}

/** Headers that the SDK adds to requests, or this file. */
const ADDED_HEADERS = [
	'host',
	'user-agent',
	'x-amz-user-agent',
	'x-amz-content-sha256',
	'x-amz-checksum-mode',
];

/**
 * Makes a command give the request that would be signed and sent, instead of sending it: without the headers
 * and the parameter that the SDK adds, and with how its endpoint wants it signed.
 */
export function buildOnly(command: Command): void {
	command.middlewareStack.add(
		(_, context) =>
			({ request, input }) => {
				const { headers, query, ...made } = request as BuiltRequest;
				const { ContentType: contentType } = input as { ContentType?: string };
				const added = contentType === undefined ? ['content-type'] : [];
				const schemes = context.authSchemes ?? [];
				// Outposts take SigV4A, too, which the SDK prefers if it can make it.
				const scheme = schemes.find(({ name }) => name === 'sigv4') ?? schemes[0];
				const built: BuiltRequest = {
					...made,
					headers: without(headers, [...ADDED_HEADERS, ...added]),
					query: without(query, ['x-id']),
					signing: {
						scheme: scheme?.name,
						service: scheme?.signingName,
						region: scheme?.signingRegion,
					},
				};
				return Promise.resolve({
					response: undefined,
					output: { $metadata: {}, request: built } as never,
				});
			},
		{ step: 'build', priority: 'low', name: 'buildOnly' },
	);
}

function without<Value>(
	entries: Record<string, Value>,
	names: readonly string[],
): Record<string, Value> {
	return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
}
