import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import type { CompletedPart } from '../sdk';
import { inMultipartUpload } from '../write/multipartUpload';
import { completedPart, partInput } from '../write/parts';
import { withWorkers } from '../write/workers';
import { checkEtag, retryIfDamaged } from './etagCheck';
import type { Part, PartSupply } from './partReader';
import { PARTS_IN_FLIGHT } from './partRequests';
import type { SentParts, UploadPlan } from './partRequests';
import { putResult } from './putResult';
import type { PutResult } from './putResult';
import { checksumAlgorithm, requestChecksum } from './requestChecksum';
import { checkSize, sourceReadFailure } from './sourceErrors';
import { streamParts } from './streamedParts';

/**
 * Stores an object in parts, several in flight at a time, each repeated alone if it fails. The object
 * appears when all its bytes have arrived, see `inMultipartUpload`.
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
	const { request } = plan;
	const sent: SentParts = { parts: [], size: 0, ended: false };
	const storeParts = async (uploadId: string): Promise<CompletedPart[]> => {
		if (supply !== undefined) await sendParts(s3, plan, uploadId, supply, sent, call);
		if (!sent.ended) await streamParts(s3, plan, uploadId, sent, call);
		checkSize(request, sent.size);
		return sent.parts;
	};
	const algorithm = checksumAlgorithm(s3, request);
	const write = { ...plan, checksum: algorithm === 'MD5' ? undefined : algorithm };
	try {
		const output = await inMultipartUpload(s3, write, storeParts, call);
		return putResult(request, { size: sent.size, parts: sent.parts.length }, output);
	} finally {
		// Only an upload that could not be begun has not released it yet.
		supply?.first.release();
	}
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
	let waiting: Part | undefined = first;
	const nextPart = async (): Promise<Part | undefined> => {
		const part = waiting;
		waiting = undefined;
		if (part !== undefined) return part;
		const next = await rest.next();
		return next.done === true ? undefined : next.value;
	};
	const sendNext = async (stoppable: Call): Promise<void> => {
		for (let part = await nextPart(); part !== undefined; part = await nextPart()) {
			const { body, last } = part;
			sent.parts.push(await sendPart(s3, request, uploadId, part, stoppable));
			sent.size += body.length;
			sent.ended ||= last;
		}
	};
	await withWorkers(PARTS_IN_FLIGHT, call, sendNext, stop).catch((error: unknown) => {
		throw sourceReadFailure(request, error);
	});
}

/** Sends one part from memory, again if it was stored damaged. @throws S3Failure */
export async function sendPart(
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
