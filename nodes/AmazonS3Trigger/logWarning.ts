import type { IPollFunctions } from 'n8n-workflow';

import { serverWords } from '../../s3/errors/serverWords';

/**
 * Warns in n8n's log, on one line: others choose the keys and messages that sentences name, and could write lines of
 * their own into it.
 */
export function logWarning(
	node: Pick<IPollFunctions, 'getNode' | 'logger'>,
	...sentences: readonly string[]
): void {
	node.logger.warn(`${node.getNode().name}: ${sentences.map(serverWords).join(' ')}`);
}
