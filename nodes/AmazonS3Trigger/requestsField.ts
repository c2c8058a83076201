import type { INodeProperties } from 'n8n-workflow';

import { POLL_TIMES } from './pollTimes';

/**
 * What the polls take, as the editor shows it. Of n8n's fields only one shows a notice that the node writes: that for
 * columns, if there are none. A list would not be loaded again when the next letter of the prefix is typed while it loads.
 */
export const requestsField: INodeProperties = {
	displayName: 'Requests',
	name: 'requests',
	type: 'resourceMapper',
	noDataExpression: true,
	typeOptions: {
		loadOptionsDependsOn: [
			'authentication',
			'bucket.value',
			'prefix',
			'order',
			'options.keyMatches',
			'options.requestPayer',
			...POLL_TIMES,
		],
		resourceMapper: {
			resourceMapperMethod: 'estimateRequests',
			mode: 'add',
			// While it is loaded.
			fieldWords: { singular: 'number of requests', plural: 'number of requests' },
			addAllFields: false,
			multiKeyMatch: false,
			supportAutoMap: false,
		},
	},
	default: { mappingMode: 'defineBelow', value: null },
};
