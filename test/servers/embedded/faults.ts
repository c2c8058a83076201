import type { RequestRecord } from './RequestRecord';

/** What goes wrong, when a request meets a fault. */
export type Effect =
	/** Milliseconds before the request is worked on. */
	| { kind: 'latency'; ms: number }
	| {
			kind: 'answer';
			status: number;
			code?: string;
			message?: string;
			headers?: Record<string, string>;
			/** Instead of S3's error XML. */
			body?: string;
	  }
	/** The connection ends after so many bytes of the request's body, before any response. */
	| { kind: 'resetRequest'; afterBytes: number }
	/** The request takes effect, the connection ends without a response. */
	| { kind: 'loseAnswer' }
	/** The connection is reset after so many bytes of the response's body. */
	| { kind: 'resetAnswer'; afterBytes: number }
	/** The connection is closed in order after so many bytes, although more were announced. */
	| { kind: 'truncate'; afterBytes: number }
	/** One byte of the response's body is changed. */
	| { kind: 'corrupt'; offset: number }
	/** No response, ever. */
	| { kind: 'stall' }
	/** The response begins and stops after so many bytes of its body. */
	| { kind: 'stallAnswer'; afterBytes: number }
	| { kind: 'slow'; bytesPerSecond: number }
	/** The request takes effect, the response is an error with status 200. */
	| { kind: 'errorIn200'; code: string }
	/** DeleteObjects leaves these keys, and reports this error for each. */
	| { kind: 'refuseKeys'; keys: readonly string[]; code: string }
	/** DeleteObjects deletes these keys, and its response says nothing of them. */
	| { kind: 'omitKeys'; keys: readonly string[] }
	/** Error responses have no message, as those of radosgw. */
	| { kind: 'emptyMessage' };

export interface Fault {
	effect: Effect;
	/** e.g. `GetObject`; absent: any. */
	operation?: string;
	key?: string;
	when?: (request: RequestRecord) => boolean;
	/** Requests it spares first. */
	skip?: number;
	/** Requests it meets; absent: all. */
	times?: number;
}

/** The faults that are switched on. */
export class Faults {
	private faults: (Fault & { skip: number; times: number })[] = [];

	add(...faults: Fault[]): void {
		for (const fault of faults) this.faults.push({ skip: 0, times: Infinity, ...fault });
	}

	clear(): void {
		this.faults = [];
	}

	/** The effects that this request meets; each counts as used. */
	meet(request: RequestRecord): Effect[] {
		return this.faults.filter((fault) => meets(fault, request)).map(({ effect }) => effect);
	}
}

function meets(fault: Fault & { skip: number; times: number }, request: RequestRecord): boolean {
	if (fault.operation !== undefined && fault.operation !== request.operation) return false;
	if (fault.key !== undefined && fault.key !== request.key) return false;
	if (fault.when !== undefined && !fault.when(request)) return false;
	if (fault.skip > 0) {
		fault.skip -= 1;
		return false;
	}
	if (fault.times <= 0) return false;
	fault.times -= 1;
	return true;
}
