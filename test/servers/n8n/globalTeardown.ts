import { endSharing } from './shared';

/** Runs after tests that start n8n. */
export default function globalTeardown(): void {
	endSharing();
}
