/**
 * Also the headers of AWS's JSON services, which some servers take over, but not those of its CDN; and those of Google
 * Cloud Storage, which names `text/html` as the type of what has no body.
 * @see https://cloud.google.com/storage/docs/xml-api/reference-headers
 */
const OF_S3 = /^x-(amz(?!-cf-)|goog-|guploader-)/;

/**
 * Whether a response has a header that S3 servers send and web servers do not.
 * @param headers names in lower case
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
 */
export const hasHeaderOfS3 = (headers: Readonly<Record<string, unknown>>): boolean =>
	Object.keys(headers).some((name) => OF_S3.test(name));
