import type { INodeProperties } from 'n8n-workflow';
import type { CredentialFields } from '../read/readField';

const NAME = 'sameForAllItems';

/**
 * The fields of a credential and a hidden one, which n8n hands over only if none of the others
 * holds an expression: n8n decides what is hidden before it evaluates expressions, and an expression
 * begins with "=". If n8n does not hand it over, the credential may differ from item to item.
 *
 * @see https://docs.n8n.io/integrations/creating-nodes/build/reference/node-base-files/standard-parameters/
 */
export function withSameForAllItems(fields: INodeProperties[]): INodeProperties[] {
	// Not a regular expression: n8n gives each 250 ms, and on a busy machine it fails the workflow.
	// Not `startsWith`: n8n 1 fails on values that are not text. This also matches a lone ">", which only
	// means that the credential is read once for each item.
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
