/** What holds for the forms of all operations. */
import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';

import { AmazonS3 } from '../../../../nodes/AmazonS3/AmazonS3.node';
import { alias } from '../../../../nodes/AmazonS3/AmazonS3.node.json';
import { resources } from '../../../../nodes/AmazonS3/resources';
import { AmazonS3Trigger } from '../../../../nodes/AmazonS3Trigger/AmazonS3Trigger.node';
import type { ItemOperation, Registry } from '../../../../nodes/run/operation';

const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
	Object.entries(registry).map(([name, { fields, option }]) => ({
		operation: `${resource} ${name}`,
		fields,
		option,
	})),
);

/** What says how the node runs, or for whom, whatever the operation does. */
const LAST = ['concurrency', 'retryFor', 'expectedBucketOwner', 'requestPayer'];

const optionsOf = (fields: INodeProperties[]): string[] =>
	(fields.find(({ name }) => name === 'options')?.options ?? []).map(({ name }) => name);

/** Whether a person has to fill a field in, as it has nothing at first: no text, or a locator without one. */
const isEmpty = (field: INodeProperties): boolean =>
	/^(""|.*"value":"")/.test(JSON.stringify(field.default));

it.each(operations)(
	'the form of $operation demands no field that n8n shows only because an expression decides it',
	({ fields }) => {
		const takesExpression = (name: string) =>
			fields.some((field) => field.name === name && field.noDataExpression !== true);
		const demanded = fields.filter((field) => {
			const { required = false, displayOptions = {} } = field;
			const { show = {}, hide = {} } = displayOptions;
			const deciding = [...Object.keys(show), ...Object.keys(hide)];
			return required && isEmpty(field) && deciding.some(takesExpression);
		});
		expect(demanded.map(({ name }) => name)).toEqual([]);
	},
);

it.each(operations)(
	'the options of $operation that say how the node runs come last',
	({ fields }) => {
		const names = optionsOf(fields);
		const last = LAST.filter((name) => names.includes(name));
		expect(names.slice(names.length - last.length)).toEqual(last);
	},
);

/** Names of fields separated by a space; of those with “options.” before them the options. */
type Names = string;
type Value = string | boolean | undefined;

const ENCRYPTIONS = [undefined, 'none', 's3', 'kms', 'kmsDsse', 'customer'];
const HEADERS =
	'contentType contentDisposition contentEncoding contentLanguage cacheControl'.replace(
		/\w+/g,
		'options.$&',
	);
const FILE_NAME = 'options.fileName';
const DISPOSITION = 'options.responseContentDisposition';

/**
 * What would be refused or ignored together: the fields do something only with one of the first values of the field
 * before them, and none of the others.
 */
const CONTRADICTIONS: Array<[Names, field: string, goes: Value[], not: Value[], Names]> = [
	...['put', 'copy', 'move'].flatMap((name): typeof CONTRADICTIONS => {
		const form = `object ${name}`;
		const encryption = (goes: Value[], names: Names): (typeof CONTRADICTIONS)[number] => {
			const not = ENCRYPTIONS.filter((value) => !goes.includes(value));
			return [form, 'options.encryption', goes, not, names];
		};
		const lock = 'options.objectLockMode';
		return [
			[form, 'options.overwrite', ['ifMatch'], [undefined, 'always', 'never'], 'options.etag'],
			encryption(['kms', 'kmsDsse'], 'options.encryptionKmsKeyId options.encryptionKmsContext'),
			encryption(['kms'], 'options.encryptionBucketKey'),
			encryption(['customer'], 'options.encryptionCustomerKey'),
			[form, lock, ['GOVERNANCE', 'COMPLIANCE'], [undefined], 'options.objectLockRetainUntil'],
		];
	}),
	...['copy', 'move'].flatMap((name): typeof CONTRADICTIONS => {
		const form = `object ${name}`;
		return [
			[form, 'options.overwrite', ['ifMatch'], ['ifDifferent'], 'options.etag'],
			[
				form,
				'options.metadata',
				['replace'],
				[undefined, 'keep'],
				`options.newMetadata ${HEADERS}`,
			],
			[form, 'options.tags', ['replace'], [undefined, 'keep', 'drop'], 'options.newTags'],
			[form, 'options.storageClass', [undefined], ['GLACIER', 'X'], 'options.keepStorageClass'],
			[form, 'anotherConnection', [true], [false], 'targetAuthentication options.copyOnServer'],
		];
	}),
	['object put', 'source', ['binary'], ['text', 'url'], 'binaryProperty'],
	['object put', 'source', ['text'], ['binary', 'url'], 'text'],
	['object put', 'source', ['url'], ['binary', 'text'], 'url options.headers options.method'],
	['object put', 'source', ['binary', 'url'], ['text'], 'options.partSizeMb'],
	['object put', 'source', ['binary'], ['text', 'url'], 'options.multipartThresholdMb'],
	['object put', 'source', ['binary', 'text'], ['url'], 'options.contentEncoding'],
	['object put', 'options.method', ['POST'], [undefined, 'GET'], 'options.body'],
	['object append', 'source', ['binary'], ['text'], 'binaryProperty'],
	['object append', 'source', ['text'], ['binary'], 'text'],
	['object get', 'as', ['file'], ['text', 'json'], `binaryProperty ${FILE_NAME}`],
	['object get', 'as', ['text', 'json'], ['file'], 'options.maxTextSizeMb'],
	['object delete', 'options.ifMatch', ['a'], [undefined], 'options.encryptionCustomerKey'],
	['object undelete', 'undeleteBy', ['key'], ['prefix', 'receipt'], 'key'],
	['object undelete', 'undeleteBy', ['prefix'], ['key', 'receipt'], 'prefix'],
	['object undelete', 'undeleteBy', ['receipt'], ['key', 'prefix'], 'receipt'],
	['object undelete', 'undeleteBy', ['key', 'prefix'], ['receipt'], 'asOf'],
	['object getPresignedPost', 'key', [''], ['a'], 'keyPrefix'],
	['object getPresignedUrl', FILE_NAME, [undefined, ''], ['a.txt', '>'], DISPOSITION],
	['object getPresignedUrl', DISPOSITION, [undefined, ''], ['inline'], FILE_NAME],
	['object getPresignedUrl', 'method', ['GET'], ['HEAD', 'PUT', 'DELETE'], FILE_NAME],
	['object getPresignedUrl', 'method', ['GET', 'HEAD'], ['PUT', 'DELETE'], DISPOSITION],
	['object getPresignedUrl', 'method', ['PUT'], ['GET', 'HEAD'], 'options.contentLength'],
	['object listVersions', 'versionsOf', [''], ['a'], 'prefix'],
	...['list', 'listVersions'].flatMap((name): typeof CONTRADICTIONS => {
		const form = `object ${name}`;
		return [
			[form, 'returnAll', [false], [true], 'limit'],
			[form, 'output', ['csv', 'ndjson'], ['items', 'array'], `binaryProperty ${FILE_NAME}`],
			[form, 'output', ['csv'], ['items', 'array', 'ndjson'], 'options.spreadsheetSafe'],
		];
	}),
	['bucket delete', 'options.emptyFirst', [true], [undefined, false], 'options.maxObjects'],
	['bucket delete', 'options.emptyFirst', [true], [undefined, false], 'options.bypassGovernance'],
	['trigger', 'watch', ['poll', 'both'], ['queue'], 'bucket requests'],
	['trigger', 'watch', ['queue', 'both'], ['poll'], 'queueUrl acknowledge options.endpoint'],
	['trigger', 'watch', ['poll'], ['queue', 'both'], 'order event options.minAge'],
	['trigger', 'watch', ['both'], ['queue', 'poll'], 'options.graceMinutes'],
	['trigger', 'watch', ['queue'], ['poll', 'both'], 'options.events'],
	['trigger', 'order', ['any'], ['growing'], 'event'],
];

const triggerFields = new AmazonS3Trigger().description.properties;
const fieldsOf = (form: string): INodeProperties[] =>
	operations.find(({ operation }) => operation === form)?.fields ?? triggerFields;

/** The fields that a form shows and the options that it offers when a field has a value. */
function offeredIn(form: string, name: string, value: Value): string[] {
	const fields = fieldsOf(form);
	const entered = { [name.replace('options.', '')]: value } as INodeParameters;
	const isOption = name.startsWith('options.');
	const defaults = Object.fromEntries(fields.map((field) => [field.name, field.default]));
	const root = { ...defaults, ...(isOption ? { options: entered } : entered) };
	const shownAt = (level: INodeParameters, all: INodeProperties[]) =>
		all.filter(
			(field) =>
				field.type !== 'hidden' && NodeHelpers.displayParameter(level, field, null, null, root),
		);
	return shownAt(root, fields).flatMap((field) => {
		if (field.name !== 'options') return [field.name];
		const added = shownAt(isOption ? entered : {}, (field.options ?? []) as INodeProperties[]);
		return added.map((option) => `options.${option.name}`);
	});
}

it.each(CONTRADICTIONS)(
	'the form of %s with %s as any of %j, and with none of %j, offers: %s',
	(form, name, goes, not, names) => {
		const offersWith = (value: Value) => {
			const offered = offeredIn(form, name, value);
			return names.split(' ').filter((field) => offered.includes(field));
		};
		expect(goes.map((value) => [value, offersWith(value)])).toEqual(
			goes.map((value) => [value, names.split(' ')]),
		);
		expect(not.map((value) => [value, offersWith(value)])).toEqual(not.map((value) => [value, []]));
	},
);

it.each(CONTRADICTIONS)(
	'the form of %s with an expression as %s offers what the expression may ask for: with %j, not %j, it is %s',
	(form, name, _goes, _not, names) => {
		const field = fieldsOf(form).find((one) => one.name === name);
		// n8n takes no expression for it.
		if (field?.noDataExpression === true) return;
		const offered = offeredIn(form, name, '={{ $json.value }}');
		expect(offered).toEqual(expect.arrayContaining(names.split(' ')));
	},
);

/** What is lost for good in a bucket without versions, and the words that say so to those who choose an operation. */
const LOSES: Readonly<Record<string, RegExp>> = {
	'object put': /is replaced, unless Overwrite/,
	'object copy': /is replaced, unless Overwrite/,
	'object move': /delete the source.* is replaced, unless Overwrite/,
	'object delete': /^Delete .*Only a bucket with versions can bring objects back/,
	'object deleteByPrefix': /^Delete .*Only a bucket with versions can bring objects back/,
	'bucket delete': /^Delete .*everything in it is lost/,
};

it.each(operations.filter(({ operation }) => operation in LOSES))(
	'the description of $operation says what is lost',
	({ operation, option }) => {
		expect(option.description).toMatch(LOSES[operation] ?? /^$/);
	},
);

/** Characters that a field of one line shows in n8n's form. */
const LINE = 42;

it.each([
	['trigger', triggerFields] as const,
	...operations.map(({ operation, fields }) => [operation, fields] as const),
])('no example in the form of %s is cut at the end of its field', (_form, fields) => {
	const options = fields.flatMap((field) =>
		field.name === 'options' ? (field.options ?? []) : [],
	);
	const all = [...fields, ...(options as INodeProperties[])];
	const examples = all.flatMap(({ placeholder, modes = [] }) => [
		placeholder ?? '',
		...modes.map((mode) => mode.placeholder ?? ''),
	]);
	expect(examples.filter((example) => example.length > LINE)).toEqual([]);
});

it('every operation that moves an object tells its size, by which fewer large ones are moved at once', () => {
	const { object } = resources as Record<string, Registry>;
	const movers = Object.keys(object ?? {}).filter((name) => {
		const { bytesOf } = (object?.[name] ?? {}) as Partial<ItemOperation>;
		return bytesOf?.([{ json: { size: 7 } }]) === 7;
	});
	const expected = ['append', 'changeStorageClass', 'copy', 'get', 'move', 'put'];
	expect(movers.sort()).toEqual(expected);
});

it('the form and the panel of nodes show objects before buckets, and Put first', () => {
	const { properties } = new AmazonS3().description;
	const valuesOf = (name: string) =>
		(properties.find((field) => field.name === name)?.options ?? []).map((option) =>
			'value' in option ? option.value : '',
		);
	expect(valuesOf('resource').slice(0, 2)).toEqual(['object', 'bucket']);
	expect(valuesOf('operation').slice(0, 3)).toEqual(['put', 'get', 'list']);
});

/** What a model has to know before it calls a tool, by operation. */
const TOLD: Record<string, RegExp> = {
	'object copy': /^Copy object.*replaces an existing one/,
	'object move': /^Move .*deletes the source/,
	'object delete': /^Delete object/,
	'object deleteByPrefix': /^Delete all objects/,
	'object undelete': /^Undelete objects.*past state/,
	'bucket delete': /^Delete bucket.*with its objects/,
	'bucket cleanUpUploads': /unfinished uploads/,
	'queue acknowledge': /deletes it/,
};

it.each(Object.entries(TOLD))(
	'the only sentence that n8n tells an agent of %s says what is lost or set back',
	(name, told) => {
		const [resource, operation] = name.split(' ');
		const sentence = NodeHelpers.makeDescription(
			{ resource, operation },
			new AmazonS3().description,
		);
		expect(sentence).toMatch(told);
	},
);

it('no name that n8n makes for a tool is cut at the 64 characters that models take', () => {
	const names = operations.map(({ option }) => `${option.action ?? ''} in Amazon S3`);
	expect(names.filter((name) => name.length > 64)).toEqual([]);
});

it.each(['put', 'append'])(
	'the form of %s as a tool of an agent takes text and offers no file',
	(name) => {
		const sources = fieldsOf(`object ${name}`).filter((field) => field.name === 'source');
		const shown = sources.filter((field) =>
			NodeHelpers.displayParameter({}, field, null, { name: 'amazonS3Tool' } as never),
		);
		expect(shown.map((field) => field.default)).toEqual(['text']);
		expect(JSON.stringify(shown)).not.toContain('"binary"');
	},
);

/** What people type to find a node. */
const TYPED = [
	...['s3', 'aws', 'aws bucket', 'simple storage service', 's3 compatible', 'bucket', 'file'],
	...['upload', 'upload file', 'download file', 'list files', 'put object', 'amazon'],
	...[
		'minio',
		'r2',
		'cloudflare',
		'wasabi',
		'b2',
		'backblaze',
		'spaces',
		'digitalocean',
		'hetzner',
	],
	...['scaleway', 'ovh', 'ceph', 'garage', 'seaweedfs', 'presigned', 'share link', 'signed url'],
	...['upload form', 'copy', 'move', 'rename', 'delete folder', 'undelete', 'archive', 'glacier'],
	'restore',
];

it.each(TYPED)(
	'the panel of nodes finds the node by “%s”, as a name or alias has these words',
	(words) => {
		const names = [new AmazonS3().description.displayName, ...alias].map((name) =>
			name.toLowerCase(),
		);
		expect(names.filter((name) => name.includes(words))).not.toEqual([]);
	},
);

it('the hint for builders of workflows says what the node is for, and what is lost for good', () => {
	const { searchHint = '', relatedNodes = [] } = new AmazonS3().description.builderHint ?? {};
	expect(searchHint).toMatch(/Objects \(files\) and buckets.*cannot be undone/);
	expect(relatedNodes.map((related) => (related as { nodeType: string }).nodeType)).toEqual([
		'n8n-nodes-base.extractFromFile',
		'n8n-nodes-base.convertToFile',
	]);
});

it.each(operations)(
	'the keys of $operation are forgotten when another bucket is chosen for them, and not when its expression is evaluated',
	({ fields }) => {
		const names = fields.map(({ name }) => `${name}.cachedResultName`);
		const locators = fields.filter(
			({ type, name }) => type === 'resourceLocator' && /key/i.test(name),
		);
		for (const { name, typeOptions } of locators) {
			const field = name === 'sourceKey' ? 'sourceBucket' : 'bucket';
			// n8n sets it for a bucket that is chosen from the list.
			const bucket = `${field}.cachedResultName`;
			expect([name, typeOptions?.loadOptionsDependsOn]).toEqual([name, [bucket]]);
			expect(names).toContain(bucket);
		}
	},
);
