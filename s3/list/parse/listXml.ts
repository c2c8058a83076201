import type { ListedObject } from '../ListedObject';
import { ListingText, wordOf } from './XmlBytes';
import { bareEtag } from '../../headers/etag';
import { decodedKey, newObject, readPlainContents, withoutEntities } from './contentsFastPath';

export interface XmlListing {
	objects: ListedObject[];
	commonPrefixes: string[];
	truncated: boolean;
	nextContinuationToken: string | undefined;
}

/**
 * Reads the answer to ListObjectsV2. It knows no other XML: elements in any order, with attributes
 * or a namespace prefix, empty ones in both forms, character data with entities or as CDATA.
 * @param bytes UTF-8
 * @returns keys as they are stored, whether or not the listing has them URL-encoded
 * @throws Error when the text is no complete listing, URIError when a key is not encoded as it should be
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function readListing(bytes: Buffer, bucket: string): XmlListing {
	const text = new ListingText(bytes);
	const reader = new ListingReader(text, bucket);
	let end = 0;
	for (;;) {
		const open = text.find(LESS, end);
		if (open === -1) break;
		reader.characters(end, open);
		end = reader.markup(open);
	}
	return reader.result();
}

class ListingReader {
	private readonly listing: XmlListing = {
		objects: [],
		commonPrefixes: [],
		truncated: false,
		nextContinuationToken: undefined,
	};
	/** Whether keys are URL-encoded, as far as is known. */
	private encoded = false;
	/** Objects that were read before that was known. */
	private readBefore = 0;
	private readonly path: string[] = [];
	private object: ListedObject | undefined;
	private content = '';
	private complete = false;

	constructor(
		private readonly text: ListingText,
		private readonly bucket: string,
	) {}

	/** Takes the character data between two pieces of markup. */
	characters(start: number, end: number): void {
		if (end > start) this.content += withoutEntities(this.text.cut(start, end));
	}

	/** Takes the markup that begins here; returns where it ends. */
	markup(open: number): number {
		const { bytes } = this.text;
		const next = bytes[open + 1];
		if (next === EXCLAMATION) return this.declaration(open);
		const close = this.text.find(GREATER, open);
		if (close === -1) throw new Error('the listing ends within a tag');
		if (next === QUESTION) return close + 1;
		if (next === SLASH) {
			this.leave();
			return close + 1;
		}
		const empty = bytes[close - 1] === SLASH;
		this.enter(nameIn(this.text, open + 1, empty ? close - 1 : close));
		if (empty) this.leave();
		return empty ? close + 1 : this.plainObjects(close + 1);
	}

	/** Takes the object whose opening tag ends here, and those that follow, if they have the usual form. */
	private plainObjects(start: number): number {
		if (this.path.length !== 2 || this.path[1] !== 'Contents') return start;
		let next = start;
		for (;;) {
			const object = newObject(this.bucket);
			const end = readPlainContents(this.text, next, object, this.encoded);
			if (end === -1) return next;
			this.add(object);
			if (!this.text.has(CONTENTS, end)) {
				this.object = undefined;
				this.path.pop();
				return end;
			}
			next = end + CONTENTS.length;
		}
	}

	private add(object: ListedObject): void {
		this.listing.objects.push(object);
		if (!this.encoded) this.readBefore += 1;
	}

	result(): XmlListing {
		const { complete, encoded, listing, readBefore } = this;
		if (!complete) throw new Error('the listing is not complete');
		if (!encoded) return listing;
		for (const object of listing.objects.slice(0, readBefore)) object.key = decodedKey(object.key);
		return { ...listing, commonPrefixes: listing.commonPrefixes.map(decodedKey) };
	}

	private declaration(open: number): number {
		const { text } = this;
		const [begin, finish] = DECLARATIONS.find(([start]) => text.has(start, open)) ?? OTHER;
		const close = text.bytes.indexOf(finish, open + begin.length);
		if (close === -1) throw new Error('the listing ends within a section');
		if (begin === CDATA) this.content += text.cut(open + begin.length, close);
		return close + finish.length;
	}

	private enter(name: string): void {
		if (this.path.length === 0 && name !== 'ListBucketResult') {
			throw new Error('the answer is not a listing');
		}
		this.path.push(name);
		this.content = '';
		if (name === 'Contents' && this.path.length === 2) this.object = newObject(this.bucket);
	}

	private leave(): void {
		const name = this.path.pop();
		if (name === undefined) throw new Error('the listing closes what it never opened');
		const parent = this.path.at(-1);
		if (parent === undefined) this.complete = true;
		else if (parent === 'ListBucketResult') this.leaveListingField(name);
		else if (parent === 'CommonPrefixes' && name === 'Prefix') {
			this.listing.commonPrefixes.push(this.content);
		} else if (this.object !== undefined) setObjectField(this.object, parent, name, this.content);
		this.content = '';
	}

	private leaveListingField(name: string): void {
		if (name === 'Contents' && this.object !== undefined) {
			if (this.encoded) this.object.key = decodedKey(this.object.key);
			this.add(this.object);
			this.object = undefined;
		} else if (name === 'IsTruncated') this.listing.truncated = this.content.trim() === 'true';
		else if (name === 'NextContinuationToken') this.listing.nextContinuationToken = this.content;
		else if (name === 'EncodingType') this.encoded = this.content.trim() === 'url';
	}
}

const CONTENTS = wordOf('<Contents>');
const CDATA = wordOf('<![CDATA[');
const DECLARATIONS = [
	[CDATA, wordOf(']]>')],
	[wordOf('<!--'), wordOf('-->')],
] as const;
const OTHER = [wordOf('<!'), wordOf('>')] as const;
const LESS = 0x3c;
const GREATER = 0x3e;
const EXCLAMATION = 0x21;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const COLON = 0x3a;
const SPACE = 0x20;

/** The local name of an element, whose tag ends before `end`. */
function nameIn(text: ListingText, start: number, end: number): string {
	let begin = start;
	let position = start;
	for (; position < end; position++) {
		const byte = text.bytes[position] ?? 0;
		if (byte === COLON) begin = position + 1;
		if (byte <= SPACE) break;
	}
	return text.cut(begin, position);
}

function setObjectField(object: ListedObject, parent: string, name: string, content: string): void {
	if (parent === 'Owner') {
		object.owner ??= { id: undefined, displayName: undefined };
		if (name === 'ID') object.owner.id = content;
		else if (name === 'DisplayName') object.owner.displayName = content;
	} else if (parent === 'Contents') {
		if (name === 'Key') object.key = content;
		else if (name === 'Size') object.size = Number(content);
		else if (name === 'ETag') object.etag = bareEtag(content);
		else if (name === 'LastModified') object.lastModified = content.trim();
		else if (name === 'StorageClass') object.storageClass = content.trim();
	}
}
