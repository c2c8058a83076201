import type { BodyBuffer } from '../../memory/BodyBuffer';
import type { TakeBody } from './RangeConnection';
import type { RangeResponse } from './RangeReader';

/** Takes a part of an object, of known length, into the memory that is for it, and the bytes before a break. */
export function partInto(destination: BodyBuffer): TakeBody {
	return (answer) => {
		const length = answer.statusCode === 206 ? lengthOf(answer) : undefined;
		if (length === undefined || length > destination.memory.length) return undefined;
		return {
			memory: () => destination.memory.subarray(destination.filled, length),
			arrived: (bytes) => {
				destination.filled += bytes;
			},
			isComplete: () => destination.filled === length,
			breakOff: (error) => {
				destination.failure = error;
				return true;
			},
		};
	};
}

/** Bytes of a body; undefined where that cannot be known from the head. */
function lengthOf({ headers }: RangeResponse): number | undefined {
	const length = headers['content-length'] ?? '';
	const known = headers['transfer-encoding'] === undefined && /^\d{1,15}$/.test(length);
	return known ? Number(length) : undefined;
}
