import { installN8n } from './install';

/** Installs both releases of n8n. */
export default async function installBoth(): Promise<void> {
	await Promise.all([installN8n('newest'), installN8n('oldest')]);
}
