/** Gives n8n-core a folder and a key of its own; imported before it, because it reads them once. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const n8nFolder = mkdtempSync(join(tmpdir(), 'n8n-engine-'));

process.env.N8N_USER_FOLDER = n8nFolder;
process.env.N8N_ENCRYPTION_KEY = 'only-for-tests';
process.env.N8N_LOG_LEVEL = 'silent';
