import { hasHeaderOfS3 } from '../errors/headersOfS3';
import type { S3Client } from '../sdk';
import { elementText } from '../xmlText';
import { beforeReading } from './steps';
import type { RawResponse } from './steps';

/** Whether a response with a status of success is one that an S3 server sends. */
type Check = (response: RawResponse, body: string) => boolean;

const hasEtag = ({ headers }: RawResponse): boolean => (headers.etag ?? '') !== '';

/** What a web server or a gateway sends. */
const isPage = ({ headers }: RawResponse): boolean =>
	/html|json/i.test(headers['content-type'] ?? '');

/** A web server may give its page an ETag, too; some servers that store bytes send none. */
const isStored: Check = (response, body) =>
	body === ''
		? hasEtag(response) || hasHeaderOfS3(response.headers)
		: hasEtag(response) && hasHeaderOfS3(response.headers) && !isPage(response);

/** A response without a body says little: a web page would at least have its type. */
const isDone: Check = (response, body) =>
	body === '' && (hasHeaderOfS3(response.headers) || !isPage(response));

const isXml =
	(root: string): Check =>
	(_, body) =>
		new RegExp(`^\\s*(<\\?[^>]*>\\s*)?<(\\w+:)?${root}[\\s/>]`).test(body);

/** Not every server names its lists and other results as S3 does. */
const isResult = isXml('\\w+Result');

const CHECKS: Readonly<Record<string, Check>> = {
	AbortMultipartUploadCommand: isDone,
	CompleteMultipartUploadCommand: isXml('CompleteMultipartUploadResult'),
	CreateBucketCommand: isDone,
	CopyObjectCommand: isXml('CopyObjectResult'),
	// rclone calls it InitiateMultipartUpload.
	CreateMultipartUploadCommand: isXml('(?:InitiateMultipartUpload|\\w+Result)'),
	DeleteBucketCommand: isDone,
	DeleteObjectCommand: isDone,
	DeleteObjectsCommand: isXml('DeleteResult'),
	GetBucketEncryptionCommand: isXml('ServerSideEncryptionConfiguration'),
	GetBucketOwnershipControlsCommand: isXml('OwnershipControls'),
	GetBucketTaggingCommand: isXml('Tagging'),
	// moto calls it GetBucketVersioningResponse.
	GetBucketVersioningCommand: isXml('(Get\\w*)?Versioning\\w*'),
	GetObjectAttributesCommand: isXml('GetObjectAttributes\\w*'),
	GetObjectLockConfigurationCommand: isXml('ObjectLockConfiguration'),
	GetObjectTaggingCommand: isXml('Tagging'),
	HeadBucketCommand: isDone,
	ListBucketsCommand: isResult,
	ListMultipartUploadsCommand: isResult,
	ListObjectVersionsCommand: isResult,
	PutBucketVersioningCommand: isDone,
	PutObjectCommand: isStored,
	PutObjectTaggingCommand: isDone,
	RenameObjectCommand: isDone,
	RestoreObjectCommand: isDone,
	UploadPartCommand: isStored,
	UploadPartCopyCommand: isResult,
};

/** Calls with bytes. In its responses to them a server that encrypts with a customer's own key says so. */
const TAKES_BYTES = ['PutObjectCommand', 'UploadPartCommand'];

const CUSTOMER_ALGORITHM = 'x-amz-server-side-encryption-customer-algorithm';

/**
 * Whether a server has stored bytes that it should have encrypted with a customer's own key, and does not say that it has.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
function ignoresKey(request: unknown, { headers }: RawResponse): boolean {
	const { headers: sent } = request as Pick<RawResponse, 'headers'>;
	return sent[CUSTOMER_ALGORITHM] !== undefined && headers[CUSTOMER_ALGORITHM] === undefined;
}

/** Swift lets go of an object if another one with a later time has come at the same moment: status 200, and a page. */
const isOvertaken: Check = (response, body) =>
	hasHeaderOfS3(response.headers) && !hasEtag(response) && body.includes('<h1>Accepted</h1>');

/**
 * Makes the client refuse responses to writes that have a status of success and mean none: an error of S3 in
 * the body, which S3 may find after it has sent the status, and what a web server, a proxy or a login page
 * sends in place of S3. The same for reads, if the SDK would take such a page for a response that nothing is there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function writeResponses(client: S3Client): void {
	beforeReading(client, 'writeResponses', (response, commandName, request) => {
		const check = CHECKS[commandName];
		if (check === undefined || response.statusCode >= 300) return;
		const body = String(response.body);
		const error = errorIn(response, body);
		if (error !== undefined) throw error;
		if (commandName === 'PutObjectCommand' && isOvertaken(response, body)) {
			throw refusal(response, 'OperationAborted');
		}
		if (!check(response, body)) throw refusal(response);
		if (commandName === 'PutObjectTaggingCommand' && hasEtag(response)) {
			throw refusal(response, 'TaggingIgnored');
		}
		if (TAKES_BYTES.includes(commandName) && ignoresKey(request, response)) {
			throw refusal(response, 'EncryptionIgnored');
		}
	});
}

/**
 * The error in the body of a response with a status of success, as the SDK throws those with a status of their own. The
 * SDK gives such a response the status 503, after which a request would be repeated at once.
 */
export function errorIn(
	response: Pick<RawResponse, 'statusCode'>,
	body: string,
): Error | undefined {
	// S3 sends blanks while it puts parts together, and nothing else if it has stopped.
	if (body.trim() === '' && body !== '') return refusal(response, 'InternalError');
	if (!/<\/Error>\s*$/.test(body)) return undefined;
	const message = elementText(body, 'Message');
	return refusal(response, elementText(body, 'Code') ?? 'InternalError', message);
}

/** What `failureFrom` knows as a response that is not one of S3, or as the error of S3 with that code. */
export const refusal = (
	response: Pick<RawResponse, 'statusCode'>,
	Code?: string,
	message?: string,
): Error =>
	Object.assign(new Error(message), {
		$metadata: { httpStatusCode: response.statusCode },
		$response: response,
		...(Code !== undefined && { Code }),
	});
