import type { ServerResponse } from 'node:http';

/**
 * Calls back once, when the response has ended or its connection is closed, of which a response that is
 * being written is not always told on Node 20.
 * @returns what takes the call back off again
 */
export function whenClosed(response: ServerResponse, callback: () => void): () => void {
	const { socket } = response.req;
	const stop = () => {
		response.off('close', closed);
		socket.off('close', closed);
	};
	const closed = () => {
		stop();
		callback();
	};
	response.on('close', closed);
	socket.on('close', closed);
	return stop;
}
