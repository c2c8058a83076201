/** Milliseconds; services refuse signatures that are further off, some of them earlier than others. */
export const TOLERATED_SKEW = 5 * 60_000;

/**
 * What a person has to know of a wrong clock.
 * @param offset milliseconds that the server's clock is ahead of ours
 */
export function clockWarning(offset: number): string {
	const minutes = Math.round(Math.abs(offset) / 60_000);
	const way = offset > 0 ? 'behind' : 'ahead of';
	return `The local clock is ${minutes} min ${way} the server’s: set the clock of the machine that n8n runs on (NTP).`;
}
