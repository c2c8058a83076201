import type { INodeProperties } from 'n8n-workflow';

import { POLL_TIMES } from './pollTimes';

/**
 * What the polls take, as the editor shows it. n8n has no field that only shows something: this is a list whose one
 * entry is loaded again whenever something changes that it depends on.
 */
export const requestsField: INodeProperties = {
	// n8n's rules are for lists of things to choose.
	// eslint-disable-next-line n8n-nodes-base/node-param-display-name-wrong-for-dynamic-options
	displayName: 'Requests',
	name: 'requests',
	type: 'options',
	noDataExpression: true,
	typeOptions: {
		loadOptionsMethod: 'estimateRequests',
		loadOptionsDependsOn: [
			'authentication',
			'bucket.value',
			'prefix',
			'order',
			'options.keyMatches',
			'options.requestPayer',
			...POLL_TIMES,
		],
	},
	default: 'estimate',
	// eslint-disable-next-line n8n-nodes-base/node-param-description-wrong-for-dynamic-options
	description:
		'What the polls cost now. There is nothing to choose: the node counts the objects, with 14 requests at most, when you open it or change what it watches.',
	hint: 'Each poll sends one request for every 1,000 objects, or just one if keys grow in order',
};
