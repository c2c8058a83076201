/** Also the headers of AWS's JSON services, which some servers take over, but not those of its CDN. */
const OF_S3 = /^x-amz(?!-cf-)/;

/**
 * Whether a response has a header that S3 servers send and web servers do not.
 * @param headers names in lower case
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
 */
export const hasHeaderOfS3 = (headers: Readonly<Record<string, unknown>>): boolean =>
	Object.keys(headers).some((name) => OF_S3.test(name));
