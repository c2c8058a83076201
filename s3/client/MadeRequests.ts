import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { readPage } from '../memory/PageBuffer';
import type { PageMemory } from '../memory/PageBuffer';
import { readBody } from '../http/readBody';

/** A request as the SDK has it. */
interface Request {
	method: string;
	protocol: string;
	hostname: string;
	port?: number | undefined;
	path: string;
	query?: object | undefined;
	headers: Record<string, string>;
	body?: unknown;
}

interface Answer {
	response: Response;
}

interface Response {
	statusCode: number;
	headers: Record<string, string>;
	body?: unknown;
}

/** What the SDK's middleware has chosen to sign a request with. */
export interface SignatureScheme {
	signer: {
		sign(request: Request, identity: object, properties: object): Promise<Request>;
		successHandler?(response: Response, properties: object): void;
	};
	/** As it was then; signers ask for the session that there is by themselves. */
	identity: object;
	httpAuthOption: { signingProperties?: object };
}

/** The SDK's, as far as it is needed here. */
interface Client {
	config: {
		protocol: {
			serializeRequest(operation: object, input: object, context: object): Promise<Request>;
			deserializeResponse(operation: object, context: object, response: Response): Promise<Output>;
		};
		requestHandler: { handle(request: Request, options: object): Promise<Answer> };
	};
}

/** A call by its S3 name. */
export interface NamedCall {
	name: string;
	input: Input;
}

/** The members on which it depends how a request is made. */
interface Input {
	Bucket?: string | undefined;
	Body?: unknown;
	Range?: string | undefined;
	ChecksumAlgorithm?: string | undefined;
	SSECustomerKey?: string | undefined;
}

/** A call whose request the SDK has made, right before it was signed. */
interface Made extends NamedCall {
	client: Client;
	request: Request;
	/** The SDK's schema of the operation. */
	operation: object;
	endpoint: object;
	scheme: SignatureScheme;
}

/** What the requests of one operation to one bucket have in common. */
interface Pattern extends Pick<Made, 'operation' | 'scheme'> {
	/** For the SDK's serializer: the configuration of the client, and where requests go. */
	context: object;
	/** Those that do not come from the input. */
	headers: Record<string, string>;
}

interface Output {
	$metadata: { attempts?: number };
}

/** What became of a request: read, or for the SDK to go on with as that of its first attempt. */
type Outcome = { output: Output } | { answer: Answer } | { error: unknown };

/**
 * Reads an answer that is no error by its status.
 * @param parse reads it as the SDK does
 * @returns undefined for one that takes the SDK's middleware
 */
type Read = (response: Response, parse: () => Promise<Output>) => Promise<Output | undefined>;

/** The operations of which there are many calls. */
const READ: Readonly<Partial<Record<string, Read>>> = {
	// What is no date in there the middleware would take out.
	GetObject: async ({ headers }, parse) =>
		headers.expires === undefined ? await parse() : undefined,
	ListObjectsV2: readListing,
	PutObject: readEmpty,
	UploadPart: readEmpty,
};

const INVOCATION = 'amz-sdk-invocation-id';
const LENGTH = 'content-length';
/** Patterns kept for a client; the one known for longest goes first. */
const MOST_PATTERNS = 100;

/**
 * The requests of the operations that are called often. The SDK's middleware takes longer to make one than
 * it takes to sign, send and read it, and comes to the same for all of one operation to one bucket but for
 * the input. So it makes the first; those after it are made from that and their input.
 */
export class MadeRequests {
	/** Another client, as for another region or with another session, has its own. */
	private readonly patterns = new WeakMap<Client, Map<string, Pattern>>();

	/** Whether the SDK has to show how a request is made. */
	wants(client: Client, call: NamedCall): boolean {
		return readerOf(call) !== undefined && this.patternOf(client, call) === undefined;
	}

	/** Takes from a request what those after it will have in common with it. */
	async learn({ client, request, operation, endpoint, scheme, name, input }: Made): Promise<void> {
		// A further attempt says so in a header.
		if (!this.wants(client, { name, input })) return;
		const context = { ...client.config, endpoint: () => Promise.resolve(endpoint) };
		const own = await client.config.protocol.serializeRequest(operation, input, context);
		if (!isSame(own, request)) return;
		const headers = Object.fromEntries(
			Object.entries(request.headers).filter(
				([field]) => field !== LENGTH && !Object.hasOwn(own.headers, field),
			),
		);
		const known = this.patterns.get(client) ?? new Map<string, Pattern>();
		this.patterns.set(client, known);
		known.set(patternName({ name, input }), { operation, scheme, context, headers });
		const [oldest] = known.keys();
		if (known.size > MOST_PATTERNS && oldest !== undefined) known.delete(oldest);
	}

	/**
	 * Sends a request that is like one before.
	 * @returns undefined where nothing was sent, as there was none
	 * @throws what the serializer and the identity throw
	 */
	async send(client: Client, call: NamedCall, options: object): Promise<Outcome | undefined> {
		const read = readerOf(call);
		const pattern = this.patternOf(client, call);
		if (pattern === undefined || read === undefined) return undefined;
		const { scheme, operation, context } = pattern;
		const { protocol, requestHandler } = client.config;
		const properties = { ...scheme.httpAuthOption.signingProperties };
		const request = await protocol.serializeRequest(operation, call.input, context);
		Object.assign(request.headers, pattern.headers, lengthOf(request), {
			[INVOCATION]: randomUUID(),
		});
		const signed = await scheme.signer.sign(request, scheme.identity, properties);
		try {
			const answer = await requestHandler.handle(signed, options);
			const { response } = answer;
			if (response.statusCode >= 300) return { answer };
			const parse = () => protocol.deserializeResponse(operation, context, response);
			const output = await read(response, parse);
			if (output === undefined) return { answer };
			// The SDK's clock goes by the server's.
			scheme.signer.successHandler?.(response, properties);
			output.$metadata.attempts = 1;
			return { output };
		} catch (error) {
			return { error };
		}
	}

	private patternOf(client: Client, call: NamedCall): Pattern | undefined {
		return this.patterns.get(client)?.get(patternName(call));
	}
}

/** Of a part of an object the checksum is not asked for; the name of a bucket has no space. */
const patternName = ({ name, input }: NamedCall): string =>
	`${name} ${input.Bucket ?? ''} ${String(input.Range === undefined)}`;

/** How the answer is read; undefined where the middleware does more for a call than for others. */
function readerOf({ name, input }: NamedCall): Read | undefined {
	const { Body: body, ChecksumAlgorithm: trailer, SSECustomerKey: key } = input;
	const inMemory = body === undefined || Buffer.isBuffer(body);
	return inMemory && trailer === undefined && key === undefined ? READ[name] : undefined;
}

/** Whether the middleware has left a request as it was serialized, but for further headers. */
const isSame = (own: Request, made: Request): boolean =>
	lineOf(own) === lineOf(made) &&
	Object.entries(own.headers).every(([field, value]) => made.headers[field] === value);

const lineOf = ({ method, protocol, hostname, port, path, query }: Request): string =>
	JSON.stringify([method, protocol, hostname, port, path, query]);

const lengthOf = ({ body }: Request): Record<string, string> =>
	Buffer.isBuffer(body) ? { [LENGTH]: String(body.length) } : {};

async function readListing(response: Response): Promise<Output | undefined> {
	const listing = await readPage(response.body as Readable | PageMemory);
	response.body = listing;
	const output = { listing, $metadata: {} };
	return listing.isListing() ? output : undefined;
}

/** With a body it may be an error all the same. */
async function readEmpty(
	response: Response,
	parse: () => Promise<Output>,
): Promise<Output | undefined> {
	const body = await readBody(response.body as Readable);
	response.body = body;
	return body.length === 0 ? await parse() : undefined;
}
