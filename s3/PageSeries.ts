import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { readPage } from './PageMemory';
import type { PageMemory } from './PageMemory';

/** A request as the SDK has it. */
interface Request {
	query?: Query;
	headers: Record<string, string>;
}

type Query = Record<string, unknown>;

interface Answer {
	response: Response;
}

interface Response {
	statusCode: number;
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
		requestHandler: { handle(request: Request, options: object): Promise<Answer> };
	};
}

/** How the SDK has made the first request, right before it was signed. */
interface Made {
	client: object;
	request: Request;
	scheme: SignatureScheme;
}

/** The parameters in which requests for the pages of one listing differ. */
export interface PlaceInQuery {
	'start-after': string | undefined;
	'continuation-token': string | undefined;
	'max-keys': string;
}

/** A page as it came, sent for once. */
interface Page {
	listing: PageMemory;
	$metadata: { attempts: number };
}

/** What became of a request that brought no page. */
type Outcome = { answer: Answer } | { error: unknown };

const INVOCATION = 'amz-sdk-invocation-id';

/**
 * The requests for the pages of one listing. The SDK makes the first; those after it are the same but for
 * their place, and are signed and sent without its middleware, which would take them longer than the
 * page takes to be read.
 */
export class PageSeries {
	private made: Made | undefined;

	/** Another client, as for another region or with another session, makes its own. */
	learn({ client, request, scheme }: Made): void {
		if (this.made?.client === client) return;
		this.made = { client, scheme, request: { ...request, headers: { ...request.headers } } };
	}

	/**
	 * Sends a further request.
	 * @returns the page; any other outcome, for the SDK to go on with; undefined where nothing was sent,
	 * as this client has not made a request of this series yet
	 * @throws what the identity throws
	 */
	async send(
		client: Client,
		place: PlaceInQuery,
		options: object,
	): Promise<Page | Outcome | undefined> {
		if (this.made?.client !== client) return undefined;
		const { request, scheme } = this.made;
		const properties = { ...scheme.httpAuthOption.signingProperties };
		const next = {
			...request,
			query: withoutUndefined({ ...request.query, ...place }),
			headers: { ...request.headers, [INVOCATION]: randomUUID() },
		};
		const signed = await scheme.signer.sign(next, scheme.identity, properties);
		try {
			const answer = await client.config.requestHandler.handle(signed, options);
			const { response } = answer;
			if (response.statusCode >= 300) return { answer };
			const page = await readPage(response.body as Readable | PageMemory);
			response.body = page;
			if (!page.isListing()) return { answer };
			// The SDK's clock goes by the server's.
			scheme.signer.successHandler?.(response, properties);
			return { listing: page, $metadata: { attempts: 1 } };
		} catch (error) {
			return { error };
		}
	}
}

/** A parameter without a value would be sent by its name alone. */
const withoutUndefined = (query: Query): Query =>
	Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
