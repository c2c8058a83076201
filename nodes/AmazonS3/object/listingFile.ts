import type { IBinaryKeyData } from 'n8n-workflow';

import { textStream, type Lines } from '../../files/lines';
import { storeFile } from '../../files/store';
import { outputField, outputFileName } from '../../parameters/outputFile';
import type { Item } from '../../run/operation';

/**
 * Stores the lines of a listing as a file, in the field that the item names.
 *
 * @param usualName the name of the file unless the item has another one; its ending tells the type
 */
export async function listingFile<Row>(
	item: Item,
	lines: Lines<Row>,
	usualName: string,
): Promise<IBinaryKeyData> {
	const fileName = outputFileName.read(item) ?? usualName;
	const mimeType = usualName.endsWith('.csv') ? 'text/csv' : 'application/x-ndjson';
	const file = await storeFile(item, textStream(lines), { fileName, mimeType });
	return { [outputField.read(item)]: file };
}
