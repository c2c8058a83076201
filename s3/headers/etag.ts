/** An ETag without the quotes that headers have around it; undefined if there is none. */
export function bareEtag(etag: string | undefined): string | undefined {
	const bare = etag?.replace(/^"|"$/g, '');
	return bare === '' ? undefined : bare;
}
