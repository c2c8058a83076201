import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { bucketField } from '../parameters/bucketAndKey';
import { caller } from '../parameters/caller';
import { optionsField } from '../parameters/OptionGroup';
import { watching } from './watching';

/** What is watched by polling. */
export const pollFields: INodeProperties[] = updateDisplayOptions({ show: { watch: ['poll'] } }, [
	bucketField,
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/incoming/',
		description:
			'Only watch objects whose key begins with this. Left empty, it is the whole bucket.',
	},
	optionsField(...watching.fields, ...caller.fields),
]);
