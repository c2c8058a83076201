import { TOLERATED_SKEW } from '../errors/clockSkew';
import type { S3Client } from '../sdk';

/** Dates that a server can have, in milliseconds since 1970: the clock of this machine may be off by decades. */
const FIRST = Date.UTC(2000);
const LAST = Date.UTC(2200);

/**
 * Makes the client correct its clock by no date that is impossible: what is signed for the year 275760 is no request
 * any more, so that no response could ever correct it again.
 */
export function plausibleClock(client: S3Client): void {
	let offset = client.config.systemClockOffset;
	Object.defineProperty(client.config, 'systemClockOffset', {
		get: () => offset,
		set: (next: number) => {
			const now = Date.now() + next;
			if (now >= FIRST && now < LAST) offset = next;
		},
	});
}

/**
 * Tells later whether a client has corrected its clock meanwhile, so that the next request will do better. The SDK says so
 * of every few milliseconds by which two responses differ.
 */
export function correctionOf({ config }: S3Client): () => boolean {
	const { systemClockOffset: before } = config;
	return () => Math.abs(config.systemClockOffset - before) > TOLERATED_SKEW;
}
