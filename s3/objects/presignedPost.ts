import { GiB } from '../bytes';
import type { Call } from '../Call';
import type { LinkTerms, OpenS3, PolicyCondition } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { headerValue } from '../headers/headerValue';
import { encodeMetadata } from '../headers/metadata';
import { checkReadOnly } from '../policy/readOnly';
import { S3Failure } from '../S3Failure';
import type { Link } from './presignedUrl';

/** What S3 replaces in every field by the name of the file that is uploaded. */
const FILE_NAME = '${filename}';
/** Bytes that S3 takes in one request. */
const MAX_SIZE = 5 * GiB;

/** A form by which others upload one file. */
export interface FormRequest extends LinkTerms {
	/** Whether `key` is only what the key begins with, and the name of the file follows. */
	readonly keyIsPrefix: boolean;
	/** Bytes; 0 unless given. */
	readonly minSize?: number | undefined;
	/** Bytes; 5 GiB, the most that S3 takes, unless given. */
	readonly maxSize?: number | undefined;
	/** The type of the file; with `/*` at its end any type that begins like it. */
	readonly contentType?: string | undefined;
	/** URL that the browser is sent to after the upload; without it S3 responds with XML and the status 201. */
	readonly successRedirect?: string | undefined;
	readonly metadata?: Record<string, string> | undefined;
}

/** A form as S3 takes it: the fields as they are, and after them the file, in a field of this name. */
export interface Form extends Omit<Link, 'headers'> {
	readonly fields: Record<string, string>;
	/** What the field `Content-Type` begins with, which whoever uploads adds; undefined if there is none to add. */
	readonly typePrefix: string | undefined;
}

/**
 * Signs a form, by which anyone can upload files until it expires, with the permissions of the connection.
 * @throws S3Failure, never with the form in it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html
 */
export async function presignedPost(s3: OpenS3, form: FormRequest, call: Call): Promise<Form> {
	const { bucket, expiresIn, publicEndpoint } = form;
	const key = keyOf(form);
	const range = sizeRange(form);
	const type = headerValue('Content Type', form.contentType);
	const typePrefix = /^(.*?)\*(?:\/\*)?$/.exec(type ?? '')?.[1];
	checkReadOnly(s3.connection, 'PutObject', { bucket, key });
	const signer = await s3.signerFor({ bucket, key, expiresIn, publicEndpoint }, call);
	const put = await signer.build('PutObject', {
		Bucket: bucket,
		Key: key,
		ContentType: typePrefix === undefined ? type : undefined,
		Metadata: encodeMetadata(form.metadata),
	});
	const given = { ...fieldsOf(put.headers), ...successField(form.successRedirect) };
	const conditions: PolicyCondition[] = [
		{ bucket },
		...Object.entries({ key, ...given }).map(([name, value]) => conditionOf(name, value)),
		...(typePrefix === undefined ? [] : [['starts-with', '$Content-Type', typePrefix] as const]),
		...range,
	];
	const proof = await signer.signForm(put, conditions);
	const { protocol, hostname, port, path } = await signer.build('HeadBucket', { Bucket: bucket });
	const { expiresAt, cappedBy, warnings } = signer;
	return {
		url: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`,
		fields: { key, ...given, ...proof },
		typePrefix,
		expiresAt,
		cappedBy,
		warnings,
	};
}

/** What a field has to be when S3 has put the name of the file in. */
function conditionOf(name: string, value: string): PolicyCondition {
	const at = value.indexOf(FILE_NAME);
	return at < 0 ? { [name]: value } : ['starts-with', `$${name}`, value.slice(0, at)];
}

/** @throws S3Failure of kind `invalid` for a key that a form cannot have */
function keyOf({ bucket, key, keyIsPrefix }: FormRequest): string {
	const about = { bucket, key };
	const begins = keyIsPrefix ? key.replace(/\$\{filename\}$/, '') : key;
	if (begins === '' && keyIsPrefix) {
		throw S3Failure.invalid(
			`The form for bucket “${bucket}” has no key prefix, so it could write every object`,
			'Enter what all keys of the form begin with, such as uploads/.',
			about,
		);
	}
	if (begins.includes(FILE_NAME)) {
		throw S3Failure.invalid(
			`The key of the form for ${nameOf(bucket, key)} contains ${FILE_NAME}`,
			'Enter what stands before the file name as Key Prefix; S3 puts the name of the file after it.',
			about,
		);
	}
	if (/[\r\n]/.test(begins)) {
		throw S3Failure.invalid(
			`The key of the form for ${nameOf(bucket, key)} contains a line break, which browsers change in forms`,
			'Use a key without line breaks.',
			about,
		);
	}
	return keyIsPrefix ? `${begins}${FILE_NAME}` : begins;
}

function sizeRange({ minSize, maxSize, bucket, key }: FormRequest): PolicyCondition[] {
	if (minSize === undefined && maxSize === undefined) return [];
	const [min, max] = [minSize ?? 0, maxSize ?? MAX_SIZE];
	const areBytes = Number.isInteger(min) && Number.isInteger(max);
	if (areBytes && min >= 0 && min <= max && max <= MAX_SIZE)
		return [['content-length-range', min, max]];
	throw S3Failure.invalid(
		`A form for ${nameOf(bucket, key)} cannot take files of ${min} to ${max} bytes`,
		'Set Min Size and Max Size to whole numbers of bytes, the smaller one first, up to 5,368,709,120 (5 GiB).',
		{ bucket, key },
	);
}

/** Headers of an upload as a form has them. */
function fieldsOf(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name === 'content-type' ? 'Content-Type' : name,
			value,
		]),
	);
}

function successField(redirect: string | undefined): Record<string, string> {
	if (redirect === undefined) return { success_action_status: '201' };
	if (/^https?:\/\//i.test(redirect) && URL.canParse(redirect)) {
		return { success_action_redirect: new URL(redirect).href };
	}
	throw S3Failure.invalid(
		'The Success Redirect of the form is not a URL that starts with https:// or http://',
		'Enter the whole URL of the page to show after an upload, or leave it empty.',
	);
}
