/** Providers whose host names tell the region, as their documentation shows endpoints. */
const HOSTS: readonly RegExp[] = [
	/(?:^|\.)s3\.([a-z0-9-]+)\.backblazeb2\.com$/,
	/(?:^|\.)s3\.([a-z0-9-]+)\.scw\.cloud$/,
	/(?:^|\.)s3\.([a-z0-9-]+)\.(?:io|perf)\.cloud\.ovh\.(?:net|us)$/,
	/(?:^|\.)s3\.([a-z0-9-]+)\.wasabisys\.com$/,
	/(?:^|\.)([a-z0-9-]+)\.your-objectstorage\.com$/,
];
const R2 = /\.r2\.cloudflarestorage\.com$/;

/**
 * The region that an endpoint's host name tells; undefined for hosts that are not known to tell one.
 *
 * @see https://developers.cloudflare.com/r2/api/s3/api/
 */
export function regionOfHost(endpoint: string | undefined): string | undefined {
	if (endpoint === undefined) return undefined;
	const { hostname } = new URL(endpoint);
	if (R2.test(hostname)) return 'auto';
	for (const pattern of HOSTS) {
		const region = pattern.exec(hostname)?.[1];
		if (region !== undefined) return region;
	}
	return undefined;
}
