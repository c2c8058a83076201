import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { requesterHeaders } from '../headers/requester';
import { linkedSignal } from '../retry/linkedSignal';
import { S3Failure } from '../S3Failure';
import type { CompletedPart } from '../sdk';
import { abortUpload } from './abortUpload';
import { checkEtag, retryIfDamaged } from './etagCheck';
import { customerKeyOf } from './objectHeaders';
import type { Part, PartSupply } from './partReader';
import { completedPart, partInput, PARTS_IN_FLIGHT } from './partRequests';
import type { SentParts, UploadPlan } from './partRequests';
import { putResult } from './putResult';
import type { PutResult } from './putResult';
import { checksumAlgorithm, requestChecksum } from './requestChecksum';
import { checkSize, sourceReadFailure } from './sourceErrors';
import { streamParts } from './streamedParts';
import { resolveCompletion } from './writtenObject';

/** Milliseconds that a cancelled upload waits for its ID, without which it cannot be aborted. */
const CREATE_GRACE_MS = 3000;

/**
 * Stores an object in parts, several in flight at a time, each repeated alone if it fails. The object
 * appears when all its bytes have arrived; otherwise the upload is aborted on the server. An upload whose
 * ID never arrives, because the response was lost, cannot be aborted: it stays, without parts, until a
 * lifecycle rule of the bucket removes it.
 * @param supply parts in memory; what they leave, or all if there are none, is sent as streams
 * @throws S3Failure the first cause; if the abort failed too, that failure is its `cause`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function uploadInParts(
	s3: S3,
	plan: UploadPlan,
	supply: PartSupply | undefined,
	call: Call,
): Promise<PutResult> {
	let uploadId: string;
	try {
		uploadId = await createUpload(s3, plan, call);
	} catch (error) {
		supply?.first.release();
		throw error;
	}
	try {
		const sent: SentParts = { parts: [], size: 0, ended: false };
		if (supply !== undefined) await sendParts(s3, plan, uploadId, supply, sent, call);
		if (!sent.ended) await streamParts(s3, plan, uploadId, sent, call);
		return await completeUpload(s3, plan, uploadId, sent, call);
	} catch (error) {
		throw await abortUpload(s3, plan.request, uploadId, error, call);
	}
}

async function createUpload(s3: S3, { request, headers }: UploadPlan, call: Call): Promise<string> {
	const checksum = checksumAlgorithm(s3, request);
	const algorithm = checksum === 'MD5' ? undefined : checksum;
	const input = {
		...headers,
		ChecksumAlgorithm: algorithm,
		// A checksum of the whole object can be compared without knowing the parts.
		ChecksumType: algorithm?.startsWith('CRC') === true ? ('FULL_OBJECT' as const) : undefined,
	};
	const linked = linkedSignal(call.signal, CREATE_GRACE_MS);
	const created = s3.send('CreateMultipartUpload', input, { ...call, signal: linked.signal });
	const { UploadId: uploadId } = await created.finally(linked.unlink);
	if (uploadId !== undefined && uploadId !== '') return uploadId;
	const { bucket, key } = request;
	throw new S3Failure({
		kind: 'corrupt',
		message: `Could not put ${nameOf(bucket, key)}: the server began a multipart upload without an ID`,
		advice: 'Check that the endpoint is an S3 server, or raise the multipart threshold.',
		operation: 'CreateMultipartUpload',
		bucket,
		key,
	});
}

/** Sends parts from memory with a few workers; the first failure stops the others and is thrown. */
async function sendParts(
	s3: S3,
	{ request }: UploadPlan,
	uploadId: string,
	{ first, rest, stop }: PartSupply,
	sent: SentParts,
	call: Call,
): Promise<void> {
	const linked = linkedSignal(call.signal);
	const stoppable = { ...call, signal: linked.signal };
	let waiting: Part | undefined = first;
	const nextPart = async (): Promise<Part | undefined> => {
		const part = waiting;
		waiting = undefined;
		if (part !== undefined) return part;
		const next = await rest.next();
		return next.done === true ? undefined : next.value;
	};
	const failures: unknown[] = [];
	const worker = async (): Promise<void> => {
		try {
			for (let part = await nextPart(); part !== undefined; part = await nextPart()) {
				const { body, last } = part;
				sent.parts.push(await sendPart(s3, request, uploadId, part, stoppable));
				sent.size += body.length;
				sent.ended ||= last;
			}
		} catch (error) {
			failures.push(error);
			linked.abort();
			stop();
		}
	};
	await Promise.all(Array.from({ length: PARTS_IN_FLIGHT }, worker));
	linked.unlink();
	if (failures.length > 0) throw sourceReadFailure(request, failures[0]);
}

async function sendPart(
	s3: S3,
	request: UploadPlan['request'],
	uploadId: string,
	{ partNumber, offset, body, release }: Part,
	call: Call,
): Promise<CompletedPart> {
	try {
		const end = offset + body.length;
		if (end > (request.source.size ?? end)) checkSize(request, end);
		const checksum = requestChecksum(s3, request, body);
		const input = { ...partInput(request, uploadId, partNumber), ...checksum, Body: body };
		return await retryIfDamaged(async () => {
			const stored = await s3.send('UploadPart', input, call);
			checkEtag(request, 'UploadPart', checksum, stored);
			return completedPart(partNumber, stored);
		}, call);
	} finally {
		release();
	}
}

async function completeUpload(
	s3: S3,
	{ request, condition }: UploadPlan,
	uploadId: string,
	{ parts, size }: SentParts,
	call: Call,
): Promise<PutResult> {
	checkSize(request, size);
	parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
	const input = {
		Bucket: request.bucket,
		Key: request.key,
		UploadId: uploadId,
		MultipartUpload: { Parts: parts },
		...condition,
		...customerKeyOf(request),
		...requesterHeaders(request),
	};
	const completed = s3.send('CompleteMultipartUpload', input, call);
	const output = await completed.catch((failure: unknown) => {
		if (!(failure instanceof S3Failure)) throw failure;
		return resolveCompletion(s3, request, parts, failure, call);
	});
	return putResult(request, { size, parts: parts.length }, output);
}
