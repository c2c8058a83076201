/** An ETag without the quotes that headers have around it, a weak one as it is; undefined if there is none. */
export function bareEtag(etag: string | undefined): string | undefined {
	if (etag?.startsWith('W/') === true) return etag;
	const bare = etag?.replace(/^"|"$/g, '');
	return bare === '' ? undefined : bare;
}

/** Whether an ETag without quotes may be the MD5 of all bytes: one of an object in parts has another form. */
export const isMd5 = (etag = ''): boolean => /^[0-9a-f]{32}$/.test(etag);

/**
 * An ETag as HTTP writes it in a condition on the source of a copy. AWS takes it with quotes and without, S3Proxy only
 * with them.
 * @param etag without quotes
 */
export const quotedEtag = (etag: string | undefined): string | undefined =>
	etag === undefined ? undefined : `"${etag}"`;

/**
 * The ETag that pins requests to one object; undefined for a weak one, such as `W/"1"`, which does not change with
 * every byte and which no If-Match meets.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
 */
export const strongEtag = (etag: string | undefined): string | undefined =>
	etag?.startsWith('W/') === true ? undefined : bareEtag(etag);
