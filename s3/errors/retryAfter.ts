/**
 * Milliseconds that a server asks to wait before the next request; undefined if it does not say them in seconds.
 * @param header `Retry-After`
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export const retryAfterMs = (header: string | undefined): number | undefined =>
	header !== undefined && /^\d+$/.test(header) ? 1000 * Number(header) : undefined;
