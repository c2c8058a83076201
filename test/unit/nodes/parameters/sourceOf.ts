import type { ParameterSource } from '../../../../nodes/parameters/ParameterSource';

/** A node whose parameters have these values, by path. */
export function sourceOf(values: Record<string, unknown>, timezone = 'UTC'): ParameterSource {
	return {
		entered: () => undefined,
		evaluated: (name) => values[name] ?? '',
		json: {},
		timezone,
	};
}
