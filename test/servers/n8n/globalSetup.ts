import { installPackageOnce } from './install';
import installBoth from './installBoth';
import { beginSharing } from './shared';

/** Runs before tests that start n8n: their workers must not install the same one, and need not pack the package again. */
export default async function globalSetup(): Promise<void> {
	await installBoth();
	installPackageOnce();
	beginSharing();
}
