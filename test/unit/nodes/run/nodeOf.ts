import type {
	IExecuteFunctions,
	IGetNodeParameterOptions,
	INode,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/** What a node in a run has. */
export interface NodeSettings {
	/** Values by path, e.g. `options.concurrency`. */
	parameters?: Record<string, unknown>;
	/** Those that have another value for each item, by an expression. */
	parametersOfItem?: (index: number) => Record<string, unknown>;
	/** Input items; one unless given. */
	count?: number;
	/** Fields of the credential. */
	credential?: object;
	continues?: boolean;
	cancelled?: AbortSignal;
	/** How it was started; by a person unless given. */
	mode?: WorkflowExecuteMode;
}

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** A node in a run. */
export function nodeOf(settings: NodeSettings = {}) {
	const { parameters = {}, parametersOfItem, count = 1, credential = KEYS } = settings;
	const getNodeParameter = jest.fn(
		(name: string, index: number, fallback: unknown, options?: IGetNodeParameterOptions) => {
			const ofItem = parametersOfItem?.(index) ?? {};
			if (!(name in ofItem)) return parameters[name] ?? fallback;
			return options?.rawExpressions === true ? '={{ expression() }}' : ofItem[name];
		},
	);
	const getCredentials = jest.fn<Promise<object>, [type: string, index: number]>(() =>
		Promise.resolve(credential),
	);
	const addExecutionHints = jest.fn();
	const node = {
		getInputData: () => Array.from({ length: count }, (_, n) => ({ json: { n } })),
		getNodeParameter,
		getTimezone: () => 'UTC',
		getMode: () => settings.mode ?? 'manual',
		getNode: () => ({ name: 'Amazon S3', type: 'amazonS3' }) as INode,
		continueOnFail: () => settings.continues ?? false,
		getExecutionCancelSignal: () => settings.cancelled,
		getExecutionId: () => '7',
		getCredentials,
		addExecutionHints,
	};
	const run = node as unknown as IExecuteFunctions;
	return { node: run, getNodeParameter, getCredentials, addExecutionHints };
}
