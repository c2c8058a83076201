import { Readable } from 'node:stream';
import type { Call } from '../Call';
import { startChecksum } from '../checksums/stored';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';
import type { ByteSource } from '../upload/putObject';
import type { WriteRequest } from '../write/WriteRequest';
import { MAX_SINGLE_COPY } from './copyObject';
import type { Copied, CopyPlan } from './CopyRequest';
import { copyStream } from './copyStream';
import { isConflict } from './guards';
import { headObject } from './headObject';
import { joined } from './joinedSource';

/**
 * Puts an object together of itself, as it is read, and of further bytes: for servers that copy no parts.
 * @param plan of a copy of the object onto itself
 * @param write with the condition that the object is the one that was looked at
 * @param addition not empty
 * @throws S3Failure of kind `precondition` if the object was replaced since it was looked at; of kind `unavailable` if
 * nobody knows whether the bytes are there, so that they must not be appended again
 */
export async function appendStream(
	plan: CopyPlan,
	write: WriteRequest,
	addition: ByteSource,
	call: Call,
): Promise<Copied> {
	checkSize(plan, addition);
	const reading = new WatchedReading();
	try {
		return await copyStream(plan, write, call, (old) => reading.of(joined(old, addition)));
	} catch (error) {
		// Read again, an object of which a response was lost is the one that this append has made itself.
		if (!(error instanceof S3Failure) || !isConflict(error) || reading.times < 2) throw error;
		const { source, requestPayer } = plan.request;
		const { etag, versionId } = await headObject(plan.target, { ...source, requestPayer }, call);
		if (etag === undefined || etag !== reading.md5) throw doubtful(error, write);
		return { etag, versionId, parts: 1 };
	}
}

/** In parts, an object could not be guarded: few servers check the condition of their completion. */
function checkSize({ request, head }: CopyPlan, addition: ByteSource): void {
	const { bucket, key } = request;
	const size = (head.size ?? 0) + (addition.size ?? 0);
	if (size <= MAX_SINGLE_COPY) return;
	throw S3Failure.invalid(
		`Could not append to ${nameOf(bucket, key)}: the server does not copy parts of objects, and ${size} bytes are too many to be written anew`,
		'Nothing was changed. Append to objects of at most 5 GiB, for example to a new one each day.',
		{ bucket, key },
	);
}

/** Knows how often a source was read, and the MD5 of its bytes once it was read to its end. */
class WatchedReading {
	times = 0;
	md5: string | undefined;

	of(source: ByteSource): ByteSource {
		return {
			size: source.size,
			open: async () => {
				this.times += 1;
				return Readable.from(this.chunks(await source.open()), { objectMode: false });
			},
		};
	}

	private async *chunks(stream: Readable): AsyncGenerator<Buffer> {
		const sum = startChecksum('MD5')?.();
		try {
			for await (const chunk of stream as AsyncIterable<Buffer>) {
				sum?.update(chunk);
				yield chunk;
			}
			this.md5 = sum?.digest().toString('hex');
		} finally {
			stream.destroy();
		}
	}
}

function doubtful(failure: S3Failure, { bucket, key }: WriteRequest): S3Failure {
	return new S3Failure({
		kind: 'unavailable',
		message: `Could not append to ${nameOf(bucket, key)}: the response to the first attempt was lost, so it may be appended`,
		advice: 'Look at the end of the object before you run it again.',
		operation: 'PutObject',
		bucket,
		key,
		cause: failure,
	});
}
