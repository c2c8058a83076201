/** Workflows with n8n's own S3 nodes and what becomes of them: both are run, and the buckets compared. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import type { INodeProperties } from 'n8n-workflow';

import { convertWorkflow } from '../../convert/convertWorkflow';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { read } from '../servers/embedded/content';
import { keyText } from '../servers/embedded/store';
import { withCredentials } from '../servers/n8n/examples';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n, Workflow } from '../servers/n8n/n8n';
import { connectionData, inARow, node } from '../servers/n8n/sample';

const folder = mkdtempSync(join(tmpdir(), 'n8n-convert-'));
const project = join(__dirname, '..', '..');
/** n8n's AWS S3 node asks its endpoint only for buckets with a dot, and never makes or deletes them there. */
const FILES = 'files.example';
const MADE = 'made.example';

let servers: { original: EmbeddedServer; converted: EmbeddedServer };
let n8n: N8n;
let theirs: Record<string, { id: string; name: string }>;
let ours: Record<string, { id: string; name: string }>;

beforeAll(async () => {
	const [original, converted] = await Promise.all([startEmbedded(), startEmbedded()]);
	servers = { original, converted };
	n8n = await startN8n({ userFolder: folder });
	const { accessKeyId, secretAccessKey } = original.users.main;
	const { endpoint } = original;
	const keys = { accessKeyId, secretAccessKey, region: 'us-east-1' };
	const s3 = { ...keys, endpoint, forcePathStyle: true };
	const aws = { ...keys, customEndpoints: true, s3Endpoint: endpoint };
	theirs = {
		s3: await n8n.createCredential('S3', 's3', s3),
		aws: await n8n.createCredential('AWS', 'aws', aws),
	};
	const { amazonS3AccessKeysApi } = connectionData(converted);
	ours = {
		amazonS3AccessKeysApi: await n8n.createCredential(
			'Ours',
			'amazonS3AccessKeysApi',
			amazonS3AccessKeysApi,
		),
	};
});

afterAll(async () => {
	await n8n.stop();
	await Promise.all(Object.values(servers).map(async (server) => await server.stop()));
	rmSync(folder, { recursive: true, force: true });
});

/** Everything in a bucket that a person put there. */
async function contentsOf(server: EmbeddedServer, name: string): Promise<object> {
	const bucket = server.store.bucket(name);
	const found: Record<string, object> = {};
	for (const key of bucket.keys.from('', true)) {
		const version = bucket.get(key);
		if (version?.content === undefined) continue;
		const { headers, tags, content } = version;
		const { 'content-type': type, 'x-amz-storage-class': storageClass } = headers;
		// A folder’s mark is of whatever type n8n’s nodes happen to send.
		const typeOfFile = key.endsWith('/') ? undefined : type;
		found[keyText(key)] = {
			content: await text(read(content)),
			type: typeOfFile,
			storageClass,
			tags,
		};
	}
	return found;
}

/** What comes of a workflow by the command that people run. */
async function convert(workflow: Workflow): Promise<{ workflow: Workflow; notes: string }> {
	const file = join(folder, 'workflow.json');
	writeFileSync(file, JSON.stringify(workflow));
	const { stdout, stderr } = await promisify(execFile)(
		process.execPath,
		[join(project, 'dist', 'convert', 'main.js'), file],
		{ cwd: folder },
	);
	return { workflow: JSON.parse(stdout) as Workflow, notes: stderr };
}

interface Kind {
	name: string;
	type: string;
	typeVersion: number;
	credential: 's3' | 'aws';
}

const KINDS: Kind[] = [
	{ name: 'S3', type: 'n8n-nodes-base.s3', typeVersion: 1, credential: 's3' },
	{ name: 'AWS S3', type: 'n8n-nodes-base.awsS3', typeVersion: 2, credential: 'aws' },
];

/** A workflow with all operations of n8n's node; each has its own start, as some give no item. */
function everything({ type, typeVersion, credential }: Kind): Workflow[] {
	const s3 = (name: string, column: number, resource: string, operation: string, more: object) => ({
		...node(name, column, type, { resource, operation, ...more }),
		typeVersion,
		credentials: { [credential]: theirs[credential] } as never,
	});
	const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});
	const files = {
		...node('Files', 1, 'n8n-nodes-base.code', {
			jsCode: `return await Promise.all(['a b.txt', 'ü+1.csv'].map(async (name) => ({
				json: { name },
				binary: { data: await this.helpers.prepareBinaryData(Buffer.from('content of ' + name), name) },
			})))`,
		}),
		typeVersion: 2,
	};
	const inFiles = { bucketName: FILES };
	return [
		inARow('Upload', [
			start,
			...(credential === 's3' ? [s3('Make Bucket', 1, 'bucket', 'create', { name: MADE })] : []),
			{ ...files, position: [440, 0] },
			s3('Upload', 3, 'file', 'upload', {
				...inFiles,
				fileName: '={{ $json.name }}',
				additionalFields: { parentFolderKey: 'in', storageClass: 'standardIA' },
				tagsUi: { tagsValues: [{ key: 'made', value: 'here' }] },
			}),
		]),
		inARow('Text', [
			start,
			s3('Text', 1, 'file', 'upload', {
				...inFiles,
				fileName: 'note.html',
				binaryData: false,
				fileContent: '<b>=grüße</b>',
			}),
			s3('Again', 2, 'file', 'upload', {
				...inFiles,
				fileName: 'gone.html',
				binaryData: false,
				fileContent: 'gone',
			}),
			s3('Folder', 3, 'folder', 'create', {
				...inFiles,
				folderName: 'new',
				additionalFields: { parentFolderKey: type.endsWith('awsS3') ? 'in' : 'in/' },
			}),
			s3('Other Folder', 4, 'folder', 'create', { ...inFiles, folderName: 'old' }),
			s3('Delete', 5, 'file', 'delete', { ...inFiles, fileKey: 'gone.html' }),
			s3('Delete Folder', 6, 'folder', 'delete', { ...inFiles, folderKey: 'old/' }),
			...(credential === 's3' ? [s3('Delete Bucket', 7, 'bucket', 'delete', { name: MADE })] : []),
		]),
		inARow('Read', [
			start,
			s3('List', 1, 'file', 'getAll', {
				...inFiles,
				returnAll: true,
				options: { folderKey: 'in/' },
			}),
			node('Only Text', 2, 'n8n-nodes-base.noOp', {}),
			s3('Download', 3, 'file', 'download', { ...inFiles, fileKey: '={{ $json.Key }}' }),
			s3('Upload Again', 4, 'file', 'upload', {
				...inFiles,
				fileName: "={{ $('List').item.json.Key.split('/').pop() }}",
				additionalFields: { parentFolderKey: 'again' },
			}),
			s3('Copy', 5, 'file', 'copy', {
				sourcePath: `/${FILES}/note.html`,
				destinationPath: `=/${FILES}/copies/{{ $itemIndex }}.html`,
				additionalFields: { storageClass: 'standardIA' },
			}),
		]),
		inARow('Lists', [
			start,
			s3('Search', 1, 'bucket', 'search', {
				...inFiles,
				limit: 3,
				additionalFields: { prefix: 'in/' },
			}),
			s3('Report', 2, 'file', 'upload', {
				...inFiles,
				fileName: '=found/{{ $json["Key"] }}.{{ $json.Size }}.txt',
				binaryData: false,
				fileContent: '={{ $json.StorageClass }}',
			}),
		]),
		inARow('Folders', [
			start,
			s3('Folders', 1, 'folder', 'getAll', { ...inFiles, returnAll: true, options: {} }),
			s3('Report', 2, 'file', 'upload', {
				...inFiles,
				fileName: '=folders/{{ $json.Key.replaceAll("/", "-") }}.txt',
				binaryData: false,
				fileContent: 'x',
			}),
		]),
		inARow('Buckets', [
			start,
			s3('Buckets', 1, 'bucket', 'getAll', { returnAll: true }),
			s3('Report', 2, 'file', 'upload', {
				...inFiles,
				fileName: '=buckets/{{ $json.Name }}.txt',
				binaryData: false,
				fileContent: 'x',
			}),
		]),
	];
}

it.each(KINDS)(
	'workflows with every operation of n8n’s node $name do the same after they were converted',
	async (kind) => {
		for (const { store } of Object.values(servers)) store.makeBucket(FILES);
		for (const workflow of everything(kind)) {
			const original = await n8n.run(await n8n.createWorkflow(workflow));
			expect({ workflow: workflow.name, error: original.error?.message }).toEqual({
				workflow: workflow.name,
				error: undefined,
			});
			const converted = await convert(workflow);
			expect(converted.notes).toContain('Choose a credential');
			expect(JSON.stringify(converted.workflow)).not.toContain(kind.type);
			const id = await n8n.createWorkflow(withCredentials(converted.workflow, ours));
			const run = await n8n.run(id);
			expect({ workflow: workflow.name, error: run.error?.message }).toEqual({
				workflow: workflow.name,
				error: undefined,
			});
			const contents = await contentsOf(servers.original, FILES);
			expect(Object.keys(contents)).not.toEqual([]);
			expect({
				workflow: workflow.name,
				contents: await contentsOf(servers.converted, FILES),
			}).toEqual({ workflow: workflow.name, contents });
			const buckets = ({ store }: EmbeddedServer) => [...store.buckets.keys()];
			expect(buckets(servers.converted)).toEqual(buckets(servers.original));
		}
		for (const { store } of Object.values(servers)) store.buckets.delete(FILES);
	},
);

interface Described {
	name: string;
	version: number | number[];
	properties: INodeProperties[];
}

/** n8n's own nodes as n8n describes them. */
const described = (
	JSON.parse(
		readFileSync(
			join(project, '.cache/n8n/newest/node_modules/n8n-nodes-base/dist/types/nodes.json'),
			'utf8',
		),
	) as Described[]
).filter(({ name }) => /^(awsS3|s3)$/.test(name));

/** Each operation of a node with its fields. */
function operationsOf({ properties }: Described) {
	const operations = properties.filter(({ name }) => name === 'operation');
	return operations.flatMap(({ displayOptions, options = [] }) => {
		const [resource] = (displayOptions?.show?.resource ?? []) as string[];
		return options.map((option) => {
			const operation = 'value' in option ? (option.value as string) : '';
			const fields = properties.filter(
				({ displayOptions: when }) =>
					when?.show?.resource?.includes(resource ?? '') === true &&
					when.show.operation?.includes(operation) === true,
			);
			return { resource, operation, fields };
		});
	});
}

it('every operation and option of n8n’s nodes is converted, or named as missing', () => {
	const lost: string[] = [];
	let options = 0;
	expect(described.length).toBeGreaterThan(2);
	for (const one of described) {
		const type = `n8n-nodes-base.${one.name}`;
		const typeVersion = Number([one.version].flat().at(-1));
		const convertedWith = (parameters: object) =>
			convertWorkflow({
				nodes: [{ name: 'Node', type, typeVersion, parameters: parameters as never }],
			});
		for (const { resource, operation, fields } of operationsOf(one)) {
			const plain = convertedWith({ resource, operation });
			expect(plain.notes.join()).not.toContain('is not known');
			const groups = fields.filter(({ type: kind }) => kind === 'collection');
			for (const { name, options: inGroup = [] } of groups) {
				for (const option of inGroup as INodeProperties[]) {
					options++;
					const value = option.type === 'boolean' ? true : 'value';
					const [choice] = (option.options ?? []) as { value: unknown }[];
					const set = { [option.name]: choice?.value ?? value };
					const result = convertedWith({ resource, operation, [name]: set });
					const isSame = JSON.stringify(result) === JSON.stringify(plain);
					if (isSame) lost.push(`${type} ${resource ?? ''} ${operation}: ${option.name}`);
				}
			}
		}
	}
	expect(options).toBeGreaterThan(100);
	expect([...new Set(lost.map((text) => text.replace(/^.* /, '')))].sort()).toEqual([
		// Keys come decoded; the others go with a delimiter or a key, or are the default.
		'encodingType',
		'includeCommonPrefixes',
		'serversideEncryptionCustomerAlgorithm',
		'serversideEncryptionCustomerKeyMD5',
	]);
});
