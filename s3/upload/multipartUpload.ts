import { createHash } from 'node:crypto';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { checksumFor, integrityOf } from './requestChecksum';
import { linkedSignal } from '../retry/linkedSignal';
import { isUnanswered, uncertain, writtenAllTheSame } from './ambiguousWrite';
import type { FoundObject } from './ambiguousWrite';
import { storedChecksum } from '../checksums/stored';
import { bareEtag } from '../headers/etag';
import { requesterHeaders } from '../headers/requester';
import { overwriteCondition } from './objectHeaders';
import { completedPart, customerKey, partInput, PARTS_IN_FLIGHT } from './partRequests';
import type { MultipartUpload, SentParts } from './partRequests';
import type { Part } from './partReader';
import type { PutResult } from './PutRequest';
import { S3Failure } from '../S3Failure';
import type { CompletedPart } from '../sdk';
import { checkSize, unreadable } from './sourceErrors';
import { streamParts } from './streamedParts';

/** Milliseconds that a cancelled upload waits for its ID, without which it could not be aborted. */
const CREATE_GRACE = 3000;
/** Milliseconds for the clean-up after an error, which has no caller left to stop it. */
const CLEAN_UP_TIMEOUT = 30_000;
/** A call that the caller's signal does not stop, for it may have fired. */
const cleanUp = (): Call => ({ signal: AbortSignal.timeout(CLEAN_UP_TIMEOUT) });

/** The parts of one stream: the first is read already, `stop` ends the stream. */
export interface PartSupply {
	first: Part;
	rest: AsyncGenerator<Part, void, void>;
	stop: () => void;
}

/**
 * Stores an object in parts, several at a time, each repeated alone when it fails. The object
 * appears when all its bytes have arrived; otherwise the upload is aborted on the server.
 * @param supply parts in memory; what they leave, all where there are none, is sent as streams
 * @throws S3Failure the first cause; where the abort failed too, that failure is its `cause`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function uploadInParts(
	s3: S3,
	upload: MultipartUpload,
	supply: PartSupply | undefined,
	call: Call,
): Promise<PutResult> {
	let uploadId: string;
	try {
		uploadId = await createUpload(s3, upload, call);
	} catch (error) {
		supply?.first.release();
		throw error;
	}
	try {
		const sent: SentParts = { parts: [], size: 0, ended: false };
		if (supply !== undefined) await sendParts(s3, upload, uploadId, supply, sent, call);
		if (!sent.ended) await streamParts(s3, upload, uploadId, sent, call);
		return await completeUpload(s3, upload, uploadId, sent, call);
	} catch (error) {
		throw await abortUpload(s3, upload, uploadId, error);
	}
}

async function createUpload(s3: S3, upload: MultipartUpload, call: Call): Promise<string> {
	const checksum = checksumFor(s3, upload.request);
	const algorithm = checksum === 'MD5' ? undefined : checksum;
	const linked = linkedSignal(call.signal, CREATE_GRACE);
	const input = {
		...upload.headers,
		ChecksumAlgorithm: algorithm,
		// One of the whole object, which can be compared without knowing the parts.
		ChecksumType: algorithm?.startsWith('CRC') === true ? ('FULL_OBJECT' as const) : undefined,
	};
	const created = s3.send('CreateMultipartUpload', input, { signal: linked.signal });
	const { UploadId: uploadId } = await created.finally(linked.unlink);
	if (uploadId !== undefined && uploadId !== '') return uploadId;
	const { bucket, key } = upload.request;
	throw new S3Failure({
		kind: 'corrupt',
		message: `Could not put ${nameOf(bucket, key)}: the server began a multipart upload without an ID`,
		advice: 'Check that the endpoint is an S3 server, or raise the multipart threshold.',
		operation: 'CreateMultipartUpload',
		bucket,
		key,
	});
}

/** Sends all parts with a few workers; the first failure stops the others and is thrown. */
async function sendParts(
	s3: S3,
	upload: MultipartUpload,
	uploadId: string,
	{ first, rest, stop }: PartSupply,
	sent: SentParts,
	call: Call,
): Promise<void> {
	const linked = linkedSignal(call.signal);
	let waiting: Part | undefined = first;
	const nextPart = async (): Promise<Part | undefined> => {
		const part = waiting;
		waiting = undefined;
		if (part !== undefined) return part;
		const next = await rest.next();
		return next.done === true ? undefined : next.value;
	};
	const failures: unknown[] = [];
	const work = async (): Promise<void> => {
		try {
			for (let part = await nextPart(); part !== undefined; part = await nextPart()) {
				const { body, last } = part;
				sent.parts.push(await sendPart(s3, upload, uploadId, part, { signal: linked.signal }));
				sent.size += body.length;
				sent.ended ||= last;
			}
		} catch (error) {
			failures.push(error);
			linked.abort();
			stop();
		}
	};
	await Promise.all(Array.from({ length: PARTS_IN_FLIGHT }, work));
	linked.unlink();
	if (failures.length > 0) throw unreadable(upload.request, failures[0]);
}

async function sendPart(
	s3: S3,
	{ request }: MultipartUpload,
	uploadId: string,
	{ partNumber, offset, body, release }: Part,
	call: Call,
): Promise<CompletedPart> {
	try {
		const end = offset + body.length;
		if (end > (request.source.size ?? end)) checkSize(request, end);
		const output = await s3.send(
			'UploadPart',
			{
				...partInput(request, uploadId, partNumber),
				...integrityOf(s3, request, body),
				Body: body,
			},
			call,
		);
		return completedPart(partNumber, output);
	} finally {
		release();
	}
}

async function completeUpload(
	s3: S3,
	{ request }: MultipartUpload,
	uploadId: string,
	{ parts, size }: SentParts,
	call: Call,
): Promise<PutResult> {
	const { bucket, key } = request;
	checkSize(request, size);
	parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
	const sent = s3.send(
		'CompleteMultipartUpload',
		{
			Bucket: bucket,
			Key: key,
			UploadId: uploadId,
			MultipartUpload: { Parts: parts },
			...overwriteCondition(request),
			...customerKey(request),
			...requesterHeaders(request),
		},
		call,
	);
	const isOurs = (found: FoundObject) => isMadeOf(parts, found);
	const output = await sent.catch((failure: unknown) => {
		if (!(failure instanceof S3Failure)) throw failure;
		return writtenAllTheSame(s3, request, { failure, sentBefore: false }, isOurs, call);
	});
	return {
		bucket,
		key,
		size,
		etag: bareEtag(output.ETag),
		versionId: output.VersionId,
		contentType: request.contentType,
		checksum: storedChecksum(output),
		parts: parts.length,
	};
}

/**
 * Whether an object was put together from these parts, by its ETag: the MD5 of the parts' MD5s and
 * their number. Undefined where S3 makes ETags otherwise, as under KMS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function isMadeOf(parts: CompletedPart[], { ETag: etag }: FoundObject): boolean | undefined {
	const found = bareEtag(etag);
	const md5s = Buffer.from(parts.map((part) => bareEtag(part.ETag) ?? '').join(''), 'hex');
	const made = `${createHash('md5').update(md5s).digest('hex')}-${String(parts.length)}`;
	if (found === made) return true;
	// An object of as many parts is ours, or was uploaded by somebody in the same way.
	return found?.endsWith(`-${String(parts.length)}`) === true ? undefined : false;
}

/** Aborts whatever has happened; gives the failure to throw. */
async function abortUpload(
	s3: S3,
	{ request }: MultipartUpload,
	uploadId: string,
	cause: unknown,
): Promise<unknown> {
	const { bucket, key } = request;
	try {
		await s3.send(
			'AbortMultipartUpload',
			{ Bucket: bucket, Key: key, UploadId: uploadId, ...requesterHeaders(request) },
			cleanUp(),
		);
		return cause;
	} catch (abortFailure) {
		const gone = abortFailure instanceof S3Failure && abortFailure.code === 'NoSuchUpload';
		if (!(cause instanceof S3Failure)) return cause;
		const completing = cause.operation === 'CompleteMultipartUpload' && isUnanswered(cause);
		// What is gone was completed: the attempt that got no answer has reached the server.
		if (gone) return completing ? uncertain(request, cause) : cause;
		return cause.reworded(
			cause.message,
			`${cause.advice} The multipart upload ${uploadId} could not be aborted: abort it, or its parts are stored and paid for.`,
			abortFailure,
		);
	}
}
