import type { Target } from '../calls/calls';
import { adviceOnHalf, hasHalf, withoutHalves } from '../errors/halfCharacter';
import { S3Failure } from '../S3Failure';

/**
 * Refuses a call of which a value, such as a prefix, has half of a character.
 * @throws S3Failure of kind `invalid`
 */
export function checkWholeCharacters(input: object, { bucket, key }: Partial<Target>): void {
	for (const [field, value] of Object.entries(input) as [string, unknown][]) {
		// Bytes may be given as text.
		if (field === 'Body' || typeof value !== 'string' || !hasHalf(value)) continue;
		const name = field.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
		throw S3Failure.invalid(
			`The ${name} “${withoutHalves(value)}” for bucket “${bucket ?? ''}” contains half of a character and is not valid Unicode`,
			adviceOnHalf(name),
			{ bucket, key },
		);
	}
}
