import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { respond } from '../faults';
import type { Fault, Outgoing } from '../faults';
import { listen } from '../listen';

/** Keys that were lent, as an S3 server has to know them. */
export interface LentKeys {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
	readonly expires: Date;
}

export interface LenderOptions {
	readonly onSession?: (lent: LentKeys) => void;
	/** Milliseconds since 1970 by the service's clock. */
	readonly clock?: () => number;
	/** Seconds that keys are valid. */
	readonly lifetime?: number;
}

/** A request as it came. */
interface Received {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
}

/** A service of a machine that lends the keys of its role. */
export interface Lender {
	/** Scheme, host and port. */
	readonly endpoint: string;
	readonly requests: readonly Received[];
	readonly lent: readonly LentKeys[];
	/** For the next requests, one each. */
	readonly faults: Fault[];
	readonly maxInflight: number;
	stop(): Promise<void>;
}

/** What a service answers; `lend` makes new keys. */
export type Answer = (request: Received, lend: () => LentKeys) => Outgoing;

/** Starts a service on loopback. */
export async function startLender(options: LenderOptions, answer: Answer): Promise<Lender> {
	const { clock = Date.now, lifetime = 3600, onSession } = options;
	const requests: Received[] = [];
	const lent: LentKeys[] = [];
	const faults: Fault[] = [];
	let inflight = 0;
	let maxInflight = 0;
	const lend = (): LentKeys => {
		const keys = {
			accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
			secretAccessKey: randomBytes(30).toString('base64'),
			sessionToken: randomBytes(96).toString('base64'),
			expires: new Date(Math.floor(clock() / 1000 + lifetime) * 1000),
		};
		lent.push(keys);
		onSession?.(keys);
		return keys;
	};
	const handle = async (message: IncomingMessage, response: ServerResponse) => {
		inflight += 1;
		maxInflight = Math.max(maxInflight, inflight);
		const { method = '', url: path = '', headers } = message;
		const received = { method, path, headers };
		requests.push(received);
		const date = new Date(clock()).toUTCString();
		const outgoing = answer(received, lend);
		const dated = { ...outgoing, headers: { date, ...outgoing.headers } };
		await respond(response, dated, faults.shift());
		inflight -= 1;
	};
	const { endpoint, stop } = await listen(handle, undefined);
	return {
		endpoint,
		requests,
		lent,
		faults,
		get maxInflight() {
			return maxInflight;
		},
		stop,
	};
}

/** A response in JSON. */
export const json = (status: number, body: object): Outgoing => ({
	status,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});

/** A response in plain text. */
export const plain = (status: number, body: string): Outgoing => ({
	status,
	headers: { 'content-type': 'text/plain' },
	body,
});

/** Keys as the services of machines write them. */
export const written = ({ accessKeyId, secretAccessKey, sessionToken, expires }: LentKeys) => ({
	AccessKeyId: accessKeyId,
	SecretAccessKey: secretAccessKey,
	Token: sessionToken,
	Expiration: expires.toISOString().replace('.000', ''),
});
