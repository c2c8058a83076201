/**
 * The only door to the AWS SDK. It is bundled and costs tens of milliseconds to load,
 * so everything else takes types from here and the values through `await import('./sdk')`.
 */
import { Readable } from 'node:stream';
import {
	AbortMultipartUploadCommand,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	GetObjectCommand,
	HeadObjectCommand,
	ListBucketsCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	ListPartsCommand,
	PutObjectCommand,
	S3Client,
	UploadPartCommand,
} from '@aws-sdk/client-s3';
import type {
	AbortMultipartUploadCommandInput,
	AbortMultipartUploadCommandOutput,
	CompleteMultipartUploadCommandInput,
	CompleteMultipartUploadCommandOutput,
	CreateMultipartUploadCommandInput,
	CreateMultipartUploadCommandOutput,
	GetObjectCommandInput,
	GetObjectCommandOutput,
	HeadObjectCommandInput,
	HeadObjectCommandOutput,
	ListBucketsCommandInput,
	ListBucketsCommandOutput,
	ListMultipartUploadsCommandInput,
	ListMultipartUploadsCommandOutput,
	ListObjectsV2CommandInput,
	ListPartsCommandInput,
	ListPartsCommandOutput,
	PutObjectCommandInput,
	PutObjectCommandOutput,
	UploadPartCommandInput,
	UploadPartCommandOutput,
} from '@aws-sdk/client-s3';
import { buildQueryString, HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/core/protocols';
import { operation as operationOf } from '@smithy/core/schema';
import { getSmithyContext, toEndpointV1 } from '@smithy/core/transport';
import { Hash } from '@smithy/hash-node';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import type { Destination } from './memory/BodyBuffer';
import type { DirectAnswer } from './http/range/RangeConnection';
import type { DirectConnections, DirectRequest } from './http/range/RangeConnectionPool';
import type { MadeRequests, NamedCall, SignatureScheme } from './client/MadeRequests';
import type { Pace } from './retry/RequestRate';
import type { PageMemory } from './memory/PageBuffer';

export {
	getProxyForUrl,
	Hash,
	HttpProxyAgent,
	HttpsProxyAgent,
	NodeHttpHandler,
	S3Client,
	SignatureV4,
};

export type {
	CompletedPart,
	CreateMultipartUploadCommandInput,
	GetObjectCommandInput,
	GetObjectCommandOutput,
	PutObjectCommandInput,
	S3ClientConfig,
	UploadPartCommandInput,
} from '@aws-sdk/client-s3';

/** A listing as it came, and how often it had to be asked for. */
export interface ListingOutput {
	/** XML in UTF-8; who has read it gives the memory back. */
	listing: PageMemory;
	$metadata: { attempts?: number | undefined };
}

/** Input and output of every S3 call that this package makes. */
export interface Calls {
	AbortMultipartUpload: {
		input: AbortMultipartUploadCommandInput;
		output: AbortMultipartUploadCommandOutput;
	};
	CompleteMultipartUpload: {
		input: CompleteMultipartUploadCommandInput;
		output: CompleteMultipartUploadCommandOutput;
	};
	CreateMultipartUpload: {
		input: CreateMultipartUploadCommandInput;
		output: CreateMultipartUploadCommandOutput;
	};
	GetObject: { input: GetObjectCommandInput; output: GetObjectCommandOutput };
	HeadObject: { input: HeadObjectCommandInput; output: HeadObjectCommandOutput };
	ListBuckets: { input: ListBucketsCommandInput; output: ListBucketsCommandOutput };
	ListMultipartUploads: {
		input: ListMultipartUploadsCommandInput;
		output: ListMultipartUploadsCommandOutput;
	};
	/** The answer as it came: the SDK spends several times as long on reading it as `listXml.ts`. */
	ListObjectsV2: { input: ListObjectsV2CommandInput; output: ListingOutput };
	ListParts: { input: ListPartsCommandInput; output: ListPartsCommandOutput };
	PutObject: { input: PutObjectCommandInput; output: PutObjectCommandOutput };
	UploadPart: { input: UploadPartCommandInput; output: UploadPartCommandOutput };
}

const commands = {
	AbortMultipartUpload: AbortMultipartUploadCommand,
	CompleteMultipartUpload: CompleteMultipartUploadCommand,
	CreateMultipartUpload: CreateMultipartUploadCommand,
	GetObject: GetObjectCommand,
	HeadObject: HeadObjectCommand,
	ListBuckets: ListBucketsCommand,
	ListMultipartUploads: ListMultipartUploadsCommand,
	ListObjectsV2: ListObjectsV2Command,
	ListParts: ListPartsCommand,
	PutObject: PutObjectCommand,
	UploadPart: UploadPartCommand,
};

/** Sends requests no faster than the pace of their connection, and tells it what became of them. */
export class PacedHttpHandler extends NodeHttpHandler {
	private pagesDirectly = true;

	constructor(
		options: ConstructorParameters<typeof NodeHttpHandler>[0],
		private readonly pace: Pace,
		/** The error for an answer that comes from a proxy and not from the server. */
		private readonly proxyRefusal: (
			url: string,
			status: number,
			headers: Record<string, string>,
		) => Error | undefined,
		private readonly direct: DirectConnections,
	) {
		super(options);
	}

	override async handle(...[request, options]: Sent): Promise<Answered> {
		const { destination, early } = (options ?? {}) as CallOptions;
		const outcome = early?.pop();
		if (outcome !== undefined) return answerOf(outcome);
		const direct = await this.requestDirectly(request, options);
		if (direct !== undefined) return direct;
		const answer = await this.request(request, options);
		if (destination !== undefined && answer.response.statusCode === 206) {
			await readInto(destination, answer.response.body as Readable);
			answer.response.body = nothing();
		}
		return answer;
	}

	private async request(...[request, options]: Sent): Promise<Answered> {
		const sentAt = await this.pace.turn(options?.abortSignal as AbortSignal | undefined);
		const answer = await super.handle(request, options);
		const { statusCode, headers } = answer.response;
		const { protocol, hostname, port } = request;
		const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
		const refusal = this.proxyRefusal(url, statusCode, headers);
		if (refusal !== undefined) {
			(answer.response.body as Readable).destroy();
			throw refusal;
		}
		this.heard(sentAt, answer.response);
		return answer;
	}

	/** Undefined where it takes a real HTTP client. */
	private async requestDirectly(...[request, options]: Sent): Promise<Answered | undefined> {
		const { abortSignal, asPage, destination } = (options ?? {}) as CallOptions;
		const send = asPage === true ? this.pageSender(request) : this.partSender(request, destination);
		// A turn is for one request.
		if (send === undefined) return undefined;
		const sentAt = await this.pace.turn(abortSignal);
		const answer = await send(abortSignal);
		// A server that has answered otherwise once would do so each time.
		if (asPage === true) this.pagesDirectly &&= answer !== undefined;
		if (answer === undefined) return undefined;
		this.heard(sentAt, answer);
		return { response: new HttpResponse({ body: nothing(), ...answer }) };
	}

	private pageSender(request: Sent[0]) {
		return this.pagesDirectly ? this.direct.pageSenderOf(withQuery(request)) : undefined;
	}

	private partSender(request: Sent[0], destination: Destination | undefined) {
		return destination && this.direct.partSenderOf(withQuery(request), destination);
	}

	private heard(sentAt: number, { statusCode, headers }: DirectAnswer): void {
		this.pace.heard(sentAt, statusCode, 1000 * (Number(headers['retry-after']) || 0));
	}
}

type Sent = Parameters<NodeHttpHandler['handle']>;
type Answered = Awaited<ReturnType<NodeHttpHandler['handle']>>;

function withQuery(request: Sent[0]): DirectRequest {
	const { method, protocol, hostname, port, headers } = request;
	const query = buildQueryString(request.query);
	const path = query === '' ? request.path : `${request.path}?${query}`;
	return { method, protocol, hostname, port, headers, path };
}

const nothing = (): Readable => Readable.from([]);

/** Reads the body of an answer into memory. */
async function readInto(destination: Destination, body: Readable): Promise<void> {
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			destination.filled += chunk.copy(destination.memory, destination.filled);
		}
	} catch (error) {
		destination.failure = error;
	}
}

/** What a call tells the HTTP handler; the SDK passes it on as it is. */
interface CallOptions {
	abortSignal?: AbortSignal;
	destination?: Destination;
	/** Whether the answer is to be read as a whole, as that of a listing is. */
	asPage?: boolean;
	/** The outcome of the first attempt, where it was made before the SDK heard of the call. */
	early?: Outcome[];
}

type Outcome = { answer: Answered } | { error: unknown };

function answerOf(outcome: Outcome): Answered {
	if ('error' in outcome) throw outcome.error as Error;
	return outcome.answer;
}

/** Sends one call by its S3 name; throws what the SDK throws. */
export async function sendCommand<Name extends keyof Calls>(
	client: S3Client,
	name: Name,
	input: Calls[Name]['input'],
	{ signal, destination, made }: SentWith,
): Promise<Calls[Name]['output']> {
	// One table entry fits one input; the compiler cannot follow that through the generic name.
	const Command = commands[name] as unknown as new (
		input: Calls[Name]['input'],
	) => GetObjectCommand;
	const options: CallOptions = {
		...(signal && { abortSignal: signal }),
		...(destination && { destination }),
		...(name === 'ListObjectsV2' && { asPage: true }),
	};
	const call = { name, input: input as NamedCall['input'] };
	const outcome = await made.send(client, call, options);
	if (outcome !== undefined && 'output' in outcome) return outcome.output;
	if (outcome !== undefined) options.early = [outcome];
	const command = new Command(input);
	if (made.wants(client, call)) teach(made, client, call, command);
	const output: unknown = await client.send(command, options);
	return output as Calls[Name]['output'];
}

/** What else a call is told. */
interface SentWith {
	signal: AbortSignal | undefined;
	destination?: Destination;
	/** The requests before it. */
	made: MadeRequests;
}

/** Shows how the SDK makes the request of a call. */
function teach(
	made: MadeRequests,
	client: S3Client,
	call: NamedCall,
	command: GetObjectCommand,
): void {
	const learn =
		<Args extends object, Result>(
			next: (args: Args) => Promise<Result>,
			context: Parameters<typeof getSmithyContext>[0],
		) =>
		async (args: Args): Promise<Result> => {
			const { request } = args as { request?: HttpRequest };
			const { endpointV2 } = context;
			const { operationSchema, selectedHttpAuthScheme } = getSmithyContext(context);
			// A directory bucket has keys of its own.
			if (request !== undefined && endpointV2 !== undefined && !('s3ExpressIdentity' in context)) {
				const [, namespace, operation, traits, ofInput, ofOutput] = operationSchema as Schema;
				await made.learn({
					...call,
					client,
					request,
					operation: operationOf(namespace, operation, traits, ofInput, ofOutput),
					endpoint: toEndpointV1(endpointV2),
					scheme: selectedHttpAuthScheme as SignatureScheme,
				});
			}
			return await next(args);
		};
	command.middlewareStack.addRelativeTo(learn, {
		name: 'teach',
		relation: 'before',
		toMiddleware: 'httpSigningMiddleware',
	});
}

/** Of an operation, as the SDK's tables have it. */
type Schema = [number, ...Parameters<typeof operationOf>];
