import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { silence } from '../retry/bodyChunks';

/** What Node's agents have without documenting it, or with another type; agents of libraries rely on it. */
interface Hooks {
	/** Gives a request a socket, now or when there is one. */
	addRequest(request: ClientRequest, options: RequestOptions): void;
	/** Called with a socket that no request waits for; returns whether to keep it. */
	keepSocketAlive(socket: Duplex): boolean;
	/** Called with a socket that was kept, before a request gets it. */
	reuseSocket(socket: Duplex, request: ClientRequest): void;
}

/** A socket of an agent; Node notes on it the request that it was last given to. */
type AgentSocket = Duplex & { readonly _httpMessage?: ClientRequest | null };

/** Interim responses (1xx) to one request; servers send one or two. */
const MAX_INTERIM = 100;

/**
 * Milliseconds in which the whole head of a response has to come after its request was sent. A server that sends a byte
 * of it now and then is never silent.
 */
export const HEAD_TIMEOUT = 300_000;

type OnFree = (socket: Duplex, options: RequestOptions) => void;

/**
 * Makes an agent close a socket on which anything comes without a request: it would be taken for the response to
 * the next request, and each later response for that to the one after it. Before a socket is used again the event
 * loop polls it once more, so that also counts what has come while JavaScript was busy.
 *
 * A response that changes the protocol (101), for which no request asks, fails the request, and so do interim
 * responses without end and a head that comes in drops.
 *
 * If the agent has as many sockets as it may, it closes an unused one for a request to another server: Node would
 * let the request wait for the time for which unused ones are kept.
 * @param agent one of keep-alive that no request was given to yet
 * @param mayWait whether the agent can be given a request later than Node does it
 * @param headTimeout milliseconds for the head of a response
 * @see https://nodejs.org/api/http.html#agentkeepsocketalivesocket
 */
export function guarded<A extends Agent>(agent: A, mayWait = true, headTimeout = HEAD_TIMEOUT): A {
	const node = agent as unknown as Hooks;
	const addRequest = node.addRequest.bind(agent);
	const keepSocketAlive = node.keepSocketAlive.bind(agent);
	const reuseSocket = node.reuseSocket.bind(agent);
	const onFree = agent.listeners('free') as OnFree[];
	agent.removeAllListeners('free');
	agent.on('free', (socket: AgentSocket, options: RequestOptions) => {
		const free = () => {
			for (const listener of onFree) listener.call(agent, socket, options);
		};
		const isAwaited = agent.requests[agent.getName(options)] !== undefined;
		// A new one goes to its first request at once, which is told if it does not connect.
		if (isAwaited && socket._httpMessage) void awaitSurplus(socket).then(free);
		else free();
	});
	const hooks: Hooks = {
		addRequest: (request, options) => {
			request.once('upgrade', refuseUpgrade);
			limitInterim(request);
			limitHead(request, headTimeout);
			const add = () => {
				makeRoom(agent);
				addRequest(request, options);
			};
			if (mayWait && idleSockets(agent).length > 0) void polled().then(add);
			else add();
		},
		keepSocketAlive: (socket) => {
			watch(socket);
			return keepSocketAlive(socket);
		},
		reuseSocket: (socket, request) => {
			unwatch(socket);
			reuseSocket(socket, request);
		},
	};
	Object.assign(agent, hooks);
	return agent;
}

/** Resolves when the event loop has polled all sockets. It may be polling right now; between two turns it does so again. */
async function polled(): Promise<void> {
	await nextTurn();
	await nextTurn();
}

/** Closes a socket if there is anything on it after the response. */
async function awaitSurplus(socket: Duplex): Promise<void> {
	socket.on('error', ignore);
	watch(socket);
	await polled();
	unwatch(socket);
	socket.off('error', ignore);
}

const ignore = (): void => undefined;

function watch(socket: Duplex): void {
	socket.on('data', remove).on('end', remove).resume();
}

function unwatch(socket: Duplex): void {
	socket.off('data', remove).off('end', remove);
}

/** Fails a request whose response is 101: Node would close the connection and never end the request. */
function refuseUpgrade(this: ClientRequest, _: IncomingMessage, socket: Duplex): void {
	socket.destroy();
	const error = new Error('the server wants to speak another protocol');
	this.emit('error', Object.assign(error, { code: 'ProtocolSwitch' }));
}

/** Fails a request with interim responses without end: no timeout for silence would. */
function limitInterim(request: ClientRequest): void {
	let count = 0;
	request.on('information', () => {
		count += 1;
		if (count <= MAX_INTERIM) return;
		const error = new Error('the server sends interim responses without end');
		request.destroy(Object.assign(error, { code: 'EndlessInterim' }));
	});
}

/** Fails a request whose response has not begun in time, however much of its head has come. */
function limitHead(request: ClientRequest, timeout: number): void {
	let timer: NodeJS.Timeout | undefined;
	const stop = () => {
		clearTimeout(timer);
	};
	request
		.once('finish', () => {
			timer = setTimeout(() => request.destroy(silence()), timeout);
		})
		.once('response', stop)
		.once('close', stop);
}

/** Closes a socket and takes it from its agent at once. */
function remove(this: Duplex): void {
	this.destroy();
	this.emit('agentRemove');
}

const idleSockets = ({ freeSockets }: Agent): Duplex[] =>
	Object.values(freeSockets).flatMap((sockets) => sockets ?? []);

/** Closes an unused socket if there are as many as may be. */
function makeRoom(agent: Agent): void {
	const idle = idleSockets(agent);
	const used = Object.values(agent.sockets).flatMap((sockets) => sockets ?? []);
	const [unused] = idle;
	if (unused !== undefined && used.length + idle.length >= agent.maxTotalSockets) {
		remove.call(unused);
	}
}
