const BLOCK_SIZE = 512;

/** A set of strings in their order: quick to add to and to read from anywhere in it. */
export class SortedKeys {
	/** Each block is sorted and not empty, and all of it comes before the next one. */
	private readonly blocks: string[][] = [];

	add(key: string): void {
		const at = Math.max(0, this.blockFor(key));
		const block = (this.blocks[at] ??= []);
		const index = positionOf(block, key, false);
		if (block[index] === key) return;
		block.splice(index, 0, key);
		if (block.length > BLOCK_SIZE) this.blocks.splice(at + 1, 0, block.splice(BLOCK_SIZE / 2));
	}

	delete(key: string): void {
		const at = this.blockFor(key);
		const block = this.blocks[at] ?? [];
		const index = positionOf(block, key, false);
		if (block[index] !== key) return;
		block.splice(index, 1);
		if (block.length === 0) this.blocks.splice(at, 1);
	}

	/** The keys after `bound`, or from it on. The set must not change meanwhile. */
	*from(bound: string, inclusive: boolean): Generator<string> {
		const first = Math.max(0, this.blockFor(bound));
		for (let at = first; at < this.blocks.length; at++) {
			const block = this.blocks[at] ?? [];
			const start = at === first ? positionOf(block, bound, !inclusive) : 0;
			for (let index = start; index < block.length; index++) yield block[index] ?? '';
		}
	}

	/** The last block that does not begin after the key; -1 if there is none. */
	private blockFor(key: string): number {
		let low = 0;
		let high = this.blocks.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.blocks[middle]?.[0] ?? '') <= key) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	}
}

/** Where the first key is that is not less than `key`, or that is greater. */
function positionOf(block: readonly string[], key: string, greater: boolean): number {
	let low = 0;
	let high = block.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const candidate = block[middle] ?? '';
		if (candidate < key || (greater && candidate === key)) low = middle + 1;
		else high = middle;
	}
	return low;
}
