import { firstDifference } from '../../keyOrder';
import { MIN_SAMPLE, SAMPLE_NAMES, SAMPLE_WORDS } from '../tuning';
import { charactersOf } from './keyCharacters';
import { packDates } from './keyDates';
import type { DensitySample, KeyEstimator } from './KeyEstimator';
import { charactersAfter, haveOneForm, KeyShapes } from './keyShapes';
import { PositionalSample } from './PositionalSample';

/** Reads keys as numbers, the digits of which are the characters that occur at each position. */
export class PositionalEstimator implements KeyEstimator {
	private readonly shapes = new KeyShapes();

	/** @param prefix what all keys of the listing begin with */
	constructor(private readonly prefix: string) {}

	observe(names: readonly string[]): DensitySample {
		const pack = packerFor(names);
		const sample = sampleOf(names, SAMPLE_NAMES).map(pack);
		const first = sample[0] ?? '';
		const last = sample.at(-1) ?? '';
		const lead = firstDifference(first, last);
		const seen = charactersOf(sample);
		const after = charactersAfter(lead, seen, sample, turnAt(lead, names, pack));
		this.shapes.observe(sample, lead, after);
		// If a page goes on to keys of another form, as from folder to folder, its end tells how dense these are.
		const tail = names.slice(names.length >> 1);
		const isLongBeginning = firstDifference(pack(tail[0] ?? ''), last) > lead + 1;
		if (tail.length >= MIN_SAMPLE && isLongBeginning && !haveOneForm(first, last, lead)) {
			return this.observe(tail);
		}
		return new PositionalSample({
			fixed: pack(this.prefix).length,
			pack,
			first,
			last,
			count: names.length,
			lead,
			words: sampleOf(sample, SAMPLE_WORDS),
			seen,
			after,
			shapes: this.shapes,
		});
	}
}

/** Packs the dates of names if all names of a page have one. */
function packerFor(names: readonly string[]): (name: string) => string {
	const sample = sampleOf(names, SAMPLE_WORDS);
	return sample.every((name) => packDates(name) !== name) ? packDates : (name) => name;
}

/** The names before and after the first change of the character at `lead`. */
function turnAt(
	lead: number,
	names: readonly string[],
	pack: (name: string) => string,
): [string, string] {
	const unit = pack(names[0] ?? '').charCodeAt(lead);
	let before = 0;
	let after = names.length - 1;
	while (after - before > 1) {
		const middle = (before + after) >> 1;
		if (pack(names[middle] ?? '').charCodeAt(lead) === unit) before = middle;
		else after = middle;
	}
	return [pack(names[before] ?? ''), pack(names[after] ?? '')];
}

/** About so many names with equal distances, the last one always. */
function sampleOf(names: readonly string[], size: number): string[] {
	const step = Math.max(1, Math.floor(names.length / size));
	const sample: string[] = [];
	for (let i = 0; i < names.length - 1; i += step) sample.push(names[i] ?? '');
	return sample.concat(names.slice(-1));
}
