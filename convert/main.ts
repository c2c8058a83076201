#!/usr/bin/env node
/** `npx n8n-nodes-amazon-s3`: converts a workflow; the file of it is the argument, or comes through standard input. */
import { readFileSync } from 'node:fs';
import process from 'node:process';

import { convertWorkflow } from './convertWorkflow';

const USAGE = `npx n8n-nodes-amazon-s3 [FILE]

Reads a workflow of n8n from FILE, or from standard input: an exported file, or nodes that were copied in the
editor. Writes it to standard output with nodes of this package in place of n8n's AWS S3 and S3 nodes, and to
standard error what you have to know of each.
`;

function main([file]: string[]): void {
	if (file === '--help' || file === '-h') {
		process.stdout.write(USAGE);
		return;
	}
	const { workflow, notes } = convertWorkflow(parsed(contentOf(file)));
	process.stdout.write(`${JSON.stringify(workflow, undefined, 2)}\n`);
	const about = notes.map((note) => `- ${note}\n`).join('');
	process.stderr.write(
		notes.length === 0
			? 'There is no AWS S3 or S3 node in this workflow; nothing was changed.\n'
			: `Choose a credential in each converted node.\n${about}`,
	);
}

/** Of standard input without a file. */
function contentOf(file: string | undefined): string {
	try {
		return readFileSync(file ?? 0, 'utf8');
	} catch (cause) {
		const { code = '' } = cause as NodeJS.ErrnoException;
		throw new Error(
			`${file === undefined ? 'Standard input' : `The file ${file}`} cannot be read (${code}).`,
			{
				cause,
			},
		);
	}
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch (cause) {
		throw new Error('This is no JSON: copy nodes in the editor of n8n, or export the workflow.', {
			cause,
		});
	}
}

try {
	main(process.argv.slice(2));
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
