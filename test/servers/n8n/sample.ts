import type { INode, INodeCredentials, INodeParameters } from 'n8n-workflow';
import type { Workflow } from './n8n';

const S3 = 'n8n-nodes-amazon-s3.amazonS3';

const byName = (value: string) => ({ __rl: true, mode: 'name', value });
const byKey = (value: string) => ({ __rl: true, mode: 'key', value });

export const BUCKET = 'sample-bucket';
export const OTHER_BUCKET = 'other-bucket';

/** What a credential holds for a server of the tests. */
export function connectionData(server: {
	endpoint: string;
	users: { main: { accessKeyId: string; secretAccessKey: string } };
}): Record<
	'amazonS3AccessKeysApi' | 'amazonS3BasicAuthApi' | 'amazonS3TargetAccessKeysApi',
	object
> {
	const { accessKeyId, secretAccessKey } = server.users.main;
	const { endpoint } = server;
	const keys = { accessKeyId, secretAccessKey, endpoint, region: 'us-east-1' };
	return {
		amazonS3AccessKeysApi: keys,
		amazonS3TargetAccessKeysApi: keys,
		amazonS3BasicAuthApi: {
			endpoint,
			username: accessKeyId,
			password: secretAccessKey,
			scheme: 'sigv4',
			region: 'us-east-1',
		},
	};
}

/** A node at its place in a row, with the credential that it uses. */
export function node(
	name: string,
	column: number,
	type: string,
	parameters: object,
	credentials?: object,
): Partial<INode> {
	return {
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [column * 220, 0],
		parameters: parameters as INodeParameters,
		...(credentials === undefined ? {} : { credentials: credentials as INodeCredentials }),
	};
}

/** The S3 node with one operation on an object, in `BUCKET` unless the parameters name another. */
export function objectNode(
	name: string,
	column: number,
	operation: string,
	parameters: object,
	credentials: object,
): Partial<INode> {
	const all = {
		authentication: authenticationOf(credentials),
		resource: 'object',
		operation,
		bucket: byName(BUCKET),
		options: {},
		...parameters,
	};
	return node(name, column, S3, all, credentials);
}

/** The choice of Authentication that goes with the first of these credentials. */
export function authenticationOf(credentials: object): string {
	const [type = ''] = Object.keys(credentials);
	return type.replace(/^amazonS3(.*)Api$/, '$1').replace(/^./, (c) => c.toLowerCase());
}

/** Nodes one after another, as a workflow. */
export function inARow(name: string, nodes: Partial<INode>[]): Workflow {
	const connections: Record<string, object> = {};
	nodes.slice(1).forEach((next, i) => {
		const from = nodes[i]?.name ?? '';
		connections[from] = { main: [[{ node: next.name, type: 'main', index: 0 }]] };
	});
	return { name, nodes, connections };
}

const start = node('When clicking “Execute workflow”', 0, 'n8n-nodes-base.manualTrigger', {});

/** Puts a small file, lists its prefix and gets it back; bucket and key come from expressions. */
export function sampleWorkflow(accessKeys: object, basicAuth: object): Workflow {
	const withKeys = { amazonS3AccessKeysApi: accessKeys };
	const withBasicAuth = { amazonS3BasicAuthApi: basicAuth };
	return inARow('Put, list and get', [
		start,
		{
			...node('Sample', 1, 'n8n-nodes-base.set', {
				mode: 'raw',
				jsonOutput: JSON.stringify({
					bucket: BUCKET,
					name: 'hello.txt',
					text: 'Hello from n8n, grüße 🪣',
				}),
				options: {},
			}),
			typeVersion: 3.4,
		},
		{
			...node('To File', 2, 'n8n-nodes-base.convertToFile', {
				operation: 'toText',
				sourceProperty: 'text',
				options: { fileName: '={{ $json.name }}' },
			}),
			typeVersion: 1.1,
		},
		objectNode(
			'Put',
			3,
			'put',
			{
				bucket: byName("={{ $('Sample').item.json.bucket }}"),
				key: '=samples/{{ $binary.data.fileName }}',
				source: 'binary',
				binaryProperty: 'data',
				options: { metadata: { entry: [{ name: 'made-by', value: 'npm start' }] } },
			},
			withKeys,
		),
		objectNode(
			'List',
			4,
			'list',
			{
				bucket: byName('={{ $json.bucket }}'),
				prefix: 'samples/',
				returnAll: true,
				output: 'items',
			},
			withBasicAuth,
		),
		objectNode(
			'Get',
			5,
			'get',
			{
				bucket: byName('={{ $json.bucket }}'),
				key: byKey('={{ $json.key }}'),
				as: 'file',
				binaryProperty: 'data',
			},
			withKeys,
		),
	]);
}

/** Puts a text as an object. */
const putText = (key: string, text: string, credentials: object) =>
	objectNode('Put', 1, 'put', { key, source: 'text', text }, credentials);

/** Makes a link to an object for an hour, and downloads it as anybody could who has the link. */
export function linkSample(accessKeys: object): Workflow {
	const credentials = { amazonS3AccessKeysApi: accessKeys };
	return inARow('Share by link', [
		start,
		putText('samples/report.txt', 'A report for people without keys', credentials),
		objectNode(
			'Make Link',
			2,
			'getPresignedUrl',
			{
				bucket: byName('={{ $json.bucket }}'),
				key: byKey('={{ $json.key }}'),
				method: 'GET',
				expiresIn: 3600,
			},
			credentials,
		),
		{
			...node('Download', 3, 'n8n-nodes-base.httpRequest', {
				url: '={{ $json.url }}',
				options: { response: { response: { responseFormat: 'text' } } },
			}),
			typeVersion: 4.2,
		},
	]);
}

/** Copies an object into the bucket of another connection. */
export function copySample(accessKeys: object, target: object): Workflow {
	const credentials = { amazonS3AccessKeysApi: accessKeys };
	return inARow('Copy to another connection', [
		start,
		putText('samples/original.txt', 'To be copied', credentials),
		objectNode(
			'Copy',
			2,
			'copy',
			{
				sourceBucket: byName('={{ $json.bucket }}'),
				sourceKey: byKey('={{ $json.key }}'),
				anotherConnection: true,
				targetAuthentication: 'accessKeys',
				bucket: byName(OTHER_BUCKET),
				key: '={{ $json.key }}',
			},
			{ ...credentials, amazonS3TargetAccessKeysApi: target },
		),
	]);
}
