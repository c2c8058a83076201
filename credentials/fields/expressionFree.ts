import type { INodeProperties } from 'n8n-workflow';

const NAME = 'sameForAllItems';

/** Empty, these mean another server, which an expression must not choose by giving an empty text. */
const ENDPOINTS = ['endpoint', 'publicEndpoint'];

/**
 * The fields of a credential and hidden ones that tell where expressions were entered: n8n decides what is hidden
 * before it evaluates expressions, and an expression begins with "=". One is handed over only if no field holds
 * an expression; without it, the credential may differ from item to item. One for each endpoint is handed over only
 * if that is an expression.
 *
 * @see https://docs.n8n.io/integrations/creating-nodes/build/reference/node-base-files/standard-parameters/
 */
export function withExpressionMarks(fields: INodeProperties[]): INodeProperties[] {
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
	const marks = fields
		.filter(({ name }) => ENDPOINTS.includes(name))
		.map(({ name, displayName }): INodeProperties => ({
			displayName: `${displayName} Is an Expression`,
			name: markOf(name),
			type: 'hidden',
			default: true,
			displayOptions: { hide: { [name]: [{ _cnd: { lt: '=' } }, { _cnd: { gt: '>' } }] } },
		}));
	return [...fields, sameForAllItems, ...new Map(marks.map((mark) => [mark.name, mark])).values()];
}

const markOf = (endpoint: string): string => `${endpoint}IsExpression`;

/** The fields as n8n hands them over. */
type CredentialFields = Readonly<Record<string, unknown>>;

/** Whether an expression was entered for one of the endpoints. */
export function isExpressionIn(fields: CredentialFields, endpoint: string): boolean {
	return fields[markOf(endpoint)] === true;
}

/** Whether a credential, as read for one item of a run, is the same for all of them. */
export function isSameForAllItems(fields: CredentialFields): boolean {
	return fields[NAME] === true;
}
