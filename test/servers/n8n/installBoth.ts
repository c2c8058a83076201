import { installN8n } from './install';

/** Runs before the end-to-end tests: two of their workers must not install the same n8n. */
export default async function installBoth(): Promise<void> {
	await Promise.all([installN8n('newest'), installN8n('oldest')]);
}
