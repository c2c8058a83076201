import type { IncomingMessage } from 'node:http';
import { equal, identify } from './authentication';
import { discard, receive } from './content';
import type { Received } from './content';
import { Exchange } from './Exchange';
import type { S3Response } from './Exchange';
import type { Effect } from './faults';
import { readForm } from './formData';
import type { FormData } from './formData';
import { putObject } from './objects';
import { checkPolicy, requiredField } from './postPolicy';
import type { SizeRange } from './postPolicy';
import type { RequestRecord } from './RequestRecord';
import { accessDenied, invalidArgument, S3Error } from './S3Error';
import { ALGORITHM, hmac, signingKey } from './signature';
import { keyBytes } from './store';
import type { Store } from './store';
import { checkKeyLength } from './target';
import type { Target } from './target';
import type { User } from './users';
import { element, responseXml } from './xml';

/** A request with a form. */
interface IncomingForm {
	message: IncomingMessage;
	target: Target;
	record: RequestRecord;
	effects: readonly Effect[];
	/** The region that it has to be signed for. */
	region: string;
	settings: Exchange['settings'] & {
		store: Store;
		users: () => readonly User[];
		directory: string | undefined;
		skew: () => number;
	};
}

/**
 * Receives a form, up to its file, and checks who sends it and whether its policy allows it.
 * @throws S3Error
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export async function receiveForm(incoming: IncomingForm): Promise<Exchange> {
	const body: AsyncIterable<Buffer> = incoming.message.iterator({ destroyOnReturn: false });
	const chunks = body[Symbol.asyncIterator]();
	return await orRelease(chunks, exchangeOf(incoming, chunks));
}

/** Lets go of a body that is refused, so that the rest of it can be skipped. */
async function orRelease<Result>(
	chunks: AsyncIterator<Buffer>,
	work: Promise<Result>,
): Promise<Result> {
	try {
		return await work;
	} catch (error) {
		await chunks.return?.();
		throw error;
	}
}

async function exchangeOf(
	{ target, record, effects, region, settings }: IncomingForm,
	chunks: AsyncIterator<Buffer>,
): Promise<Exchange> {
	const { store, directory } = settings;
	const now = new Date(Date.now() + settings.skew());
	const form = await readForm(target.headers['content-type'], chunks);
	const fields = new Map(
		[...form.fields].map(([name, value]) => [name, value.replaceAll('${filename}', form.fileName)]),
	);
	requiredField(fields, 'key');
	const signed = signatureOf(fields, {
		users: settings.users(),
		region,
		now,
	});
	const range = checkPolicy(fields, target.bucket, now);
	const key = keyBytes(fields.get('key') ?? '');
	checkKeyLength(key);
	const count = (bytes: number) => (record.bytesReceived += bytes);
	record.user = signed.user.name;
	record.key = fields.get('key') ?? '';
	return new Exchange({
		method: target.method,
		store,
		user: signed.user,
		signedRegion: signed.region,
		bucketName: target.bucket,
		key,
		query: target.query,
		headers: headersOf(fields),
		effects,
		settings,
		receive: async () => await orRelease(chunks, receiveFile(form, range, directory, count)),
	});
}

/** @throws S3Error if the policy is not signed by someone who is known */
function signatureOf(fields: FormData['fields'], context: Parameters<typeof identify>[1]) {
	const policy = fields.get('policy');
	if (policy === undefined) throw accessDenied();
	if (requiredField(fields, 'x-amz-algorithm') !== ALGORITHM) {
		throw invalidArgument('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
	}
	const { user, scope, region } = identify(
		{
			credential: requiredField(fields, 'x-amz-credential'),
			date: requiredField(fields, 'x-amz-date'),
			token: fields.get('x-amz-security-token'),
			malformed: 'InvalidArgument',
		},
		context,
	);
	const expected = hmac(signingKey(user.secretAccessKey, scope), policy).toString('hex');
	if (equal(expected, requiredField(fields, 'x-amz-signature'))) return { user, region };
	throw new S3Error(
		403,
		'SignatureDoesNotMatch',
		'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
		{ fields: { AWSAccessKeyId: user.accessKeyId, StringToSign: policy } },
	);
}

/** The fields in the places of the headers of an upload. */
function headersOf(fields: FormData['fields']): Record<string, string> {
	return Object.fromEntries(
		[...fields].map(([name, value]) => [name === 'acl' ? 'x-amz-acl' : name, value]),
	);
}

async function receiveFile(
	{ file }: FormData,
	{ min, max }: SizeRange,
	directory: string | undefined,
	count: (bytes: number) => void,
): Promise<Received> {
	const expected = { headers: {}, trailers: new Map(), payload: 'UNSIGNED-PAYLOAD' };
	const received = await receive(counted(file, count), { ...expected, limit: max, directory });
	const { size } = received.content;
	if (size >= min) return received;
	discard(received.content);
	throw new S3Error(
		400,
		'EntityTooSmall',
		'Your proposed upload is smaller than the minimum allowed size',
		{ fields: { ProposedSize: String(size), MinSizeAllowed: String(min) } },
	);
}

async function* counted(
	body: AsyncIterable<Buffer>,
	count: (bytes: number) => void,
): AsyncGenerator<Buffer> {
	for await (const chunk of body) {
		count(chunk.length);
		yield chunk;
	}
}

/** Stores the file of a form, and responds as the form wishes. */
export async function postObject(exchange: Exchange): Promise<S3Response> {
	const { headers: sent, bucketName, keyText, key } = exchange;
	const { headers = {} } = await putObject(exchange);
	const { etag = '' } = headers;
	const redirect = sent.success_action_redirect;
	const location = `/${bucketName}/${encodeURIComponent(Buffer.from(key, 'latin1').toString())}`;
	if (redirect !== undefined && URL.canParse(redirect)) {
		const url = new URL(redirect);
		url.searchParams.set('bucket', bucketName);
		url.searchParams.set('key', keyText);
		url.searchParams.set('etag', etag);
		return { status: 303, headers: { ...headers, location: url.href } };
	}
	const status = Number(sent.success_action_status);
	if (status !== 201) return { status: status === 200 ? 200 : 204, headers };
	return {
		status,
		headers: { ...headers, location },
		xml: responseXml(
			'PostResponse',
			element('Location', location),
			element('Bucket', bucketName),
			element('Key', keyText),
			element('ETag', etag),
		),
	};
}
