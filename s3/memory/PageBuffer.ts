import { MiB } from '../bytes';
import { GrowableBuffer } from './GrowableBuffer';

/** Bytes of a new buffer: enough for a page of 1,000 usual keys. */
const INITIAL_SIZE = 512 * 1024;
/** Bytes of the largest buffer that is kept. */
const MAX_KEPT_SIZE = MiB;
/** Buffers that are kept: as many as one listing has requests in flight. */
const MAX_KEPT = 16;
/** Bytes at the beginning of a response in which its root element stands. */
const BEGINNING = 1024;

const unused: PageBuffer[] = [];

/**
 * Reads a page of a listing into a buffer of the pool: each 64 MiB of external memory make V8 run a full garbage
 * collection over all of n8n's heap.
 * @throws what breaks the body off
 */
export async function readPage(body: AsyncIterable<Buffer>): Promise<PageBuffer> {
	const page = unused.pop() ?? new PageBuffer();
	try {
		for await (const chunk of body) page.append(chunk);
		return page;
	} catch (error) {
		page.giveBack();
		throw error;
	}
}

/** The body of a listing, until its memory is given back to the pool. */
export class PageBuffer {
	private readonly buffer = new GrowableBuffer(Buffer.allocUnsafeSlow(INITIAL_SIZE));

	/** What was read; not to be used after `giveBack`. */
	bytes(): Buffer {
		return this.buffer.filled();
	}

	/** Whether it is a listing and not an error, which may come with status 200. */
	isListing(): boolean {
		return this.bytes().subarray(0, BEGINNING).includes('ListBucketResult');
	}

	append(chunk: Buffer): void {
		this.buffer.makeRoom(chunk.length);
		this.buffer.length += chunk.copy(this.buffer.memory, this.buffer.length);
	}

	/** Gives the memory back to the pool. */
	giveBack(): void {
		this.buffer.length = 0;
		const { length } = this.buffer.memory;
		if (unused.length < MAX_KEPT && length <= MAX_KEPT_SIZE) unused.push(this);
	}
}
