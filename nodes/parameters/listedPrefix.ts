import type { ParameterSource } from './ParameterSource';
import { isExpression, readText } from './read';

/**
 * The prefix of what is listed; undefined for the whole bucket. If an expression gives nothing, which a person may
 * want, a sentence above the output says what that means.
 */
export function listedPrefixOf(
	source: ParameterSource & { hint(message: string): void },
): string | undefined {
	const prefix = readText(source, 'prefix');
	if (prefix === undefined && isExpression(source.entered('prefix'))) {
		source.hint('The expression of Prefix gave nothing, so the whole bucket was listed.');
	}
	return prefix;
}
