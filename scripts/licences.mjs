/** The licence texts of what the build bundles, which their licences ask us to pass on. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying)([-.].*)?$/i;
const NOTICE_FILE = /^notice([-.].*)?$/i;

/** `node_modules/a/node_modules/@b/c/lib/x.js` belongs to the package in `node_modules/a/node_modules/@b/c`. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** The folders of the npm packages of which anything is in the bundle, each once, in order. */
export function packageFolders(metafile) {
	const folders = new Set();
	const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
	for (const [file, { bytesInOutput }] of files) {
		if (bytesInOutput === 0) continue;
		const folder = PACKAGE_FOLDER.exec(file)?.[0];
		if (folder !== undefined) folders.add(folder);
	}
	return [...folders].sort();
}

function textsOf(folder, pattern) {
	return readdirSync(folder)
		.filter((name) => pattern.test(name))
		.sort()
		.map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
}

function licenceOf(folder) {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const licences = textsOf(folder, LICENCE_FILE);
	if (licences.length === 0) {
		throw new Error(`${name}@${version} is bundled, but brings no licence file (${license}).`);
	}
	const text = [...licences, ...textsOf(folder, NOTICE_FILE)].join('\n\n');
	return { title: `${name}@${version} (${license})`, text };
}

/**
 * One text with the full licence and notice of every bundled package; packages with the same text
 * share it. Throws for a package that brings none.
 */
export function licencesOf(metafile) {
	const titlesByText = new Map();
	for (const folder of packageFolders(metafile)) {
		const { title, text } = licenceOf(folder);
		titlesByText.set(text, [...(titlesByText.get(text) ?? []), title]);
	}
	const sections = [...titlesByText].map(
		([text, titles]) => `${'='.repeat(80)}\n${titles.join('\n')}\n${'='.repeat(80)}\n\n${text}\n`,
	);
	return `This package contains, in dist/s3/sdk.js, the following software.\n\n${sections.join('\n')}`;
}
