type Step =
	{ kind: 'literal'; character: string } | { kind: 'one' } | { kind: 'many'; slashes: boolean };

/**
 * A test for whole keys: `*` is any characters but a slash, `**` any characters at all, `?` one
 * character but a slash, and `^` takes the special meaning from the next character.
 * It takes time in proportion to key times pattern, whatever the two are.
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

/** Follows all the places in the pattern at which the text so far may be. */
function matches(steps: Step[], text: string): boolean {
	let places = withoutMany(new Set([0]), steps);
	for (const character of text) {
		const next = new Set<number>();
		for (const place of places) {
			const step = steps[place];
			if (step === undefined) continue;
			if (step.kind === 'many') {
				if (step.slashes || character !== '/') next.add(place);
			} else if (step.kind === 'one' ? character !== '/' : step.character === character) {
				next.add(place + 1);
			}
		}
		if (next.size === 0) return false;
		places = withoutMany(next, steps);
	}
	return places.has(steps.length);
}

/** Adds the places behind a `*`, which may stand for nothing. */
function withoutMany(places: Set<number>, steps: Step[]): Set<number> {
	// A set gives what is added while it is walked, too.
	for (const place of places) {
		if (steps[place]?.kind === 'many') places.add(place + 1);
	}
	return places;
}
