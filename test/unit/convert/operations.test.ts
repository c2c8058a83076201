import type { INodeProperties } from 'n8n-workflow';

import type { Converted } from '../../../convert/Converted';
import { DEFAULTS, OPERATIONS } from '../../../convert/operations';
import type { Parameters } from '../../../convert/Workflow';
import { resources } from '../../../nodes/AmazonS3/resources';
import type { Registry } from '../../../nodes/run/operation';

/** Options of n8n's nodes, by the operations that have them. */
const WRITING = {
	acl: 'private',
	lockLegalHold: true,
	lockMode: 'governance',
	lockRetainUntilDate: '2030-01-01',
	requesterPays: true,
	serverSideEncryption: 'aws:kms',
	encryptionAwsKmsKeyId: 'id',
	serverSideEncryptionContext: Buffer.from('{"a":"b"}').toString('base64'),
	storageClass: 'standardIA',
};
const CUSTOMER_KEY = { serversideEncryptionCustomerKey: 'key' };
const LISTING = { fetchOwner: true, folderKey: 'in/' };
const SEARCH = { delimiter: '/', prefix: 'in/', requesterPays: true, startAfter: 'a' };
const OPTIONS: Record<string, object> = {
	'bucket:create': { bucketObjectLockEnabled: true },
	'bucket:search': { ...SEARCH, fetchOwner: true },
	'folder:create': { requesterPays: true, storageClass: 'standardIA' },
	'folder:getAll': LISTING,
	'file:copy': { ...WRITING, metadataDirective: 'copy', taggingDirective: 'replace' },
	'file:upload': WRITING,
	'file:delete': { versionId: 'v' },
	'file:getAll': LISTING,
};

const registries: Record<string, Registry> = resources;

/** The fields of an operation of ours, or its options. */
function fieldsOf({
	resource,
	operation,
}: Converted): Record<'fields' | 'options', INodeProperties[]> {
	const { fields = [] } = registries[resource]?.[operation] ?? {};
	const groups = fields.filter(({ name }) => name === 'options');
	return { fields, options: groups.flatMap(({ options = [] }) => options as INodeProperties[]) };
}

/** The values of which there is no such field, or which the field does not offer. */
function unknownIn(values: Parameters, fields: INodeProperties[]): string[] {
	return Object.entries(values).flatMap(([name, value]) => {
		const named = fields.filter((field) => field.name === name);
		const isOffered = ({ type, options = [] }: INodeProperties) =>
			type !== 'options' || options.some((one) => 'value' in one && one.value === value);
		return named.some(isOffered) ? [] : [`${name}: ${JSON.stringify(value)}`];
	});
}

it.each(Object.keys(OPERATIONS))('what %s becomes has only values that our form offers', (name) => {
	const set = OPTIONS[name] ?? {};
	const sets = 'acl' in set ? [set, { ...set, ...CUSTOMER_KEY }] : [set];
	for (const fields of sets) {
		const its = {
			sourcePath: '/a/b?versionId=v',
			destinationPath: '/c/d',
			fileName: 'a',
			additionalFields: fields,
			options: fields,
			tagsUi: { tagsValues: [{ key: 'k', value: 'v' }] },
		};
		for (const origin of ['awsS3V1', 'awsS3V2', 's3'] as const) {
			for (const isTool of [false, true]) {
				const converted = OPERATIONS[name]?.(its, origin, isTool);
				if (converted === undefined) throw new Error(name);
				const ours = fieldsOf(converted);
				expect(unknownIn(converted.parameters, ours.fields)).toEqual([]);
				expect(unknownIn(converted.options, ours.options)).toEqual([]);
			}
		}
	}
});

it('what is chosen in a new node of n8n is an operation that is known', () => {
	for (const [resource, operation] of Object.entries(DEFAULTS)) {
		expect(OPERATIONS[`${resource}:${operation}`]).toBeDefined();
	}
});
