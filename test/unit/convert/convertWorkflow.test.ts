import { convertWorkflow } from '../../../convert/convertWorkflow';
import type { Parameters, WorkflowNode } from '../../../convert/Workflow';

const AWS = 'n8n-nodes-base.awsS3';
const S3 = 'n8n-nodes-base.s3';

const node = (name: string, type: string, parameters: Parameters = {}, typeVersion = 1) => ({
	name,
	type,
	typeVersion,
	parameters,
});

/** What one node becomes, and what is said of it. */
function converted(type: string, parameters: Parameters, typeVersion = 2) {
	const { workflow, notes } = convertWorkflow({
		nodes: [node('Node', type, parameters, typeVersion)],
	});
	return { parameters: workflow.nodes[0]?.parameters ?? {}, notes };
}

const named = (value: string) => ({ __rl: true, mode: 'name', value });
const keyed = (value: string) => ({ __rl: true, mode: 'key', value });

/** Nodes in a row, by their names. */
function inARow(nodes: WorkflowNode[]) {
	const connections: Record<string, { main: { node: string }[][] }> = {};
	nodes.slice(1).forEach((next, index) => {
		connections[nodes[index]?.name ?? ''] = { main: [[{ node: next.name }]] };
	});
	return { nodes, connections };
}

const parametersOf = (name: string, { workflow }: ReturnType<typeof convertWorkflow>) =>
	workflow.nodes.find((one) => one.name === name)?.parameters;

describe('a workflow', () => {
	it('a workflow keeps all but the nodes that are converted, and these keep their place and settings', () => {
		const other = node('Other', 'n8n-nodes-base.set', { a: 1 });
		const theirs = {
			...node('Get', S3, { bucketName: 'b', fileKey: 'k' }),
			id: 'id',
			position: [1, 2],
			onError: 'continueErrorOutput',
			credentials: { s3: { id: '1', name: 'S3' } },
		};
		const input = { name: 'Mine', nodes: [other, theirs], connections: {}, pinData: { Get: [] } };
		const before = structuredClone(input);
		const { workflow } = convertWorkflow(input);
		expect(input).toEqual(before);
		expect(workflow).toEqual({
			...input,
			nodes: [
				other,
				{
					id: 'id',
					name: 'Get',
					position: [1, 2],
					onError: 'continueErrorOutput',
					type: 'n8n-nodes-amazon-s3.amazonS3',
					typeVersion: 1,
					parameters: {
						authentication: 'accessKeys',
						resource: 'object',
						operation: 'get',
						bucket: named('b'),
						key: keyed('k'),
						as: 'file',
						binaryProperty: 'data',
						options: {},
					},
				},
			],
		});
	});

	it('a workflow with none of the nodes stays as it is, without a note', () => {
		const input = { nodes: [node('Other', 'n8n-nodes-base.set')], connections: {} };
		expect(convertWorkflow(input)).toEqual({ workflow: input, notes: [] });
	});

	it.each([[null], [{}], [[]], ['text'], [{ nodes: 1 }]])(
		'%j is refused: it is no workflow',
		(input) => {
			expect(() => convertWorkflow(input)).toThrow('This is no workflow of n8n');
		},
	);

	it('a tool of an agent stays one, with the description that somebody wrote', () => {
		const parameters = { descriptionType: 'manual', toolDescription: 'Reads', fileKey: 'k' };
		const { workflow } = convertWorkflow({ nodes: [node('Tool', `${AWS}Tool`, parameters, 2)] });
		expect(workflow.nodes[0]).toMatchObject({
			type: 'n8n-nodes-amazon-s3.amazonS3Tool',
			parameters: { toolDescription: 'Reads', operation: 'get', as: 'text' },
		});
	});

	it('a tool that n8n describes has the description of our node', () => {
		const parameters = { descriptionType: 'auto', toolDescription: 'Hidden', fileKey: 'k' };
		const { workflow } = convertWorkflow({ nodes: [node('Tool', `${AWS}Tool`, parameters, 2)] });
		expect(Object.keys(workflow.nodes[0]?.parameters ?? {})).not.toContain('toolDescription');
	});

	it('pinned data of a converted node is named, as it is that of the old node', () => {
		const pinData = { Get: [{ json: {} }], Other: [{ json: {} }] };
		const nodes = [node('Get', S3), node('Other', 'n8n-nodes-base.set')];
		const { notes } = convertWorkflow({ nodes, pinData });
		expect(notes.filter((note) => note.includes('pinned'))).toEqual([
			'Get: Its pinned data is that of n8n’s node. Unpin it, run the node, and pin anew.',
		]);
	});

	it('an operation that nobody knows is named', () => {
		const { notes } = converted(AWS, { resource: 'file', operation: 'dance' });
		expect(notes).toEqual(['Node: The operation file:dance is not known. Choose one by hand.']);
	});
});

describe('expressions on items with other names', () => {
	const list = node('List', S3, { operation: 'getAll', bucketName: 'b' });
	const reader = (name: string) => node(name, 'n8n-nodes-base.set', { value: '={{ $json.Key }}' });

	it('expressions on items with other names are changed in the next node and beyond nodes that hand items on', () => {
		const filter = node('Filter', 'n8n-nodes-base.filter', { value: '={{ $json.Size }}' });
		const result = convertWorkflow(inARow([list, filter, reader('Set'), reader('After')]));
		expect(parametersOf('Filter', result)).toEqual({ value: '={{ $json.size }}' });
		expect(parametersOf('Set', result)).toEqual({ value: '={{ $json.key }}' });
		// Its items come from Set.
		expect(parametersOf('After', result)).toEqual({ value: '={{ $json.Key }}' });
	});

	it('expressions on a listed object are changed beyond its download, which has the same of it', () => {
		const download = node('Download', AWS, { bucketName: 'b', fileKey: '={{ $json.Key }}' }, 2);
		const upload = node('Upload', S3, {
			operation: 'upload',
			bucketName: 'c',
			fileName: '=old/{{ $json.Key }}',
		});
		const result = convertWorkflow(inARow([list, download, upload]));
		expect(parametersOf('Upload', result)).toMatchObject({ key: '=old/{{ $json.key }}' });
		const buckets = node('Buckets', S3, { resource: 'bucket', operation: 'getAll' });
		const ofBuckets = convertWorkflow(inARow([buckets, download, reader('After')]));
		expect(parametersOf('After', ofBuckets)).toEqual({ value: '={{ $json.Key }}' });
	});

	it('expressions on items with other names are changed in a loop', () => {
		const loop = node('Loop', 'n8n-nodes-base.splitInBatches');
		const { nodes, connections } = inARow([list, loop, reader('Set')]);
		const back = { ...connections, Set: { main: [[{ node: 'Loop' }]] } };
		const result = convertWorkflow({ nodes, connections: back });
		expect(parametersOf('Set', result)).toEqual({ value: '={{ $json.key }}' });
	});

	it('expressions on items with other names stay where other items come, too', () => {
		const other = node('Other', 'n8n-nodes-base.set');
		const { nodes, connections } = inARow([list, reader('Set')]);
		const both = { ...connections, Other: { main: [[{ node: 'Set' }]] } };
		const result = convertWorkflow({ nodes: [...nodes, other], connections: both });
		expect(parametersOf('Set', result)).toEqual({ value: '={{ $json.Key }}' });
	});

	it.each([
		"={{ $('List').item.json.Key }}",
		'={{ $("List").first().json["Key"] }}',
		"={{ $('List').all()[0].json.Key }}",
		'={{ $node["List"].json.Key }}',
	])('the expression %s is changed wherever it stands', (value) => {
		const far = node('Far', 'n8n-nodes-base.set', { value });
		const result = convertWorkflow(inARow([list, reader('Set'), far]));
		const changed = value.replace('.Key', '.key').replace('["Key"]', '.key');
		expect(parametersOf('Far', result)).toEqual({ value: changed });
	});

	it.each([
		['$json.Owner.ID', '$json.owner.id'],
		['$json["Owner"]["DisplayName"]', '$json.owner.displayName'],
		['$json.Owner?.ID', '$json.owner?.id'],
		['$json?.Key', '$json?.key'],
		['$json.Owner', '$json.owner'],
		['$input.item.json.Key', '$input.item.json.key'],
		['$input.first().json.Size', '$input.first().json.size'],
		['$items("List")[0].json.Key', '$items("List")[0].json.key'],
		['$("Other").item.json.Key', '$("Other").item.json.Key'],
	])('the expression %s in the next node becomes %s', (before, after) => {
		const next = node('Next', 'n8n-nodes-base.set', { value: `={{ ${before} }}` });
		const result = convertWorkflow(inARow([list, next]));
		expect(parametersOf('Next', result)).toEqual({ value: `={{ ${after} }}` });
	});

	it('an expression that names another node stays', () => {
		const value = "={{ $('Other List').item.json.Key }}";
		const far = node('Far', 'n8n-nodes-base.set', { value });
		const result = convertWorkflow(inARow([list, reader('Set'), far]));
		expect(parametersOf('Far', result)).toEqual({ value });
	});
});

describe('operations', () => {
	it('a new node, of which n8n stores next to nothing, is a download', () => {
		expect(converted(S3, {}).parameters).toMatchObject({ resource: 'object', operation: 'get' });
		expect(converted(S3, { resource: 'folder' }).parameters).toMatchObject({
			operation: 'put',
			key: '/',
		});
		expect(converted(S3, { resource: 'bucket' }).parameters).toMatchObject({
			resource: 'bucket',
			operation: 'create',
		});
	});

	it('a folder has a slash between its parent and itself in version 2 alone', () => {
		const folder = {
			resource: 'folder',
			operation: 'create',
			folderName: 'new',
			additionalFields: { parentFolderKey: 'in' },
		};
		expect(converted(AWS, folder, 2).parameters.key).toBe('in/new/');
		expect(converted(AWS, folder, 1).parameters.key).toBe('innew/');
		expect(converted(S3, folder, 1).parameters.key).toBe('innew/');
	});

	it('an upload without a name takes that of the file', () => {
		const upload = { operation: 'upload', binaryPropertyName: 'my file' };
		expect(converted(AWS, upload).parameters).toMatchObject({
			key: '={{ $binary["my file"].fileName }}',
			binaryProperty: 'my file',
		});
		const inFolder = { ...upload, additionalFields: { parentFolderKey: 'in' } };
		expect(converted(AWS, inFolder).parameters.key).toBe('=in/{{ $binary["my file"].fileName }}');
		const byExpression = { operation: 'upload', binaryPropertyName: '={{ $json.field }}' };
		expect(converted(AWS, byExpression).parameters.key).toBe(
			'={{ $binary[$json.field].fileName }}',
		);
	});

	it('an upload has the options of the old one', () => {
		const { parameters, notes } = converted(AWS, {
			operation: 'upload',
			fileName: 'a',
			additionalFields: {
				acl: 'bucketOwnerFullControl',
				storageClass: 'onezoneIA',
				requesterPays: true,
				lockLegalHold: true,
				lockMode: 'governance',
				lockRetainUntilDate: '2027-01-01',
				serverSideEncryption: 'aws:kms',
				encryptionAwsKmsKeyId: 'id',
				serverSideEncryptionContext: Buffer.from('{"a":"b"}').toString('base64'),
				grantRead: true,
			},
			tagsUi: { tagsValues: [{ key: 'k', value: '={{ $json.v }}' }] },
		});
		expect(parameters.options).toEqual({
			acl: 'bucket-owner-full-control',
			storageClass: 'ONEZONE_IA',
			requestPayer: true,
			objectLockLegalHold: true,
			objectLockMode: 'GOVERNANCE',
			objectLockRetainUntil: '2027-01-01',
			encryption: 'kms',
			encryptionKmsKeyId: 'id',
			encryptionKmsContext: { entry: [{ name: 'a', value: 'b' }] },
			tags: { tag: [{ name: 'k', value: '={{ $json.v }}' }] },
		});
		expect(notes.join()).toContain('grantRead was left out');
	});

	it('a text stays of the type that the old node gives every text', () => {
		const upload = { operation: 'upload', fileName: 'a', binaryData: false, fileContent: 'x' };
		expect(converted(AWS, upload).parameters).toMatchObject({
			source: 'text',
			text: 'x',
			options: { contentType: 'text/html' },
		});
	});

	it('a key of the customer makes the encryption one of the customer', () => {
		const additionalFields = {
			serversideEncryptionCustomerAlgorithm: 'AES256',
			serversideEncryptionCustomerKey: 'key',
			serversideEncryptionCustomerKeyMD5: 'md5',
		};
		const upload = { operation: 'upload', fileName: 'a', additionalFields };
		expect(converted(AWS, upload).parameters.options).toEqual({
			encryption: 'customer',
			encryptionCustomerKey: 'key',
		});
	});

	it('an option that comes from an expression is kept, with a note about its values', () => {
		const additionalFields = {
			acl: '={{ $json.acl }}',
			serverSideEncryptionContext: '={{ $json.context }}',
		};
		const { parameters, notes } = converted(AWS, {
			operation: 'upload',
			fileName: 'a',
			additionalFields,
		});
		expect(parameters.options).toEqual({ acl: '={{ $json.acl }}' });
		expect(notes.join()).toContain('acl is an expression; its values have other names now');
		expect(notes.join()).toContain('serverSideEncryptionContext was left out');
	});

	it('a copy has its source decoded, as S3 does it', () => {
		const copy = {
			operation: 'copy',
			sourcePath: '/a/b%20%C3%BC.txt',
			destinationPath: '/c/d',
			additionalFields: { metadataDirective: 'replace', taggingDirective: 'copy' },
		};
		expect(converted(S3, copy).parameters).toMatchObject({
			sourceBucket: named('a'),
			sourceKey: keyed('b ü.txt'),
			bucket: named('c'),
			key: 'd',
			options: { metadata: 'replace', tags: 'keep' },
		});
		expect(converted(S3, { ...copy, sourcePath: '/a/100%' }).parameters).toMatchObject({
			sourceKey: keyed('100%'),
		});
	});

	it('a copy says what it could not find out', () => {
		const { notes } = converted(S3, {
			operation: 'copy',
			sourcePath: '={{ $json.a }}{{ encodeURIComponent($json.b) }}',
			destinationPath: '',
		});
		expect(notes.join(' ')).toMatch(/Enter Source Bucket.*Enter Target Bucket.*take encodeURI/);
	});

	it('a search with a delimiter has it only if the old node sent it', () => {
		const search = {
			resource: 'bucket',
			operation: 'search',
			bucketName: 'b',
			additionalFields: { delimiter: '/', prefix: 'in/', startAfter: 'in/a', fetchOwner: true },
		};
		expect(converted(AWS, search).parameters).toMatchObject({
			prefix: 'in/',
			returnAll: false,
			limit: 100,
			options: { delimiter: '/', startAfter: 'in/a', fetchOwner: true },
		});
		expect(converted(AWS, search).notes.join()).toContain('An item without a key is a folder');
		const old = converted(S3, search);
		expect(old.parameters.options).toEqual({ startAfter: 'in/a', fetchOwner: true });
		expect(old.notes.join()).toContain('delimiter was left out');
	});

	it('a bucket is made with a lock if it was, and what is missing is named', () => {
		const { parameters, notes } = converted(AWS, {
			resource: 'bucket',
			operation: 'create',
			name: 'b',
			additionalFields: {
				bucketObjectLockEnabled: true,
				region: 'eu-west-1',
				acl: 'publicRead',
				grantWrite: true,
			},
		});
		expect(parameters).toMatchObject({ bucketName: 'b', options: { objectLock: true } });
		expect(notes.join()).toMatch(/grantWrite was left out.*acl was left out.*eu-west-1/);
	});

	it('a version is deleted as before', () => {
		const { parameters } = converted(AWS, {
			operation: 'delete',
			bucketName: 'b',
			fileKey: '={{ $json.key }}',
			options: { versionId: 'v' },
		});
		expect(parameters).toMatchObject({
			operation: 'delete',
			key: keyed('={{ $json.key }}'),
			options: { versionId: 'v' },
		});
	});
});
