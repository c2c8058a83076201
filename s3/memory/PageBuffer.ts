import { GrowableBuffer } from './GrowableBuffer';

/** Bytes. What a page of 1,000 usual keys needs; longer ones make it more. */
const USUAL_PAGE = 512 * 1024;
/** Bytes, and pages of these, that are kept for the next ones: as many as one listing has on their way. */
const LONGEST_KEPT = 1024 * 1024;
const MOST_KEPT = 16;
/** Bytes in which an answer says what it is. */
const BEGINNING = 1024;

const unused: PageBuffer[] = [];

/**
 * Memory for a page of a listing, if possible what was used before. Were it new for each page, V8 would soon
 * collect the garbage of all of n8n, amid the listing, as it does for every 64 MiB outside of its heap.
 */
const newPage = (): PageBuffer => unused.pop() ?? new PageBuffer();

/**
 * Reads a page of a listing.
 * @throws what breaks the body off
 */
export async function readPage(body: AsyncIterable<Buffer>): Promise<PageBuffer> {
	const page = newPage();
	try {
		for await (const piece of body) page.append(piece);
		return page;
	} catch (error) {
		page.giveBack();
		throw error;
	}
}

/** Holds a page until it is given back. */
export class PageBuffer {
	private readonly read = new GrowableBuffer(Buffer.allocUnsafeSlow(USUAL_PAGE));

	/** What was read; not to be used after `giveBack`. */
	bytes(): Buffer {
		return this.read.filled();
	}

	/** Whether it is a listing, and not an error, which may come with status 200. */
	isListing(): boolean {
		return this.bytes().subarray(0, BEGINNING).includes('ListBucketResult');
	}

	append(piece: Buffer): void {
		this.read.makeRoom(piece.length);
		this.read.length += piece.copy(this.read.memory, this.read.length);
	}

	/** Leaves the memory to the next page. */
	giveBack(): void {
		this.read.length = 0;
		if (unused.length < MOST_KEPT && this.read.memory.length <= LONGEST_KEPT) unused.push(this);
	}
}
