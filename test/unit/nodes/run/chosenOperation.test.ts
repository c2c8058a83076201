import { NodeOperationError, type INode } from 'n8n-workflow';

import { bucket } from '../../../../nodes/AmazonS3/bucket';
import { object } from '../../../../nodes/AmazonS3/object';
import { chosenOperation } from '../../../../nodes/run/chosenOperation';
import { sourceOf } from '../parameters/sourceOf';

const chosen = (resource: string, operation: string) =>
	chosenOperation(sourceOf({ resource, operation }), { object, bucket }, {} as INode);

describe('the chosen operation', () => {
	it('the chosen operation is that of the chosen resource', () => {
		expect(chosen('object', 'list')).toBe(object.list);
		expect(chosen('bucket', 'list')).toBe(bucket.list);
	});

	it.each([
		['object', '__CUSTOM_API_CALL__'],
		['__CUSTOM_API_CALL__', ''],
	])(
		'a custom API call, chosen as resource %p and operation %p, is sent to the HTTP Request node',
		(resource, operation) => {
			expect(() => chosen(resource, operation)).toThrow(
				'A custom API call is made with the HTTP Request node',
			);
		},
	);

	it.each([
		['object', 'levitate'],
		['object', 'constructor'],
		['constructor', 'list'],
		['', ''],
	])('an operation is refused for the resource %p and the operation %p', (resource, operation) => {
		expect(() => chosen(resource, operation)).toThrow(NodeOperationError);
		expect(() => chosen(resource, operation)).toThrow(
			`This version of the node has no operation “${operation}” for the resource “${resource}”`,
		);
	});
});
