import { bareEtag } from '../../headers/etag';
import { decodedKey, decodeEntities, hasMoreThan } from '../../xmlText';
import { newObject } from '../ListedEntry';
import type { ListedObject } from '../ListedEntry';
import { readPlainContents } from './contentsFastPath';
import type { PageText } from './contentsFastPath';

export interface XmlListing {
	objects: ListedObject[];
	commonPrefixes: string[];
	truncated: boolean;
	nextContinuationToken: string | undefined;
}

/**
 * What a page may have at most, several times as much as S3 sends: 1,000 objects of a dozen elements, the keys
 * of 1,024 bytes. A server that sends more would keep n8n from all other work for a second.
 */
const MAX_MARKUP = 200_000;
/** Some servers write each character of a key as one. */
const MAX_REFERENCES = 1_100_000;
const MAX_DEPTH = 16;
const MAX_CONTENT = 64 * 1024;

/**
 * Reads the body of a response to ListObjectsV2. It knows no other XML: elements in any order, with
 * attributes or a namespace prefix, empty ones in both forms, character data with entities or as CDATA.
 * @param bytes UTF-8
 * @returns keys as they are stored, whether or not the listing has them URL-encoded
 * @throws Error for a listing that is not complete, URIError for a key that is not encoded as it should be
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function readListing(bytes: Buffer, bucket: string): XmlListing {
	return new ListingReader({ bytes, latin1: bytes.toString('latin1') }, bucket).read();
}

class ListingReader {
	private readonly listing: XmlListing = {
		objects: [],
		commonPrefixes: [],
		truncated: false,
		nextContinuationToken: undefined,
	};
	private encodingType = '';
	/** Names of the elements that are open, the outermost first. */
	private readonly path: string[] = [];
	private object: ListedObject | undefined;
	/** Character data since the last tag. */
	private content = '';
	/** Tags, declarations and sections of CDATA that were read. */
	private markup = 0;
	private complete = false;

	constructor(
		private readonly page: PageText,
		private readonly bucket: string,
	) {}

	read(): XmlListing {
		const { latin1 } = this.page;
		if (hasMoreThan(latin1, '&', MAX_REFERENCES)) {
			throw new Error('the listing has more character references than any of S3');
		}
		let position = 0;
		for (;;) {
			const open = latin1.indexOf('<', position);
			if (open === -1) break;
			if (open > position) this.add(position, open, decodeEntities);
			position = this.readPlainObject(open) ?? this.readMarkup(open);
		}
		if (!this.complete) throw new Error('the listing is not complete');
		if (this.encodingType === 'url') this.decodeKeys();
		return this.listing;
	}

	/** Reads an object of the usual form that begins at an index, and returns the index after it. */
	private readPlainObject(open: number): number | undefined {
		if (this.path.length !== 1) return undefined;
		const read = readPlainContents(this.page, open, this.bucket);
		if (read !== undefined) this.listing.objects.push(read.object);
		return read?.end;
	}

	/** Reads the markup that begins at an index, and returns the index after it. */
	private readMarkup(open: number): number {
		const { latin1 } = this.page;
		this.markup += 1;
		if (this.markup > MAX_MARKUP) throw new Error('the listing has more elements than any of S3');
		const next = latin1[open + 1];
		if (next === '!') return this.readDeclaration(open);
		const close = this.indexOf('>', open);
		if (next === '?') return close + 1;
		if (next === '/') {
			this.leave();
			return close + 1;
		}
		const isEmpty = latin1[close - 1] === '/';
		this.enter(localName(latin1.slice(open + 1, isEmpty ? close - 1 : close)));
		if (isEmpty) this.leave();
		return close + 1;
	}

	/** A comment, CDATA or a document type. */
	private readDeclaration(open: number): number {
		const { latin1 } = this.page;
		if (latin1.startsWith('<!--', open)) return this.indexOf('-->', open + 4) + 3;
		if (!latin1.startsWith('<![CDATA[', open)) return this.indexOf('>', open) + 1;
		const start = open + '<![CDATA['.length;
		const end = this.indexOf(']]>', start);
		this.add(start, end);
		return end + 3;
	}

	/** Adds the characters between two indexes to the character data. */
	private add(start: number, end: number, decode = (text: string) => text): void {
		if (end - start + this.content.length > MAX_CONTENT) {
			throw new Error('the listing has a longer text than any of S3');
		}
		this.content += decode(this.textBetween(start, end));
	}

	private enter(name: string): void {
		if (this.path.length === 0 && name !== 'ListBucketResult') {
			throw new Error('the response is not a listing');
		}
		this.path.push(name);
		if (this.path.length > MAX_DEPTH)
			throw new Error('the listing is nested deeper than any of S3');
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
		} else if (this.object !== undefined) {
			if (parent === 'Contents') setObjectField(this.object, name, this.content);
			else if (parent === 'Owner') setOwnerField(this.object, name, this.content);
			else if (parent === 'RestoreStatus') setRestoreField(this.object, name, this.content);
		}
		this.content = '';
	}

	private leaveListingField(name: string): void {
		if (name === 'Contents' && this.object !== undefined) {
			this.listing.objects.push(this.object);
			this.object = undefined;
		} else if (name === 'IsTruncated') this.listing.truncated = this.content.trim() === 'true';
		else if (name === 'NextContinuationToken') this.listing.nextContinuationToken = this.content;
		else if (name === 'EncodingType') this.encodingType = this.content.trim();
	}

	private decodeKeys(): void {
		for (const object of this.listing.objects) object.key = decodedKey(object.key);
		this.listing.commonPrefixes = this.listing.commonPrefixes.map(decodedKey);
	}

	/** The characters between two indexes, as a string that keeps nothing of the page. */
	private textBetween(start: number, end: number): string {
		return this.page.bytes.toString('utf8', start, end);
	}

	private indexOf(text: string, start: number): number {
		const index = this.page.latin1.indexOf(text, start);
		if (index === -1) throw new Error('the listing ends within a tag, a comment or CDATA');
		return index;
	}
}

/** The name of an element without its namespace prefix. @param tag what a tag has between `<` and `>` */
function localName(tag: string): string {
	const [name = ''] = tag.split(/\s/, 1);
	return name.slice(name.lastIndexOf(':') + 1);
}

function setObjectField(object: ListedObject, name: string, content: string): void {
	if (name === 'Key') object.key = content;
	else if (name === 'Size') object.size = sizeIn(content);
	else if (name === 'ETag') object.etag = bareEtag(content);
	else if (name === 'LastModified') object.lastModified = content.trim();
	else if (name === 'StorageClass') object.storageClass = content.trim();
}

/** @throws Error for what is no number of bytes: filters by size would let it through, also to be deleted */
function sizeIn(content: string): number {
	const size = Number(content);
	if (size >= 0 && size < Infinity) return size;
	throw new Error('the listing has a size that is none');
}

function setOwnerField(object: ListedObject, name: string, content: string): void {
	object.owner ??= { id: undefined, displayName: undefined };
	if (name === 'ID') object.owner.id = content;
	else if (name === 'DisplayName') object.owner.displayName = content;
}

/** S3 says until when an object can be read only of one that is restored. */
function setRestoreField(object: ListedObject, name: string, content: string): void {
	object.restoreStatus ??= { state: 'restored', expiresAt: undefined };
	if (name === 'IsRestoreInProgress') {
		object.restoreStatus.state = /^\s*true\s*$/i.test(content) ? 'inProgress' : 'restored';
	} else if (name === 'RestoreExpiryDate') object.restoreStatus.expiresAt = content.trim();
}
