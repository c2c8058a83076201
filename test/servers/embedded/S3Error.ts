/** The account that all users and buckets belong to. */
export const ACCOUNT = '111122223333';

/** An error response of S3. @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class S3Error extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly extra: {
			headers?: Record<string, string>;
			fields?: Record<string, string>;
		} = {},
	) {
		super(message);
	}
}

/** With words only for who is known. */
export const accessDenied = (user?: string, action?: string) =>
	new S3Error(
		403,
		'AccessDenied',
		user === undefined || action === undefined
			? 'Access Denied'
			: `User: arn:aws:iam::${ACCOUNT}:user/${user} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
	);

export const noSuchBucket = (bucket: string) =>
	new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', {
		fields: { BucketName: bucket },
	});
export const noSuchKey = (key: string, headers: Record<string, string> = {}) =>
	new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', {
		fields: { Key: key },
		headers,
	});
export const noSuchUpload = () =>
	new S3Error(
		404,
		'NoSuchUpload',
		'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
	);
export const invalidArgument = (message: string) => new S3Error(400, 'InvalidArgument', message);
export const malformedXml = () =>
	new S3Error(
		400,
		'MalformedXML',
		'The XML you provided was not well-formed or did not validate against our published schema',
	);
export const preconditionFailed = (condition: string) =>
	new S3Error(
		412,
		'PreconditionFailed',
		'At least one of the pre-conditions you specified did not hold',
		{ fields: { Condition: condition } },
	);
export const badDigest = (message: string, fields: Record<string, string> = {}) =>
	new S3Error(400, 'BadDigest', message, { fields });
export const invalidRequest = (message: string) => new S3Error(400, 'InvalidRequest', message);
export const notImplemented = (fields: Record<string, string> = {}) =>
	new S3Error(
		501,
		'NotImplemented',
		'A header you provided implies functionality that is not implemented',
		{ fields },
	);
