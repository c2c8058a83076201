import type { Call } from '../Call';
import type { BuiltRequest, LinkCap, LinkSigner, LinkTerms, OpenS3 } from '../client/S3';
import { attachment } from '../headers/contentDisposition';
import { customerKeyHeaders } from '../headers/customerKey';
import { headerValue } from '../headers/headerValue';
import { encodeMetadata } from '../headers/metadata';
import { requesterHeaders } from '../headers/requester';
import { permittedLife } from '../policy/linkLife';
import { checkReadOnly } from '../policy/readOnly';
import { S3Failure } from '../S3Failure';
import { headObject } from './headObject';

/** What every link is for. */
interface Target extends LinkTerms {
	readonly requestPayer?: boolean | undefined;
	/** 32 bytes in base64, for objects under a customer's own key; whoever uses the link has to send it. */
	readonly customerKey?: string | undefined;
}

export interface ReadLink extends Target {
	readonly method: 'GET' | 'HEAD';
	readonly versionId?: string | undefined;
	/** The name under which a browser saves the object; not together with `responseContentDisposition`. */
	readonly fileName?: string | undefined;
	readonly responseContentDisposition?: string | undefined;
	readonly responseContentType?: string | undefined;
	/** Look whether the object is there: to sign a link is no request. */
	readonly checkFirst?: boolean | undefined;
}

/** A link by which an object is stored. What is given here has to be sent exactly like this. */
export interface WriteLink extends Target {
	readonly method: 'PUT';
	readonly contentType?: string | undefined;
	/** Bytes. */
	readonly contentLength?: number | undefined;
	readonly metadata?: Record<string, string> | undefined;
}

export interface DeleteLink extends Target {
	readonly method: 'DELETE';
	readonly versionId?: string | undefined;
}

/** The call that a link is for. */
const CALL_OF = {
	GET: 'GetObject',
	HEAD: 'HeadObject',
	PUT: 'PutObject',
	DELETE: 'DeleteObject',
} as const;

type AnyLink = ReadLink | WriteLink | DeleteLink;

export interface Link {
	readonly url: string;
	/** Headers that have to be sent exactly like this, with names in lower case. */
	readonly headers: Record<string, string>;
	readonly expiresAt: Date;
	/** Why it ends earlier than asked; undefined if it does not. */
	readonly cappedBy: LinkCap | undefined;
	/** Sentences for people about what could make the link fail. */
	readonly warnings: readonly string[];
}

/**
 * Signs one request, which anyone can then send until it expires, as often as they like, with the permissions
 * of the connection.
 * @throws S3Failure, never with the link in it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 */
export async function presignedUrl(s3: OpenS3, link: AnyLink, call: Call): Promise<Link> {
	// What is refused is refused before any request, also one for a session or a region.
	permittedLife(s3.connection, link.expiresIn, link);
	checkReadOnly(s3.connection, CALL_OF[link.method], link);
	if ('checkFirst' in link && link.checkFirst === true) await headObject(s3, link, call);
	const signer = await s3.signerFor(link, call);
	const request = await requestOf(signer, link);
	const { expiresAt, cappedBy, warnings } = signer;
	const signed = await signer.presign(request);
	return { ...signed, expiresAt, cappedBy, warnings: [...warnings, ...pathWarning(link)] };
}

function requestOf(signer: LinkSigner, link: AnyLink): Promise<BuiltRequest> {
	const target = {
		Bucket: link.bucket,
		Key: link.key,
		...requesterHeaders({ requestPayer: link.requestPayer }),
	};
	const ownKey = customerKeyHeaders(link.customerKey);
	switch (link.method) {
		case 'GET':
			return signer.build('GetObject', { ...target, ...ownKey, ...readingOf(link) });
		case 'HEAD':
			return signer.build('HeadObject', { ...target, ...ownKey, ...readingOf(link) });
		case 'PUT':
			return signer.build('PutObject', {
				...target,
				...ownKey,
				ContentType: headerValue('Content Type', link.contentType),
				ContentLength: link.contentLength,
				Metadata: encodeMetadata(link.metadata),
			});
		case 'DELETE':
			return signer.build('DeleteObject', { ...target, VersionId: link.versionId });
	}
}

function readingOf(link: ReadLink) {
	const { fileName, responseContentDisposition: disposition } = link;
	if (fileName !== undefined && disposition !== undefined) {
		throw S3Failure.invalid(
			'A file name and a content disposition are given for the download',
			'Enter only one of them: the file name is put into a content disposition.',
		);
	}
	return {
		VersionId: link.versionId,
		ResponseContentDisposition:
			fileName === undefined
				? headerValue('Response Content Disposition', disposition)
				: attachment(fileName),
		ResponseContentType: headerValue('Response Content Type', link.responseContentType),
	};
}

/** @see https://url.spec.whatwg.org/#path-state */
function pathWarning({ bucket, key }: Target): string[] {
	if (!key.split('/').some((segment) => segment === '.' || segment === '..')) return [];
	return [
		`Browsers and most programs leave “.” and “..” out of a URL, so the link to “${key}” in bucket “${bucket}” does not work in them; curl needs --path-as-is.`,
	];
}
