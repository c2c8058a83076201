import { ChunkedBody } from './ChunkedBody';
import type { Destination } from '../../memory/BodyBuffer';
import type { DirectAnswer, DirectBody, TakeBody } from './RangeConnection';
import type { PageMemory } from '../../memory/PageBuffer';

/** Takes a part of an object, of known length, into the memory that is for it, and the bytes before a break. */
export function partInto(destination: Destination): TakeBody {
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

/** Takes any answer, of known length or in chunks. */
export function pageInto(page: PageMemory): TakeBody {
	return (answer) => {
		if (/^chunked$/i.test(answer.headers['transfer-encoding'] ?? '')) {
			return answer.headers['content-length'] === undefined ? new ChunkedBody(page) : undefined;
		}
		const length = lengthOf(answer);
		return length === undefined ? undefined : pageOfLength(page, length);
	};
}

function pageOfLength(page: PageMemory, length: number): DirectBody {
	let left = length;
	return {
		memory: () => page.room().subarray(0, left),
		arrived: (bytes) => {
			page.added(bytes);
			left -= bytes;
		},
		isComplete: () => left === 0,
		breakOff: () => false,
	};
}

/** Bytes of a body; undefined where that cannot be known from the head. */
function lengthOf({ headers }: DirectAnswer): number | undefined {
	const length = headers['content-length'] ?? '';
	const known = headers['transfer-encoding'] === undefined && /^\d{1,15}$/.test(length);
	return known ? Number(length) : undefined;
}
