import type { IBinaryData } from 'n8n-workflow';

const UTF8 = '; charset=utf-8';

/** By the ending of a name; texts are in UTF-8. @see https://www.iana.org/assignments/media-types */
const TEXTS: Record<string, string> = {
	css: `text/css${UTF8}`,
	csv: `text/csv${UTF8}`,
	htm: `text/html${UTF8}`,
	html: `text/html${UTF8}`,
	ics: `text/calendar${UTF8}`,
	js: `text/javascript${UTF8}`,
	json: 'application/json',
	jsonl: 'application/x-ndjson',
	markdown: `text/markdown${UTF8}`,
	md: `text/markdown${UTF8}`,
	mjs: `text/javascript${UTF8}`,
	ndjson: 'application/x-ndjson',
	svg: 'image/svg+xml',
	tsv: `text/tab-separated-values${UTF8}`,
	vcf: `text/vcard${UTF8}`,
	xml: 'application/xml',
	yaml: 'application/yaml',
	yml: 'application/yaml',
};
/** Texts without a type of their own, or with one that n8n does not view; in whatever charset. */
const PLAIN: Record<string, string> = Object.fromEntries(
	'bat cfg conf diff env ini log patch properties ps1 py rb rst sh sql srt tex toml txt'
		.split(' ')
		.map((ending) => [ending, 'text/plain']),
);
const OTHERS: Record<string, string> = {
	avif: 'image/avif',
	bmp: 'image/bmp',
	doc: 'application/msword',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	eml: 'message/rfc822',
	gif: 'image/gif',
	gz: 'application/gzip',
	jpeg: 'image/jpeg',
	jpg: 'image/jpeg',
	m4a: 'audio/mp4',
	mov: 'video/quicktime',
	mp3: 'audio/mpeg',
	mp4: 'video/mp4',
	odt: 'application/vnd.oasis.opendocument.text',
	oga: 'audio/ogg',
	ogg: 'audio/ogg',
	ogv: 'video/ogg',
	opus: 'audio/ogg',
	parquet: 'application/vnd.apache.parquet',
	pdf: 'application/pdf',
	png: 'image/png',
	ppt: 'application/vnd.ms-powerpoint',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	tar: 'application/x-tar',
	tif: 'image/tiff',
	tiff: 'image/tiff',
	wav: 'audio/wav',
	webm: 'video/webm',
	webp: 'image/webp',
	xls: 'application/vnd.ms-excel',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	zip: 'application/zip',
};

/** Types that programs store if they know nothing of an object. */
const UNKNOWN = /^(binary|application)\/octet-stream$/i;

/** The type of a text in UTF-8 that is stored under a key; undefined if its ending is not that of a text. */
export const typeOfText = (key: string): string | undefined => byEnding(TEXTS, key);

/**
 * The type of a file as n8n is told, which shows it accordingly: by the ending of its name if the stored type
 * says nothing, and without parameters such as a charset, with which n8n does not show it.
 */
export function typeOfFile(stored: string | undefined, name: string): string {
	if (stored !== undefined && !UNKNOWN.test(bareType(stored))) return bareType(stored);
	const type = byEnding(TEXTS, name) ?? byEnding(PLAIN, name) ?? byEnding(OTHERS, name);
	// The charset of what is stored is not known.
	return type?.replace(UTF8, '') ?? stored ?? 'application/octet-stream';
}

/** A content type without its parameters. */
export const bareType = (type: string): string => type.split(';', 1)[0]?.trim() ?? '';

/** What n8n keeps of a file, with the whole type of the object that it was got from. */
type FileWithType = Pick<IBinaryData, 'mimeType'> & { contentType?: unknown };

/** A file that remembers the parameters of its type, such as the charset, until it is put again. */
export function withWholeType(file: IBinaryData, contentType: string | undefined): IBinaryData {
	const hasMore =
		contentType !== file.mimeType && wholeTypeOf({ ...file, contentType }) === contentType;
	return hasMore ? { ...file, contentType } : file;
}

/** The type with which a file is put: that of the object it was got from, unless its type was changed since. */
export function wholeTypeOf({ mimeType, contentType }: FileWithType): string | undefined {
	const isSame = typeof contentType === 'string' && bareType(contentType) === mimeType;
	return isSame ? contentType : mimeType || undefined;
}

function byEnding(types: Record<string, string>, name: string): string | undefined {
	const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
	return Object.hasOwn(types, ending) ? types[ending] : undefined;
}
