import type { UrlFile } from '../../../s3/url/openUrl';
import { bareType, typeOfFile } from '../../files/contentTypes';

const PAGE = 'text/html';
const UNKNOWN = typeOfFile(undefined, '');

/**
 * What could be wrong with an object that a server has sent as the file of a URL.
 *
 * @param url that was asked for, before any redirect
 */
export function urlHints(
	key: string,
	url: string,
	{ contentType, mayBeCutShort }: Pick<UrlFile, 'contentType' | 'mayBeCutShort'>,
): string[] {
	const isPage = contentType !== undefined && bareType(contentType).toLowerCase() === PAGE;
	return [
		...(mayBeCutShort ? [cutShort(key)] : []),
		...(isPage && namesOtherFile(key, url) ? [webPage(key)] : []),
	];
}

/** Whether the key, or else the path of the URL, ends like a file that is no web page. */
function namesOtherFile(key: string, url: string): boolean {
	const types = [key, new URL(url).pathname].map((name) => typeOfFile(undefined, name));
	const type = types.find((known) => known !== UNKNOWN);
	return type !== undefined && type !== PAGE;
}

const cutShort = (key: string): string =>
	`The server of “${key}” does not say how long the file is, and ends it by closing the connection. If the connection broke, the object is cut short: compare its size.`;

const webPage = (key: string): string =>
	`What was stored as “${key}” is a web page, not the file that the name promises. The URL may ask for a login, such as by the option Headers, or show an error.`;
