type Step =
	{ kind: 'literal'; character: string } | { kind: 'one' } | { kind: 'many'; slashes: boolean };

/**
 * Makes a test for whole keys from a glob: `*` is any characters but a slash, `**` any characters, `?` one
 * character but a slash, and the character after `^` means itself. The test takes time in proportion to the
 * lengths of key and pattern multiplied, whatever the two are (docs/decisions/0004-own-glob.md).
 */
export function keyGlob(pattern: string): (key: string) => boolean {
	const steps = stepsOf(pattern);
	const prefix = literalPrefix(steps);
	const rest = steps.slice(Array.from(prefix).length);
	return (key) => key.startsWith(prefix) && matches(rest, key.slice(prefix.length));
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
			steps.push({ kind: 'many', slashes: next === '*' });
			if (next === '*') i += 1;
		} else {
			steps.push(character === '?' ? { kind: 'one' } : { kind: 'literal', character });
		}
	}
	return steps;
}

function literalPrefix(steps: Step[]): string {
	let prefix = '';
	for (const step of steps) {
		if (step.kind !== 'literal') break;
		prefix += step.character;
	}
	return prefix;
}

/** Follows all steps of the pattern at which the text read so far may be, at the same time. */
function matches(steps: Step[], text: string): boolean {
	let reached = withSkipped(new Set([0]), steps);
	for (const character of text) {
		const next = new Set<number>();
		for (const index of reached) {
			const step = steps[index];
			if (step === undefined) continue;
			if (step.kind === 'many') {
				if (step.slashes || character !== '/') next.add(index);
			} else if (step.kind === 'one' ? character !== '/' : step.character === character) {
				next.add(index + 1);
			}
		}
		if (next.size === 0) return false;
		reached = withSkipped(next, steps);
	}
	return reached.has(steps.length);
}

/** Adds the step after each `*`, which may stand for nothing. */
function withSkipped(reached: Set<number>, steps: Step[]): Set<number> {
	// Iterating over a set also gives what is added meanwhile.
	for (const index of reached) {
		if (steps[index]?.kind === 'many') reached.add(index + 1);
	}
	return reached;
}
