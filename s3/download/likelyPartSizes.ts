const MiB = 1024 * 1024;
/** In MiB, those first that programs choose most often by themselves. */
const USUAL_PART_SIZES = [8, 5, 16, 64, 100, 128, 10, 32, 50, 15, 20, 25, 256, 512, 1024];
/** Each costs a pass over the bytes. From about ten parts on, one is nearly always all there are. */
const MOST_PART_SIZES = 3;

/**
 * Sizes, in bytes, of the parts in which an object was probably uploaded: S3 tells only how many there
 * were. All are equal but the last, so the more there were the fewer sizes are possible.
 */
export function likelyPartSizes(size: number, parts: number): number[] {
	if (size === 0 || parts === 0) return [];
	const least = Math.ceil(size / parts);
	const most = parts === 1 ? least : Math.ceil(size / (parts - 1)) - 1;
	const roundest = Math.ceil(least / MiB);
	const sizes = [
		...[...USUAL_PART_SIZES, roundest, roundest + 1, roundest + 2].map((count) => count * MiB),
		least,
	].filter((partSize) => partSize >= least && partSize <= most);
	return [...new Set(sizes)].slice(0, MOST_PART_SIZES);
}
