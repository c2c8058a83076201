import type { Readable } from 'node:stream';
import { readPage } from '../memory/PageBuffer';
import type { PageMemory } from '../memory/PageBuffer';
import type { S3Client } from '../sdk';

/** An answer on its way through the SDK, with the listing that was taken out of it. */
interface ListingResponse {
	statusCode: number;
	body: unknown;
	listing?: PageMemory;
}

const EMPTY_LISTING = Buffer.from('<ListBucketResult/>');

/**
 * Makes the client hand over listings as they came; errors, also those with status 200, stay the SDK's.
 */
export function leaveListingsUnread(client: S3Client): void {
	const listsObjects = (commandName: unknown) => commandName === 'ListObjectsV2Command';
	client.middlewareStack.add(
		(next, context) => async (args) => {
			const result = await next(args);
			const response = result.response as ListingResponse;
			if (!listsObjects(context.commandName) || response.statusCode >= 300) return result;
			const page = await readPage(response.body as Readable | PageMemory);
			response.body = page.isListing() ? EMPTY_LISTING : Buffer.from(page.bytes());
			response.listing = page;
			return result;
		},
		{ step: 'deserialize', priority: 'low', name: 'takeListingOut' },
	);
	client.middlewareStack.add(
		(next, context) => async (args) => {
			const result = await next(args);
			if (listsObjects(context.commandName)) {
				const { listing } = result.response as ListingResponse;
				Object.assign(result.output ?? {}, { listing });
			}
			return result;
		},
		{ step: 'deserialize', priority: 'high', name: 'handListingOver' },
	);
}
