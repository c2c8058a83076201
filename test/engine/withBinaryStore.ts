import { removeBinaryStore, startBinaryStore } from './n8n';
import type { BinaryMode } from './n8n';

/** n8n's store of files for a file of tests. */
export function withBinaryStore(mode: BinaryMode = 'filesystem'): void {
	beforeAll(() => startBinaryStore(mode));
	afterAll(removeBinaryStore);
}
