/** `npm run docs`: writes what the pages under docs/ take from the code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { credentialsPage } from './credentialsPage';
import { operationsPage } from './operationsPage';
import { DOCS } from './page';
import { withPermissions } from './permissionsTable';

async function main(): Promise<void> {
	const file = join(DOCS, 'permissions.md');
	writeFileSync(file, withPermissions(readFileSync(file, 'utf8')));
	writeFileSync(join(DOCS, 'operations.md'), operationsPage());
	writeFileSync(join(DOCS, 'credentials.md'), await credentialsPage());
}

void main();
