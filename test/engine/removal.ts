/** A node whose only operation works on many input items in one request: it deletes their objects. */
import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { bucketField, bucketOf, newKeyField, newKeyOf } from '../../nodes/parameters/bucketAndKey';
import { operationsOf } from '../../nodes/run/operation';
import type { BulkOperation, ItemRequest, ItemResult } from '../../nodes/run/operation';
import { schemaOf, text } from '../../nodes/run/schema';
import { runOperation } from '../../nodes/run/runOperation';
import { S3Failure } from '../../s3/S3Failure';

interface Removal {
	bucket: string;
	key: string;
}

type Requests = ReadonlyArray<ItemRequest<Removal>>;

/** Those of one connection and one bucket. */
function groupsOf(requests: Requests): Requests[] {
	const groups: Array<Array<ItemRequest<Removal>>> = [];
	for (const one of requests) {
		const group = groups.find(
			([first]) => first?.item.s3 === one.item.s3 && first.request.bucket === one.request.bucket,
		);
		if (group === undefined) groups.push([one]);
		else group.push(one);
	}
	return groups;
}

async function* removeGroup(group: Requests): AsyncGenerator<ItemResult> {
	const {
		item: { s3, signal },
		request: { bucket },
	} = group[0]!;
	const Objects = group.map(({ request: { key } }) => ({ Key: key }));
	const input = { Bucket: bucket, Delete: { Objects } };
	const { Errors = [] } = await s3.send('DeleteObjects', input, { signal });
	// The results come in another order than the items.
	for (const { item, request } of [...group].reverse()) {
		const refused = Errors.find(({ Key }) => Key === request.key);
		if (refused === undefined) yield { item, items: [{ json: { ...request } }] };
		else yield { item, error: failureOf(request, refused.Code) };
	}
}

function failureOf({ bucket, key }: Removal, code: string | undefined): S3Failure {
	const message = `Could not delete “${key}” in bucket “${bucket}”`;
	return new S3Failure({ kind: 'denied', message, advice: 'Allow it.', code, bucket, key });
}

export const remove: BulkOperation<Removal> = {
	option: { name: 'Remove', value: 'remove', action: 'Remove objects' },
	fields: [bucketField, newKeyField],
	output: schemaOf({ bucket: text('Bucket'), key: text('Key') }),
	calls: { DeleteObjects: 'always' },
	read: (item) => ({ bucket: bucketOf(item, item.s3.connection), key: newKeyOf(item) }),
	executeAll: async function* (requests) {
		for (const group of groupsOf(requests)) yield* removeGroup(group);
	},
};

/** A node with this one operation. */
export function nodeThatRemoves(operation: BulkOperation<Removal> = remove): INodeType {
	const object = { remove: operation };
	const { description } = new AmazonS3();
	const properties = description.properties.filter(({ name }) =>
		['authentication', 'resource'].includes(name),
	);
	return {
		description: {
			...description,
			properties: [...properties, ...operationsOf('object', object, 'remove')],
		},
		async execute(this: IExecuteFunctions) {
			return await runOperation(this, { object });
		},
	};
}
