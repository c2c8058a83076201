import type { Connection } from '../Connection';
import type { S3Client } from '../sdk';
import { boundedBodies } from './boundedBodies';
import { hideSecrets } from './hideSecrets';
import {
	checksumMode,
	contentMd5,
	emptyDeletes,
	givenLocation,
	onlyToEndpoint,
	orderOfVersions,
	plainAttributes,
	rawListings,
	unsignedPayload,
} from './middleware';
import { objectResponse } from './objectResponse';
import { otherServers } from './otherServers';
import { plausibleClock } from './plausibleClock';
import { readableDates } from './readableDates';
import { writeResponses } from './writeResponses';

/**
 * Makes a client of the SDK send and read what this package does. Of a step, what is added later comes later on
 * the way of a request, and earlier on that of its response.
 * @param connection.endpoint undefined is AWS
 * @param proxySecrets what a proxy on the way is sent, and nobody may see
 */
export function adaptClient(
	client: S3Client,
	{ endpoint, region }: Pick<Connection, 'endpoint' | 'region'>,
	proxySecrets: readonly string[],
): void {
	// The first one sees the errors of all others.
	hideSecrets(client, proxySecrets);
	plausibleClock(client);
	unsignedPayload(client);
	rawListings(client);
	checksumMode(client);
	contentMd5(client);
	plainAttributes(client);
	emptyDeletes(client);
	givenLocation(client);
	objectResponse(client);
	writeResponses(client);
	readableDates(client);
	orderOfVersions(client);
	boundedBodies(client);
	onlyToEndpoint(client, endpoint);
	if (endpoint !== undefined) otherServers(client, region);
}
