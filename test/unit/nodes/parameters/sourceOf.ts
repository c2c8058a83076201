import type { ParameterSource } from '../../../../nodes/parameters/ParameterSource';

/** A node whose parameters have these values, by path; of some it is known what was entered. */
export function sourceOf(
	values: Record<string, unknown>,
	timezone = 'UTC',
	entered: Record<string, unknown> = {},
): ParameterSource {
	return {
		entered: (name) => entered[name],
		evaluated: (name) => values[name] ?? '',
		json: {},
		timezone,
	};
}
