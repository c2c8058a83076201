/** Workflows with n8n's own S3 nodes and what becomes of them: both are run on radosgw, and the buckets compared. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { INodeProperties } from 'n8n-workflow';

import { convertWorkflow } from '../../convert/convertWorkflow';
import { deleteBucket } from '../../s3/buckets/deleteBucket';
import { listBuckets } from '../../s3/buckets/listBuckets';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { listObjects } from '../../s3/list/listObjects';
import { emptyBucket } from '../../s3/objects/prefix/emptyBucket';
import { send } from '../engine/bucket';
import { startAmazonNames } from '../servers/amazonNames';
import type { AmazonNames } from '../servers/amazonNames';
import { connectionTo } from '../servers/connectionTo';
import { withCredentials } from '../servers/n8n/examples';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n, Workflow } from '../servers/n8n/n8n';
import { connectionData, inARow, node } from '../servers/n8n/sample';
import { startRadosgw } from '../servers/radosgw/radosgw';
import type { Radosgw } from '../servers/radosgw/radosgw';

const folder = mkdtempSync(join(tmpdir(), 'n8n-convert-'));
const project = join(__dirname, '..', '..');
const FILES = 'files-example';
const MADE = 'made-example';
const call = { signal: undefined };

let server: Radosgw;
let s3: S3;
let amazon: AmazonNames;
let n8n: N8n;
let theirs: Record<string, { id: string; name: string }>;
let ours: Record<string, { id: string; name: string }>;

beforeAll(async () => {
	server = startRadosgw({ port: 9050, gibibytes: 1 });
	const { endpoint } = server;
	s3 = await openS3(connectionTo(server));
	amazon = await startAmazonNames({ endpoint, buckets: [FILES, MADE], folder });
	n8n = await startN8n({ userFolder: join(folder, 'n8n'), env: amazon.env });
	const keys = { ...server.users.main, region: 'us-east-1' };
	theirs = {
		s3: await n8n.createCredential('S3', 's3', { ...keys, endpoint, forcePathStyle: true }),
		aws: await n8n.createCredential('AWS', 'aws', keys),
	};
	const { amazonS3AccessKeysApi } = connectionData(server);
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
	await amazon.stop();
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});

const bucketNames = async (): Promise<string[]> => {
	const names: string[] = [];
	for await (const page of listBuckets(s3, { limit: 1000 }, call)) {
		names.push(...page.map(({ bucket }) => bucket));
	}
	return names.sort();
};

/** Removes all buckets, and makes the one that the workflows begin with. */
async function beginAnew(): Promise<void> {
	for (const bucket of await bucketNames()) {
		await emptyBucket(s3, { bucket, maxObjects: 1000 }, call);
		await deleteBucket(s3, { bucket }, call);
	}
	await send(credential(), 'PUT', `/${FILES}`);
}

const credential = () => ({ endpoint: server.endpoint, ...server.users.main });

/** What a person sees in the account: its buckets, and every object of the one with files. */
async function stateOfAccount(): Promise<object> {
	const objects: Record<string, object> = {};
	for await (const { entries } of listObjects(s3, { bucket: FILES, limit: 1000 }, call)) {
		for (const entry of entries) if ('key' in entry) objects[entry.key] = await objectAt(entry.key);
	}
	return { buckets: await bucketNames(), objects };
}

async function objectAt(key: string): Promise<object> {
	const path = `/${FILES}/${key.split('/').map(encodeURIComponent).join('/')}`;
	const [object, tags] = [
		await send(credential(), 'GET', path),
		await send(credential(), 'GET', `${path}?tagging`),
	];
	const { headers } = object;
	const kept = [...headers].filter(([name]) =>
		/^(x-amz-meta-|x-amz-storage|cache-|content-(disp|enc|lang))/.test(name),
	);
	return {
		content: await object.text(),
		// A folder’s mark is of whatever type n8n’s nodes happen to send.
		type: key.endsWith('/') ? undefined : headers.get('content-type'),
		headers: Object.fromEntries(kept),
		tags: /<TagSet>.*<\/TagSet>/s.exec(await tags.text())?.[0],
	};
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
	{ name: 'AWS S3, version 1', type: 'n8n-nodes-base.awsS3', typeVersion: 1, credential: 'aws' },
	{ name: 'AWS S3, version 2', type: 'n8n-nodes-base.awsS3', typeVersion: 2, credential: 'aws' },
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
	const tagsUi = { tagsValues: [{ key: 'made', value: 'here' }] };
	return [
		inARow('Upload', [
			start,
			s3('Make Bucket', 1, 'bucket', 'create', { name: MADE }),
			{ ...files, position: [440, 0] },
			s3('Upload', 3, 'file', 'upload', {
				...inFiles,
				fileName: '={{ $json.name }}',
				additionalFields: { parentFolderKey: 'in', storageClass: 'standardIA' },
				// radosgw drops the tags of uploads in parts, as which this version uploads every file.
				...(typeVersion === 2 ? {} : { tagsUi }),
			}),
		]),
		inARow('Text', [
			start,
			s3('Text', 1, 'file', 'upload', {
				...inFiles,
				fileName: 'note.html',
				binaryData: false,
				fileContent: '<b>=grüße</b>',
				tagsUi,
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
				// Only this version puts a slash between the two.
				additionalFields: { parentFolderKey: typeVersion === 2 ? 'in' : 'in/' },
			}),
			s3('Other Folder', 4, 'folder', 'create', { ...inFiles, folderName: 'old' }),
			s3('Delete', 5, 'file', 'delete', { ...inFiles, fileKey: 'gone.html' }),
			s3('Delete Folder', 6, 'folder', 'delete', { ...inFiles, folderKey: 'old/' }),
			s3('Delete Bucket', 7, 'bucket', 'delete', { name: MADE }),
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

/** Runs a workflow to its end, and gives what the account then holds. */
async function after(workflow: Workflow): Promise<object> {
	const { error } = await n8n.run(await n8n.createWorkflow(workflow));
	expect({ workflow: workflow.name, error: error?.message }).toEqual({
		workflow: workflow.name,
		error: undefined,
	});
	return { workflow: workflow.name, ...(await stateOfAccount()) };
}

it.each(KINDS)(
	'workflows with every operation of n8n’s node $name do the same after they were converted',
	async (kind) => {
		const workflows = everything(kind);
		await beginAnew();
		const before: object[] = [];
		for (const workflow of workflows) before.push(await after(workflow));
		expect(JSON.stringify(before)).toContain('STANDARD_IA');
		await beginAnew();
		for (const [index, workflow] of workflows.entries()) {
			const converted = await convert(workflow);
			expect(converted.notes).toContain('Choose a credential');
			expect(JSON.stringify(converted.workflow)).not.toContain(kind.type);
			const state = await after(withCredentials(converted.workflow, ours));
			expect(state).toEqual(before[index]);
		}
	},
);

it('what n8n’s AWS S3 node asked Amazon for went to the server of the tests', () => {
	expect(amazon.hosts()).toEqual(
		expect.arrayContaining([
			`${FILES}.s3.us-east-1.amazonaws.com`,
			`${MADE}.s3.us-east-1.amazonaws.com`,
			's3.us-east-1.amazonaws.com',
		]),
	);
});

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
		// These go with a delimiter or a key, or are the default.
		'includeCommonPrefixes',
		'serversideEncryptionCustomerAlgorithm',
		'serversideEncryptionCustomerKeyMD5',
	]);
});
