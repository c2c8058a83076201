import { invalidRequest, S3Error } from './S3Error';

/** The fields of a form before its file, by their names in lower case, and the file. */
export interface FormData {
	fields: ReadonlyMap<string, string>;
	fileName: string;
	file: AsyncIterable<Buffer>;
}

/** Bytes of the fields before the file. @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html */
const MAX_FIELDS = 20 * 1024;

const malformed = () =>
	new S3Error(
		400,
		'MalformedPOSTRequest',
		'The body of your POST request is not well-formed multipart/form-data.',
	);

/**
 * Reads the fields of a form as far as its file, which streams.
 * @throws S3Error if the body is no form, or has no file
 * @see https://www.rfc-editor.org/rfc/rfc7578
 */
export async function readForm(
	contentType: string | undefined,
	chunks: AsyncIterator<Buffer>,
): Promise<FormData> {
	const [, boundary] =
		/^multipart\/form-data; *boundary="?([^";]+)"?$/i.exec(contentType ?? '') ?? [];
	if (boundary === undefined) {
		throw new S3Error(
			412,
			'PreconditionFailed',
			'Bucket POST must be of the enclosure-type multipart/form-data',
		);
	}
	const reader = new Reader(chunks);
	const delimiter = Buffer.from(`\r\n--${boundary}`);
	const fields = new Map<string, string>();
	await reader.until(delimiter);
	while ((await reader.until(Buffer.from('\r\n'))).toString() !== '--') {
		const head = (await reader.until(Buffer.from('\r\n\r\n'))).toString();
		const [, name = ''] = /\bname="([^"]*)"/i.exec(head) ?? [];
		const [, fileName = ''] = /\bfilename="([^"]*)"/i.exec(head) ?? [];
		if (name.toLowerCase() === 'file') return { fields, fileName, file: reader.stream(delimiter) };
		fields.set(name.toLowerCase(), (await reader.until(delimiter)).toString());
	}
	throw invalidRequest('POST requires exactly one file upload per request.');
}

/** Reads a stream up to sequences of bytes. */
class Reader {
	private rest = Buffer.from('\r\n');
	private taken = 0;

	constructor(private readonly chunks: AsyncIterator<Buffer>) {}

	/** The bytes before a sequence, which is skipped. */
	async until(sequence: Buffer): Promise<Buffer> {
		let at = this.rest.indexOf(sequence);
		while (at === -1) {
			if (this.taken + this.rest.length > MAX_FIELDS) throw fieldsTooLarge();
			if (!(await this.readMore())) {
				// The last line may end without a line break.
				if (this.rest.toString() === '--') return this.rest;
				throw malformed();
			}
			at = this.rest.indexOf(sequence);
		}
		const found = this.rest.subarray(0, at);
		this.rest = this.rest.subarray(at + sequence.length);
		this.taken += at + sequence.length;
		if (this.taken > MAX_FIELDS) throw fieldsTooLarge();
		return found;
	}

	/** The same for bytes that may be many. */
	async *stream(sequence: Buffer): AsyncGenerator<Buffer> {
		for (;;) {
			const at = this.rest.indexOf(sequence);
			const safe = at === -1 ? Math.max(0, this.rest.length - sequence.length + 1) : at;
			if (safe > 0) yield this.rest.subarray(0, safe);
			this.rest = this.rest.subarray(at === -1 ? safe : at + sequence.length);
			if (at !== -1) break;
			if (!(await this.readMore())) throw malformed();
		}
		// What follows the file is ignored.
		while (await this.readMore()) this.rest = Buffer.alloc(0);
	}

	private async readMore(): Promise<boolean> {
		const next = await this.chunks.next();
		if (next.done === true) return false;
		this.rest = Buffer.concat([this.rest, next.value]);
		return true;
	}
}

const fieldsTooLarge = () =>
	new S3Error(
		400,
		'MaxPostPreDataLengthExceeded',
		'Your POST request fields preceding the upload file were too large.',
		{ fields: { MaxPostPreDataLengthBytes: String(MAX_FIELDS) } },
	);
