/** What a body may have at most, several times as much as the thousand entries of a list. */
const MOST: readonly [what: string, most: number][] = [
	// Tags, and what stands for a character. Other servers than AWS send thousands of buckets at once.
	['<', 200_000],
	['>', 200_000],
	['&', 200_000],
	// Attributes: S3 has some namespaces, and a type for each grantee. The parser compares each with all others.
	['="', 5000],
	["='", 5000],
	// Each of them has the parser read all of the text; S3 sends none.
	['<!doctype', 1],
];

/**
 * Whether the SDK can read a body as XML without keeping n8n from all other work for a second: it has no more markup than
 * S3 sends.
 */
export function isReadableXml(body: Buffer): boolean {
	const text = body.toString('latin1').toLowerCase();
	return MOST.every(([what, most]) => !hasMore(text, what, most));
}

function hasMore(text: string, what: string, most: number): boolean {
	let count = 0;
	for (let at = text.indexOf(what); at !== -1; at = text.indexOf(what, at + what.length)) {
		count += 1;
		if (count > most) return true;
	}
	return false;
}
