/**
 * The only door to npm packages: the AWS SDK, its HTTP handler and signer, and proxy agents. It is bundled
 * and costs tens of milliseconds to load, so everything else takes types from here and the values through
 * `await import('./sdk')`.
 */
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CopyObjectCommand,
	CreateBucketCommand,
	CreateMultipartUploadCommand,
	DeleteBucketCommand,
	DeleteObjectCommand,
	DeleteObjectsCommand,
	GetBucketEncryptionCommand,
	GetBucketOwnershipControlsCommand,
	GetBucketTaggingCommand,
	GetBucketVersioningCommand,
	GetObjectAttributesCommand,
	GetObjectCommand,
	GetObjectLockConfigurationCommand,
	GetObjectTaggingCommand,
	HeadBucketCommand,
	HeadObjectCommand,
	ListBucketsCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	ListObjectVersionsCommand,
	PutBucketVersioningCommand,
	PutObjectCommand,
	PutObjectTaggingCommand,
	RenameObjectCommand,
	RestoreObjectCommand,
	S3Client,
	UploadPartCommand,
	UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';
import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import { Hash } from '@smithy/hash-node';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

export {
	buildQueryString,
	getProxyForUrl,
	Hash,
	HttpProxyAgent,
	HttpResponse,
	HttpsProxyAgent,
	NodeHttpHandler,
	S3Client,
	SignatureV4,
};

export type {
	CompletedPart,
	CreateMultipartUploadCommandInput,
	GetObjectCommandInput,
	GetObjectCommandOutput,
	HeadObjectCommandOutput,
	PutObjectCommandInput,
	S3ClientConfig,
	UploadPartCommandInput,
} from '@aws-sdk/client-s3';

/** The commands of every S3 call that this package makes, by S3's name of the call. */
export const commands = {
	AbortMultipartUpload: AbortMultipartUploadCommand,
	CompleteMultipartUpload: CompleteMultipartUploadCommand,
	CopyObject: CopyObjectCommand,
	CreateBucket: CreateBucketCommand,
	CreateMultipartUpload: CreateMultipartUploadCommand,
	DeleteBucket: DeleteBucketCommand,
	DeleteObject: DeleteObjectCommand,
	DeleteObjects: DeleteObjectsCommand,
	GetBucketEncryption: GetBucketEncryptionCommand,
	GetBucketOwnershipControls: GetBucketOwnershipControlsCommand,
	GetBucketTagging: GetBucketTaggingCommand,
	GetBucketVersioning: GetBucketVersioningCommand,
	GetObject: GetObjectCommand,
	GetObjectLockConfiguration: GetObjectLockConfigurationCommand,
	GetObjectAttributes: GetObjectAttributesCommand,
	GetObjectTagging: GetObjectTaggingCommand,
	HeadBucket: HeadBucketCommand,
	HeadObject: HeadObjectCommand,
	ListBuckets: ListBucketsCommand,
	ListMultipartUploads: ListMultipartUploadsCommand,
	ListObjectsV2: ListObjectsV2Command,
	ListObjectVersions: ListObjectVersionsCommand,
	PutBucketVersioning: PutBucketVersioningCommand,
	PutObject: PutObjectCommand,
	PutObjectTagging: PutObjectTaggingCommand,
	RenameObject: RenameObjectCommand,
	RestoreObject: RestoreObjectCommand,
	UploadPart: UploadPartCommand,
	UploadPartCopy: UploadPartCopyCommand,
};

/** All commands are sent alike; this one stands for them. */
export type Command = GetObjectCommand;

/** XML in UTF-8; who has read it gives the memory back. */
export interface ListingBody {
	bytes(): Buffer;
	giveBack(): void;
}

/** A listing as it came: the SDK spends several times as long on reading it as `list/parse/`. */
interface ListingOutput {
	listing: ListingBody;
	/** The header `Date`: what time it is for the server. */
	date: string | undefined;
	$metadata: { attempts?: number | undefined };
}

/** A listing of versions, of which the SDK gives delete markers apart. */
interface VersionsOutput extends ListObjectVersionsCommandOutput {
	/** The names of its elements for versions and delete markers, in their order. */
	kinds?: string[];
}

/** Every command says of what output it is by how its middleware is resolved. */
type OutputOf<C extends new (...args: never[]) => { resolveMiddleware: unknown }> =
	InstanceType<C>['resolveMiddleware'] extends (
		...args: never[]
	) => (...args: never[]) => Promise<{ output: infer Output }>
		? Output
		: never;

/** Input and output of every call, derived from the commands. */
export type Calls = {
	[Name in keyof typeof commands]: {
		input: InstanceType<(typeof commands)[Name]>['input'];
		output: Name extends 'ListObjectsV2'
			? ListingOutput
			: Name extends 'ListObjectVersions'
				? VersionsOutput
				: OutputOf<(typeof commands)[Name]>;
	};
};
