import type { INodeProperties } from 'n8n-workflow';
import type { CredentialFields } from '../read/fields';

const NAME = 'sameForAllItems';

/**
 * The fields of a credential with a hidden one, which n8n hands over only where none of the others
 * holds an expression: n8n decides about hiding before it works expressions out, and an expression
 * begins with "=". Where n8n does not hand it over, a credential may differ from item to item.
 *
 * @see https://docs.n8n.io/integrations/creating-nodes/build/reference/node-base-files/standard-parameters/
 */
export function withSameForAllItems(fields: INodeProperties[]): INodeProperties[] {
	// Not as a regular expression: n8n gives each a quarter of a second, and on a busy machine fails the
	// workflow. Not by `startsWith`: n8n 1 fails on what is no text. A lone ">" counts as well, which is
	// the safe side.
	const holdsExpression = { _cnd: { between: { from: '=', to: '>' } } };
	const hide = Object.fromEntries(fields.map(({ name }) => [name, [holdsExpression]]));
	const sameForAllItems: INodeProperties = {
		displayName: 'Same for All Items',
		name: NAME,
		type: 'hidden',
		default: true,
		displayOptions: { hide },
	};
	return [...fields, sameForAllItems];
}

/** Whether a credential, as read for one item of a run, is the same for all of them. */
export function isSameForAllItems(fields: CredentialFields): boolean {
	return fields[NAME] === true;
}
