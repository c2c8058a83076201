import type { INodeProperties } from 'n8n-workflow';

/** Text that begins with a prefix is between these two. */
const beginsWith = (prefix: string): { from: string; to: string } => ({
	from: prefix,
	to: `${prefix}\uffff`,
});
const PLAIN_HTTP = beginsWith('http://');
/** This machine and private networks, as far as the beginning of an address tells. */
const OWN_NETWORK = ['localhost', '127.', '10.', '192.168.'].map((host) =>
	beginsWith(`http://${host}`),
);

/** What the form says of an endpoint without encryption. */
export const plainHttpNotice: INodeProperties = {
	displayName:
		'The endpoint begins with http://, so everybody between n8n and the server can read your data. Outside your own network use https://.',
	name: 'plainHttpNotice',
	type: 'notice',
	displayOptions: {
		hide: {
			endpoint: [
				{ _cnd: { lt: PLAIN_HTTP.from } },
				{ _cnd: { gt: PLAIN_HTTP.to } },
				...OWN_NETWORK.map((between) => ({ _cnd: { between } })),
			],
		},
	},
	default: '',
};
