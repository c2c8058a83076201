import type { DisplayCondition, INodeProperties } from 'n8n-workflow';

/** Texts that begin with a prefix are between these two. */
const beginsWith = (prefix: string): { from: string; to: string } => ({
	from: prefix,
	to: `${prefix}\uffff`,
});
const between = (range: { from: string; to: string }): DisplayCondition => ({
	_cnd: { between: range },
});

/** The beginnings of such endpoints as people write them, in the order in which texts are compared. */
const [UPPER, CAPITAL, LOWER] = [
	beginsWith('HTTP://'),
	beginsWith('Http://'),
	beginsWith('http://'),
] as const;
const NO_PLAIN_HTTP: DisplayCondition[] = [
	{ _cnd: { lt: UPPER.from } },
	between({ from: UPPER.to, to: CAPITAL.from }),
	between({ from: CAPITAL.to, to: LOWER.from }),
	{ _cnd: { gt: LOWER.to } },
];

/** This machine and private networks, as far as the beginning of an address tells: nothing tells it of a name. */
const OWN_NETWORK = [
	'localhost',
	'127.',
	'10.',
	'192.168.',
	'169.254.',
	...Array.from({ length: 16 }, (_, index) => `172.${16 + index}.`),
	'[::1]',
	...['c', 'd', 'e8', 'e9', 'ea', 'eb'].map((digits) => `[f${digits}`),
].map((host) => between(beginsWith(`http://${host}`)));

/** What the form says of an endpoint without encryption. */
export const plainHttpNotice: INodeProperties = {
	displayName:
		'The endpoint begins with http://, so everybody between n8n and the server can read your data. Outside your own network use https://.',
	name: 'plainHttpNotice',
	type: 'notice',
	displayOptions: { hide: { endpoint: [...NO_PLAIN_HTTP, ...OWN_NETWORK] } },
	default: '',
};
