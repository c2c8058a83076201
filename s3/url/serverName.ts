import { serverWords } from '../errors/serverWords';
import { secretsOf, withoutSecrets } from '../errors/withoutSecrets';

/** How errors name a server. */
export interface ServerName {
	/** Scheme, host and port. */
	readonly origin: string;
	/** Host and port. */
	readonly host: string;
	readonly hostname: string;
}

/** Headers that say nothing about who asks. Every other one may hold a key or a password. */
export const FOR_ANY_ORIGIN: readonly string[] = [
	'accept',
	'accept-encoding',
	'accept-language',
	'user-agent',
];

/** Characters below which a word may be in the name of a server by chance. */
const MIN_WORD = 6;
/** The same for a piece of a path, which are words more often. */
const MIN_PIECE = 16;
/** Characters of a body that are looked at. */
const MAX_BODY = 16 * 1024;

/**
 * What could be secret in a request for a file: its server may send it back as the name of the host that it
 * redirects to.
 * @param headers names in lower case
 */
export function secretsOfFile(
	{ host, pathname, search }: URL,
	headers: Readonly<Record<string, string>>,
	body: string | undefined,
): string[] {
	const own = Object.entries(headers).filter(([name]) => !FOR_ANY_ORIGIN.includes(name));
	const texts = [...own.map(([, value]) => value), search, (body ?? '').slice(0, MAX_BODY)];
	const words = texts.flatMap((text) => wordsOf(text, MIN_WORD));
	const all = [...secretsOf(Object.fromEntries(own)), ...words, ...wordsOf(pathname, MIN_PIECE)];
	// What stands in the name of the first server, as a Referer does, is shown anyway.
	return all.filter((word) => word.length >= MIN_WORD && !host.includes(word.toLowerCase()));
}

const wordsOf = (text: string, least: number): string[] =>
	text.split(/[^\w.~%+-]+/).filter(({ length }) => length >= least);

/** The name of a server without what could be secret. */
export function nameOfServer(
	{ protocol, host, hostname }: URL,
	secrets: readonly string[],
): ServerName {
	const shown = (name: string) => serverWords(withoutSecrets(name, secrets));
	return {
		origin: `${protocol}//${shown(host)}`,
		host: shown(host),
		hostname: shown(hostname),
	};
}
