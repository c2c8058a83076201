/** Bytes. What a page of 1,000 usual keys needs; longer ones make it more. */
const USUAL_PAGE = 512 * 1024;
/** Bytes, and pages of these, that are kept for the next ones: as many as one listing has on their way. */
const LONGEST_KEPT = 1024 * 1024;
const MOST_KEPT = 16;
/** Bytes at least that are read at a time. */
const LEAST_ROOM = 64 * 1024;

const unused: PageMemory[] = [];

/**
 * Memory for a page of a listing, if possible what was used before. Were it new for each page, V8 would soon
 * collect the garbage of all of n8n, amid the listing, as it does for every 64 MiB outside of its heap.
 */
export const newPage = (): PageMemory => unused.pop() ?? new PageMemory();

/**
 * Reads a page of a listing, unless it was read into memory already.
 * @throws what breaks the body off
 */
export async function readPage(body: AsyncIterable<Buffer> | PageMemory): Promise<PageMemory> {
	if (body instanceof PageMemory) return body;
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
export class PageMemory {
	private memory = Buffer.allocUnsafeSlow(USUAL_PAGE);
	private length = 0;

	/** What was read; not to be used after `giveBack`. */
	bytes(): Buffer {
		return this.memory.subarray(0, this.length);
	}

	append(piece: Buffer): void {
		this.makeRoom(piece.length);
		this.length += piece.copy(this.memory, this.length);
	}

	/** Where what comes next may be put, behind what was read. */
	room(): Buffer {
		this.makeRoom(LEAST_ROOM);
		return this.memory.subarray(this.length);
	}

	/** So many bytes have been put into the room. */
	added(bytes: number): void {
		this.length += bytes;
	}

	private makeRoom(further: number): void {
		const length = this.length + further;
		if (length <= this.memory.length) return;
		const larger = Buffer.allocUnsafeSlow(2 * length);
		this.memory.copy(larger, 0, 0, this.length);
		this.memory = larger;
	}

	/** Leaves the memory to the next page. */
	giveBack(): void {
		this.length = 0;
		if (unused.length < MOST_KEPT && this.memory.length <= LONGEST_KEPT) unused.push(this);
	}
}
