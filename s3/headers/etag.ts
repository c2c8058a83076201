/** An ETag without the quotes that it travels in; undefined where there is none. */
export function bareEtag(etag: string | undefined): string | undefined {
	const bare = etag?.replace(/^"|"$/g, '');
	return bare === '' ? undefined : bare;
}
