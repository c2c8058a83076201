/** Runs real workflows on the engine of n8n, in this process, without its server and database. */
import { n8nFolder } from './n8nFolder';

import { rm } from 'node:fs/promises';

import { Container } from '@n8n/di';
import {
	BinaryDataConfig,
	BinaryDataService,
	ExecuteContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	PollContext,
	TriggerContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	createRunExecutionData,
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
	type ExecutionError,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type ICredentialType,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IPollFunctions,
	type IRun,
	type ITriggerFunctions,
	type IWorkflowExecuteAdditionalData,
	type NodeExecutionHint,
	type OnError,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { AmazonS3AccessKeysApi } from '../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3AmbientApi } from '../../credentials/AmazonS3AmbientApi.credentials';
import { AmazonS3BasicAuthApi } from '../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../credentials/AmazonS3RolesAnywhereApi.credentials';
import { AmazonS3TargetAccessKeysApi } from '../../credentials/AmazonS3TargetAccessKeysApi.credentials';
import { AmazonS3TargetAmbientApi } from '../../credentials/AmazonS3TargetAmbientApi.credentials';
import { AmazonS3TargetBasicAuthApi } from '../../credentials/AmazonS3TargetBasicAuthApi.credentials';
import { AmazonS3TargetRolesAnywhereApi } from '../../credentials/AmazonS3TargetRolesAnywhereApi.credentials';
import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { AmazonS3Trigger } from '../../nodes/AmazonS3Trigger/AmazonS3Trigger.node';
import { credentialTypeOf } from '../../nodes/connection/authentication';
import { checkCalls, withCalls } from './checkCalls';
import { checkOutput } from './checkOutput';

/** The fields of a credential; access keys unless a test says otherwise. */
export type Credential = ICredentialDataDecryptedObject & {
	endpoint: string;
	accessKeyId: string;
	secretAccessKey: string;
};

/** What n8n-core needs besides the nodes. */
export interface RunSettings {
	items?: INodeExecutionData[];
	parameters: INodeParameters;
	/** Its fields may hold expressions. */
	credential: Credential | (() => Credential);
	/** That of the connection that objects are copied to. */
	targetCredential?: Credential;
	/** Told whenever the node has n8n read the credential. */
	onCredentialRead?: () => void;
	onError?: OnError;
	/** Told the moment the workflow runs, with a way to cancel it as n8n's stop button does. */
	onStart?: (cancel: () => void) => void;
	timezone?: string;
	/** The node that is run; ours unless a test makes one. */
	nodeType?: INodeType;
}

/** What came out of the S3 node. */
export interface RunResult {
	status: IRun['status'];
	/** Items by output; with an error output that is the second one. */
	outputs: INodeExecutionData[][];
	error: ExecutionError | undefined;
	hints: NodeExecutionHint[];
	executionTime: number;
}

const credentialTypes: Record<string, ICredentialType> = {
	amazonS3AccessKeysApi: new AmazonS3AccessKeysApi(),
	amazonS3AmbientApi: new AmazonS3AmbientApi(),
	amazonS3BasicAuthApi: new AmazonS3BasicAuthApi(),
	amazonS3RolesAnywhereApi: new AmazonS3RolesAnywhereApi(),
	amazonS3TargetAccessKeysApi: new AmazonS3TargetAccessKeysApi(),
	amazonS3TargetAmbientApi: new AmazonS3TargetAmbientApi(),
	amazonS3TargetBasicAuthApi: new AmazonS3TargetBasicAuthApi(),
	amazonS3TargetRolesAnywhereApi: new AmazonS3TargetRolesAnywhereApi(),
};

const defaults = { typeVersion: 1, position: [0, 0] as [number, number] };

/** Where n8n keeps the files of an execution. */
export type BinaryMode = 'filesystem' | 'default' | 'database';

/** Starts n8n's store for files in a mode; without it nothing can be run. */
export async function startBinaryStore(mode: BinaryMode): Promise<void> {
	Container.get(BinaryDataConfig).mode = mode;
	const service = Container.get(BinaryDataService);
	await service.init();
	if (mode === 'database') service.setManager('database', wholeFileStore());
}

/** Keeps each file as one buffer, as the database of n8n does. */
function wholeFileStore(): Parameters<BinaryDataService['setManager']>[1] {
	const files = new Map<string, { content: Buffer; fileName?: string; mimeType?: string }>();
	const read = (id: string) => {
		const file = files.get(id);
		if (file === undefined) throw new Error(`no file ${id}`);
		return file;
	};
	const manager = {
		init: async () => await Promise.resolve(),
		store: async (_location: unknown, body: Buffer | AsyncIterable<Buffer>, about: object) => {
			const chunks: Buffer[] = [];
			if (Buffer.isBuffer(body)) chunks.push(body);
			else for await (const chunk of body) chunks.push(chunk);
			const content = Buffer.concat(chunks);
			const fileId = `file-${files.size}`;
			files.set(fileId, { ...about, content });
			return { fileId, fileSize: content.length };
		},
		getAsBuffer: async (id: string) => await Promise.resolve(read(id).content),
		getAsStream: async (id: string) => {
			const { Readable } = await import('node:stream');
			return Readable.from([read(id).content], { objectMode: false });
		},
		getMetadata: async (id: string) => {
			const { content, ...about } = read(id);
			return await Promise.resolve({ ...about, fileSize: content.length });
		},
	};
	return manager as unknown as Parameters<BinaryDataService['setManager']>[1];
}

/** Deletes what n8n-core wrote. */
export async function removeBinaryStore(): Promise<void> {
	await rm(n8nFolder, { recursive: true, force: true });
}

/** A file in n8n's store, as a node before ours would hand it on. */
export async function storedFile(
	content: Buffer,
	{ fileName = 'file.bin', mimeType = 'application/octet-stream' } = {},
): Promise<IBinaryData> {
	return await Container.get(BinaryDataService).store(
		{ type: 'execution', workflowId: 'workflow', executionId: 'before' },
		content,
		{ data: '', fileName, mimeType },
	);
}

/** The bytes of a file that a node put into n8n's store. */
export async function contentOf(file: IBinaryData | undefined): Promise<Buffer> {
	if (file === undefined) throw new Error('there is no file');
	return await Container.get(BinaryDataService).getAsBuffer(file);
}

/**
 * Runs a workflow of a node that makes the items and the S3 node, and gives what came out of it.
 *
 * @throws Error if an item of our node is not as its operation declares its output, or if the node makes an S3
 * call that its operation does not declare
 */
export async function runNode(settings: RunSettings): Promise<RunResult> {
	const items = settings.items ?? [{ json: {} }];
	const workflow = workflowOf(settings, nodeTypesWith(items, settings.nodeType));
	const additionalData = additionalDataFor(settings);
	const execute = new WorkflowExecute(additionalData, 'manual');
	const { result: run, calls } = await withCalls(async () => {
		const running = execute.run({ workflow, startNode: nodeIn(workflow, 'Items') });
		settings.onStart?.(() => running.cancel());
		return await running;
	});
	const task = run.data.resultData.runData['Amazon S3']?.[0];
	const outputs = (task?.data?.main ?? []).map((output) => output ?? []);
	// When a node that is set to continue has thrown, n8n hands on its input.
	const { parameters } = nodeIn(workflow, 'Amazon S3');
	if (task?.error === undefined && settings.nodeType === undefined) {
		checkOutput(parameters, outputs);
	}
	if (settings.nodeType === undefined) checkCalls(parameters, calls);
	return {
		status: run.status,
		outputs,
		error: task?.error ?? run.data.resultData.error,
		hints: task?.hints ?? [],
		executionTime: task?.executionTime ?? 0,
	};
}

/** What a picker of the node lists for parameters that are set so far. */
export async function runPicker(
	method: 'searchBuckets' | 'searchKeys' | 'searchSourceKeys' | 'searchTargetBuckets',
	settings: Pick<RunSettings, 'parameters' | 'credential' | 'targetCredential'>,
	filter?: string,
	paginationToken?: string,
) {
	const workflow = workflowOf({ ...settings, items: [] }, nodeTypesWith([]));
	const node = nodeIn(workflow, 'Amazon S3');
	const additionalData = additionalDataFor(settings);
	additionalData.currentNodeParameters = node.parameters;
	const context = new LoadOptionsContext(workflow, node, additionalData, '');
	const { listSearch } = new AmazonS3().methods;
	return await listSearch[method].call(
		context as unknown as ILoadOptionsFunctions,
		filter,
		paginationToken,
	);
}

/** How a poll is made: by a test in the editor, at activation, or later. */
export interface PollSettings {
	mode?: WorkflowExecuteMode;
	activation?: WorkflowActivateMode;
	/** Milliseconds that n8n gives the poll; undefined is an n8n that does not say. */
	budgetMs?: number | undefined;
	/** What the node remembers, if it is not in the workflow. */
	staticData?: IDataObject;
}

/** What n8n's server does for a trigger. */
export interface TriggerListener {
	readonly emit: ITriggerFunctions['emit'];
	/** `activate` unless given. */
	readonly activation?: WorkflowActivateMode;
	readonly saveFailedExecution?: ITriggerFunctions['saveFailedExecution'];
}

/**
 * A workflow whose trigger polls.
 *
 * @param stored what n8n has stored of it
 * @param id with another one it is as in another process: nothing is known of it but what is stored
 */
export function pollingWorkflow(
	{ parameters, credential }: Pick<RunSettings, 'parameters' | 'credential'>,
	stored: IDataObject = {},
	id = 'workflow',
) {
	const node: INode = {
		...defaults,
		id: 'trigger',
		name: 'Amazon S3 Trigger',
		type: 'amazonS3Trigger',
		parameters,
		credentials: { amazonS3AccessKeysApi: { id: '1', name: 'the credential' } },
	};
	const type = new AmazonS3Trigger();
	const nodeTypes: INodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		id,
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes,
		staticData: stored,
	});
	return {
		workflow,
		/** The items of one poll; null if nothing has appeared. */
		poll: async ({
			mode = 'trigger',
			activation = 'update',
			budgetMs,
			staticData,
		}: PollSettings = {}): Promise<IDataObject[] | null> => {
			const context = new PollContext(
				workflow,
				node,
				additionalDataFor({ credential }),
				mode,
				activation,
			);
			Object.assign(context, {
				getPollBudgetMs: budgetMs === undefined ? undefined : () => budgetMs,
				...(staticData && { getWorkflowStaticData: () => staticData }),
			});
			const found = await type.poll.call(context as unknown as IPollFunctions);
			return found === null ? null : found.flat().map(({ json }) => json);
		},
		/** What stands under the name of the node on the canvas. */
		subtitle: () =>
			workflow.expression.getSimpleParameterValue(
				node,
				type.description.subtitle ?? '',
				'internal',
				{},
			),
		/** What the form says of requests in the editor, also before a credential is chosen. */
		requestsNotice: async (hasCredential: boolean) => {
			const data = additionalDataFor({ credential });
			// n8n adds this parameter to every node that polls.
			const pollTimes = parameters.pollTimes;
			data.currentNodeParameters = { ...node.parameters, ...(pollTimes && { pollTimes }) };
			const shown = hasCredential ? node : { ...node, credentials: {} };
			const context = new LoadOptionsContext(workflow, shown, data, 'parameters.requests');
			return await type.methods.resourceMapping.estimateRequests.call(
				context as unknown as ILoadOptionsFunctions,
			);
		},
		/** Activates the workflow: what its trigger tells n8n goes to the test. */
		trigger: async ({ emit, saveFailedExecution, activation = 'activate' }: TriggerListener) => {
			const data = additionalDataFor({ credential });
			const context = new TriggerContext(workflow, node, data, 'trigger', activation, emit);
			Object.assign(context, { saveFailedExecution });
			// As in versions of n8n that do not have it.
			if (saveFailedExecution === undefined) Reflect.deleteProperty(context, 'saveFailedExecution');
			return await type.trigger.call(context as unknown as ITriggerFunctions);
		},
	};
}

/** Sends a request as n8n's HTTP Request node does when a credential is chosen in it. */
export async function requestWithCredential(
	helper: 'requestWithAuthentication' | 'httpRequestWithAuthentication',
	credential: Credential,
	request: IDataObject,
	authentication = 'accessKeys',
): Promise<unknown> {
	const settings = { parameters: { authentication }, credential };
	const workflow = workflowOf(settings, nodeTypesWith([]));
	const context = new ExecuteContext(
		workflow,
		nodeIn(workflow, 'Amazon S3'),
		additionalDataFor(settings),
		'manual',
		createRunExecutionData(),
		0,
		[],
		{ main: [[]] },
		{ node: nodeIn(workflow, 'Amazon S3'), data: { main: [[]] }, source: null },
		[],
	);
	const send = context.helpers[helper] as unknown as (
		this: ExecuteContext,
		type: string,
		request: IDataObject,
	) => Promise<unknown>;
	return await send.call(context, credentialTypeOf(authentication, 'source').name, request);
}

function nodeIn(workflow: Workflow, name: string): INode {
	const node = workflow.getNode(name);
	if (node === null) throw new Error(`there is no node ${name}`);
	return node;
}

function workflowOf(
	{ parameters, targetCredential, onError, timezone }: RunSettings,
	nodeTypes: INodeTypes,
): Workflow {
	const { name: type } = credentialTypeOf(parameters.authentication, 'source');
	const { name: target } = credentialTypeOf(parameters.targetAuthentication, 'target');
	const node: INode = {
		...defaults,
		id: 's3',
		name: 'Amazon S3',
		type: 'amazonS3',
		parameters,
		credentials: {
			[type]: { id: '1', name: 'the credential' },
			...(targetCredential && { [target]: { id: '2', name: 'the other credential' } }),
		},
		...(onError === undefined ? {} : { onError }),
	};
	const source: INode = { ...defaults, id: 'items', name: 'Items', type: 'items', parameters: {} };
	return new Workflow({
		id: 'workflow',
		nodes: [source, node],
		connections: {
			Items: { main: [[{ node: 'Amazon S3', type: NodeConnectionTypes.Main, index: 0 }]] },
		},
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1', ...(timezone === undefined ? {} : { timezone }) },
	});
}

function nodeTypesWith(
	items: INodeExecutionData[],
	amazonS3: INodeType = new AmazonS3(),
): INodeTypes {
	const source: INodeType = {
		description: {
			displayName: 'Items',
			name: 'items',
			group: ['trigger'],
			version: 1,
			description: 'Makes the items of the test',
			defaults: { name: 'Items' },
			inputs: [],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		execute: async () => await Promise.resolve([items]),
	};
	const types: Record<string, INodeType> = { items: source, amazonS3 };
	const find = (name: string) => {
		const type = types[name];
		if (type === undefined) throw new Error(`no node type ${name}`);
		return type;
	};
	return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) };
}

type CredentialSettings = Pick<RunSettings, 'credential' | 'targetCredential' | 'onCredentialRead'>;

function additionalDataFor(settings: CredentialSettings): IWorkflowExecuteAdditionalData {
	const hooks = new ExecutionLifecycleHooks('manual', 'execution', {
		id: 'workflow',
		name: 'workflow',
	} as never);
	return {
		credentialsHelper: credentialsHelperFor(settings),
		hooks,
		executionId: 'execution',
		currentNodeExecutionIndex: 0,
		...Object.fromEntries(urls.map((url) => [url, 'http://n8n.test'])),
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

/** Addresses of an n8n server that expressions can name. */
const urls = ['restApiUrl', 'instanceBaseUrl', 'webhookWaitingBaseUrl', 'formWaitingBaseUrl'];

/** What n8n's server does with stored credentials, without the storing. */
function credentialsHelperFor({
	credential,
	targetCredential,
	onCredentialRead,
}: CredentialSettings): ICredentialsHelper {
	const helper: Partial<ICredentialsHelper> = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getDecrypted: async (_data, _details, type, mode, execute, _raw, values) => {
			onCredentialRead?.();
			const own = typeof credential === 'function' ? credential() : credential;
			const stored = type.startsWith('amazonS3Target') ? (targetCredential ?? own) : own;
			const fields = withDefaults(type, stored);
			if (values === undefined) return await Promise.resolve(fields);
			const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
			return workflow.expression.getParameterValue(
				fields as INodeParameters,
				runExecutionData,
				runIndex,
				itemIndex,
				node.name,
				connectionInputData,
				mode,
				{},
				execute,
			) as ICredentialDataDecryptedObject;
		},
		authenticate: async (fields, typeName, request) => {
			const type = credentialTypes[typeName];
			if (typeof type?.authenticate !== 'function') throw new Error(`no credential ${typeName}`);
			return await type.authenticate(fields, request as never);
		},
		preAuthentication: async () => await Promise.resolve(undefined),
	};
	return helper as ICredentialsHelper;
}

/** The fields that a credential has now, as n8n finds them before it works expressions out. */
function withDefaults(type: string, stored: Credential): ICredentialDataDecryptedObject {
	const { properties } = credentialTypes[type] ?? { properties: [] };
	const fields = stored as INodeParameters;
	const shown = NodeHelpers.getNodeParameters(properties, fields, true, false, null, null);
	return (shown ?? {}) as ICredentialDataDecryptedObject;
}
