/** Looks for texts in whatever n8n keeps, in all the ways that a text may have been written there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { N8n } from '../servers/n8n/n8n';
import type { Secret } from './connectionsServers';

/** Something that n8n wrote. */
export interface Place {
	name: string;
	bytes: Buffer;
}

/** Which of the texts are where, one sentence for each find. */
export function findsOf(texts: readonly Secret[], places: readonly Place[]): string[] {
	return texts.flatMap(({ name, text }) =>
		formsOf(text).flatMap(([form, written]) =>
			places
				.filter(({ bytes }) => bytes.includes(written))
				.map((place) => `${name} is in ${place.name}, ${form}`),
		),
	);
}

/** The ways to write a text, each with its name. */
function formsOf(text: string): [string, string][] {
	const quoted = JSON.stringify(text).slice(1, -1);
	const forms: [string, string][] = [
		['as it is', text],
		['as JSON', quoted],
		['as JSON in JSON', JSON.stringify(quoted).slice(1, -1)],
		['as in a URL', encodeURIComponent(text)],
		['as hexadecimal digits', Buffer.from(text).toString('hex')],
		...[0, 1, 2].flatMap((offset): [string, string][] => {
			const base64 = base64Of(text, offset);
			const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_');
			return [base64, urlSafe].map((written) => ['as base64', written]);
		}),
	];
	// Of names for the same writing the first counts.
	return forms.filter(([, written], i) => forms.findIndex((other) => other[1] === written) === i);
}

/** What is the same in every base64 of something that has the text so many bytes after a third one. */
function base64Of(text: string, offset: number): string {
	const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
	const whole = Math.floor((bytes.length * 8) / 6);
	return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
}

interface Page {
	results: { id: string }[];
	nextCursor: string | null;
}

/** What n8n gives of its executions. */
export async function executionsOf(n8n: N8n): Promise<Place[]> {
	const places: Place[] = [];
	let cursor: string | null = '';
	while (cursor !== null) {
		const page: Page = await n8n.api('GET', `/executions?limit=50${cursor}`);
		for (const { id } of page.results) {
			const { data, ...rest } = await n8n.api<{ data: string }>('GET', `/executions/${id}`);
			const bytes = Buffer.from(`${JSON.stringify(rest)}\n${data}`);
			places.push({ name: `execution ${id}`, bytes });
		}
		cursor = page.nextCursor && `&cursor=${encodeURIComponent(page.nextCursor)}`;
	}
	return places;
}

/** What is in n8n's folder: database, journal, settings, event log; not the files of workflows. */
export function filesOf(userFolder: string): Place[] {
	return readdirSync(userFolder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name))
		.map((file) => ({ file, name: relative(userFolder, file) }))
		.filter(({ name }) => !/node_modules|binaryData|storage\/workflows/.test(name))
		.map(({ file, name }) => ({ name, bytes: readFileSync(file) }));
}
