import type { INodeProperties, NodeParameterValue } from 'n8n-workflow';

const NAME = 'moreSettings';

/**
 * The switch that shows the settings most connections do not need.
 *
 * @param hint what kinds of settings these are
 */
export const moreSettingsField = (hint: string): INodeProperties => ({
	displayName: 'More Settings',
	name: NAME,
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description: 'Whether to show the settings that most connections do not need',
	hint,
});

/**
 * Fields that the form shows if More Settings is on, or if they hold something else than their default: n8n drops
 * what the form hides, and a value that was stored without the switch counts all the same. A field has one
 * condition for each of the two cases, so it is there twice. Fields that depend on one of the others follow it.
 *
 * The conditions hide and do not show: of fields that are shown by a condition, n8n's public API demands some and
 * refuses others.
 */
export function behindMoreSettings(fields: INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) =>
		field.displayOptions === undefined
			? [
					{ ...field, displayOptions: { hide: { [NAME]: [{ _cnd: { not: true } }] } } },
					{ ...field, displayOptions: { hide: { [NAME]: [true], ...isDefault(field) } } },
				]
			: [field],
	);
}

/** The condition that a field holds its default. */
function isDefault({
	name,
	default: value,
}: INodeProperties): Record<string, NodeParameterValue[]> {
	return { [name]: [value as NodeParameterValue] };
}
