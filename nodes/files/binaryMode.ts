import type { IBinaryData } from 'n8n-workflow';

import { MiB } from '../../s3/bytes';
import { S3Failure } from '../../s3/S3Failure';
import type { Item } from '../run/operation';

/** Bytes. A file of this size that is held in memory as a whole is worth a hint. */
const LARGE_FILE = 16 * MiB;
/** The mode in which n8n's store keeps files on its disk. */
export const FILESYSTEM = 'filesystem';
/** The modes of n8n's store that do not hold whole files in memory. */
const STREAMING = { read: [FILESYSTEM, 's3', 'azure'], write: [FILESYSTEM] };

/**
 * Bytes of the largest file that n8n can read from PostgreSQL: it comes as text of twice the length, which has to
 * fit into one string of V8. n8n stores larger ones, and then waits for ever for them.
 */
const LARGEST_IN_DATABASE = 250 * MiB;

/** n8n itself says that it does not support this mode in queue mode, where processes may be on several machines. */
const TO_STREAM =
	'Outside queue mode set N8N_DEFAULT_BINARY_DATA_MODE to filesystem to stream files of any size';

/** Whether n8n's database could not give a file of so many bytes back. */
export const isTooLargeForDatabase = (size: number): boolean => size > LARGEST_IN_DATABASE;

/**
 * Refuses a file that n8n could not read from its database.
 *
 * @param file in n8n's store, or another one that n8n keeps in the same mode
 * @param size bytes of the file
 * @throws {S3Failure} of kind `invalid`
 */
export function checkReadable({ id, fileName }: IBinaryData, size: number): void {
	if (modeOf(id) !== 'database' || !isTooLargeForDatabase(size)) return;
	throw S3Failure.invalid(
		`n8n keeps the file${fileName ? ` “${fileName}”` : ''} in its database, from which it cannot read more than 250 MiB: it has ${Math.ceil(size / MiB)} MiB`,
		`${TO_STREAM}, and run the node that made the file again. In queue mode, for which n8n has no such mode, use what needs no file of n8n: Copy, Move, links, or Put from a URL.`,
	);
}

/** The mode of n8n's store that keeps a file, e.g. `filesystem`; empty if no store keeps it. */
export function modeOf(id: string | undefined): string {
	return id?.split(/[:-]/, 1)[0] ?? '';
}

/**
 * Shows a hint if n8n holds a large file in memory because the mode of its store has no streams.
 *
 * @param size bytes of the file
 */
export function hintAtMemory(
	item: Pick<Item, 'hint'>,
	{ id }: IBinaryData,
	size: number,
	direction: 'read' | 'write',
): void {
	const mode = modeOf(id);
	if (size < LARGE_FILE || STREAMING[direction].includes(mode)) return;
	const where =
		mode === ''
			? 'in memory here'
			: `in “${mode}” mode here, which holds each whole file in memory`;
	item.hint(`n8n keeps files ${where}, so its memory limits their size. ${TO_STREAM}.`);
}
