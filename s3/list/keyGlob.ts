import { S3Failure } from '../S3Failure';

type Step =
	{ kind: 'literal'; character: string } | { kind: 'one' } | { kind: 'many'; slashes: boolean };

/** Characters of a pattern; a key has at most 1,024 bytes. */
const MAX_PATTERN = 1024;
/** Bits of a number that JavaScript's operators work on. */
const BITS = 32;

/**
 * Makes a test for whole keys from a glob: `*` is any characters but a slash, `**` any characters, `?` one
 * character but a slash, and the character after `^` means itself. The test takes time in proportion to the
 * length of the key, for each 32 characters of the pattern (docs/decisions/0004-own-glob.md).
 * @throws S3Failure of kind `invalid` if the pattern is longer than any key
 */
export function keyGlob(pattern: string): (key: string) => boolean {
	if (pattern.length > MAX_PATTERN) throw tooLong(pattern);
	const steps = stepsOf(pattern);
	const prefix = literalPrefix(steps);
	const matches = testFor(steps.slice(Array.from(prefix).length));
	return (key) => key.startsWith(prefix) && matches(key.slice(prefix.length));
}

/** The characters that every key matching the pattern begins with. */
export function globPrefix(pattern: string): string {
	return literalPrefix(stepsOf(pattern));
}

function stepsOf(pattern: string): Step[] {
	const steps: Step[] = [];
	const characters = Array.from(pattern);
	for (let i = 0; i < characters.length; i++) {
		const character = characters[i] ?? '';
		const next = characters[i + 1];
		if (character === '^' && next !== undefined) {
			steps.push({ kind: 'literal', character: next });
			i += 1;
		} else if (character === '*') {
			addMany(steps, next === '*');
			if (next === '*') i += 1;
		} else {
			steps.push(character === '?' ? { kind: 'one' } : { kind: 'literal', character });
		}
	}
	return steps;
}

/** Several stars in a row mean the same as one of them. */
function addMany(steps: Step[], slashes: boolean): void {
	const last = steps.at(-1);
	if (last?.kind === 'many') last.slashes ||= slashes;
	else steps.push({ kind: 'many', slashes });
}

function literalPrefix(steps: Step[]): string {
	let prefix = '';
	for (const step of steps) {
		if (step.kind !== 'literal') break;
		prefix += step.character;
	}
	return prefix;
}

/** For each step a bit: those that a character leads past, and the stars that it stays at. */
interface Effect {
	readonly passes: Int32Array;
	readonly stays: Int32Array;
}

/**
 * Follows all steps of the pattern at which the text read so far may be, at the same time: each is a bit, and
 * the end of the pattern is the last one.
 */
function testFor(steps: readonly Step[]): (text: string) => boolean {
	const words = Math.floor(steps.length / BITS) + 1;
	const stars = bitsOf(steps, words, ({ kind }) => kind === 'many');
	const effectOf = effects(steps, words);
	const reached = new Int32Array(words);
	return (text) => {
		reached.fill(0);
		reached[0] = 1;
		skipStars(reached, stars);
		for (const character of text) {
			if (!advance(reached, effectOf(character))) return false;
			skipStars(reached, stars);
		}
		return (wordOf(reached, words - 1) & (1 << (steps.length % BITS))) !== 0;
	};
}

/** The effects of characters; all that are in no step have the same, but for the slash. */
function effects(steps: readonly Step[], words: number): (character: string) => Effect {
	const effectOf = (character: string): Effect => ({
		passes: bitsOf(steps, words, (step) =>
			step.kind === 'one'
				? character !== '/'
				: step.kind === 'literal' && step.character === character,
		),
		stays: bitsOf(
			steps,
			words,
			(step) => step.kind === 'many' && (step.slashes || character !== '/'),
		),
	});
	const literals = steps.flatMap((step) => (step.kind === 'literal' ? [step.character] : []));
	const known = new Map([...literals, '/'].map((character) => [character, effectOf(character)]));
	const other = effectOf('');
	return (character) => known.get(character) ?? other;
}

function bitsOf(steps: readonly Step[], words: number, isSet: (step: Step) => boolean): Int32Array {
	const bits = new Int32Array(words);
	for (const [i, step] of steps.entries()) {
		const word = Math.floor(i / BITS);
		if (isSet(step)) bits[word] = wordOf(bits, word) | (1 << (i % BITS));
	}
	return bits;
}

/** Makes of the steps that were reached those after a character; returns whether there are any. */
function advance(reached: Int32Array, { passes, stays }: Effect): boolean {
	let carry = 0;
	let any = 0;
	for (let word = 0; word < reached.length; word++) {
		const at = wordOf(reached, word);
		const passed = at & wordOf(passes, word);
		const next = (passed << 1) | carry | (at & wordOf(stays, word));
		carry = passed >>> (BITS - 1);
		any |= next;
		reached[word] = next;
	}
	return any !== 0;
}

/** Adds the step after each star, which may stand for nothing; it is never a star itself. */
function skipStars(reached: Int32Array, stars: Int32Array): void {
	let carry = 0;
	for (let word = 0; word < reached.length; word++) {
		const at = wordOf(reached, word);
		const skipped = at & wordOf(stars, word);
		reached[word] = at | (skipped << 1) | carry;
		carry = skipped >>> (BITS - 1);
	}
}

const wordOf = (bits: Int32Array, word: number): number => bits[word] ?? 0;

function tooLong(pattern: string): S3Failure {
	return S3Failure.invalid(
		`The pattern for keys has ${pattern.length} characters, at most ${MAX_PATTERN} are allowed`,
		'No key is as long as that: shorten Key Matches.',
	);
}
