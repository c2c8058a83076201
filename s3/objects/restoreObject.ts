import type { Call } from '../Call';
import { requiredChecksum } from '../checksums/md5';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { customerKeyHeaders } from '../headers/customerKey';
import { objectInput } from '../headers/requester';
import type { ObjectRequest } from '../headers/requester';
import { USUAL_CLASS } from '../headers/storageClass';
import { checkReadOnly } from '../policy/readOnly';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { withReason } from './headObject';

type RestoreTier = 'Expedited' | 'Standard' | 'Bulk';

/** The archived object that is to be readable for a while. */
export interface RestoreRequest extends ObjectRequest {
	/** How long it stays readable; not used in Intelligent-Tiering, where it stays for good. */
	days: number;
	tier: RestoreTier;
	/** 32 bytes in base64, to look at an object under a customer's own key; a restore needs none. */
	customerKey?: string | undefined;
}

export interface RestoreResult {
	bucket: string;
	key: string;
	versionId: string | undefined;
	state: 'inProgress' | 'restored' | 'notArchived';
	storageClass: string;
	/** ISO 8601: until when a restored object stays readable. */
	expiresAt: string | undefined;
	/** ISO 8601: when AWS has it ready at the latest, by its documentation; only of what was begun or sped up now. */
	readyEstimate: string | undefined;
}

type Head = Calls['HeadObject']['output'];

/** Classes, and archive tiers of Intelligent-Tiering, whose objects must be restored before they can be read. */
const DEEP = ['DEEP_ARCHIVE', 'DEEP_ARCHIVE_ACCESS'];
const ARCHIVED = ['GLACIER', 'ARCHIVE_ACCESS', ...DEEP];

const HOUR = 60 * 60 * 1000;
/**
 * Milliseconds that a restore takes at most.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 */
const LONGEST = { Standard: 5 * HOUR, Bulk: 12 * HOUR };
const LONGEST_OF_DEEP = { Standard: 12 * HOUR, Bulk: 48 * HOUR };
const LONGEST_OF_EXPEDITED = HOUR / 12;
/** Bytes up to which that holds; of larger objects S3 says nothing. */
const EXPEDITED_SIZE = 250_000_000;

/** S3 has copied an object out of the archive already. */
const ALREADY_RESTORED = 200;

/**
 * Begins to restore an archived object, or tells how far that is. It can be read when its state is `restored` or
 * `notArchived`. A restored object stays in its class, and readable for some days more with each request.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export async function restoreObject(
	s3: S3,
	request: RestoreRequest,
	call: Call,
): Promise<RestoreResult> {
	checkReadOnly(s3.connection, 'RestoreObject', request);
	const head = await lookAt(s3, request, call);
	const archive = head.ArchiveStatus ?? head.StorageClass ?? USUAL_CLASS;
	if (!ARCHIVED.includes(archive)) return resultOf(request, head, 'notArchived');
	checkTier(request, archive);
	// S3 does not say how fast a restore that is going on is: it speeds up a slower one, and refuses the same again.
	if (isOngoing(head) && request.tier === 'Bulk') return resultOf(request, head, 'inProgress');
	const status = await begin(s3, request, head, call);
	if (typeof status === 'string') return resultOf(request, head, status);
	if (status === ALREADY_RESTORED) {
		const extended = await lookAt(s3, request, call);
		return resultOf(request, extended, 'restored');
	}
	const longest = longestOf(request.tier, archive, head);
	const readyEstimate =
		longest === undefined ? undefined : new Date(Date.now() + longest).toISOString();
	return { ...resultOf(request, head, 'inProgress'), readyEstimate };
}

/** Milliseconds that a restore takes at most, as far as S3 says. */
function longestOf(
	tier: RestoreTier,
	archive: string,
	{ ContentLength: size = Infinity }: Head,
): number | undefined {
	if (tier === 'Expedited') return size > EXPEDITED_SIZE ? undefined : LONGEST_OF_EXPEDITED;
	return (DEEP.includes(archive) ? LONGEST_OF_DEEP : LONGEST)[tier];
}

const CONFLICT = 409;

/** The state of an object whose restore was refused because there is nothing to begin. */
function stateFrom(
	{ code, status }: S3Failure,
	head: Head,
): 'inProgress' | 'notArchived' | undefined {
	if (code === 'RestoreAlreadyInProgress') return 'inProgress';
	const isInvalid = code === 'InvalidObjectState';
	// Other servers refuse to change a restore that is going on in words of their own.
	if (isOngoing(head) && (isInvalid || status === CONFLICT)) return 'inProgress';
	// Its class is one that needs no restore, or only a name on this server.
	return isInvalid ? 'notArchived' : undefined;
}

/** Gives the status of the response; the state of the object if there is nothing to begin. */
async function begin(
	s3: S3,
	request: RestoreRequest,
	head: Head,
	call: Call,
): Promise<number | 'inProgress' | 'notArchived'> {
	const Tier = request.tier;
	const restore =
		// S3 refuses days for Intelligent-Tiering: the object goes back to its frequent tier.
		head.ArchiveStatus === undefined
			? { Days: request.days, GlacierJobParameters: { Tier } }
			: { GlacierJobParameters: { Tier } };
	try {
		const input = { ...objectInput(request), RestoreRequest: restore };
		const checksum = { ChecksumAlgorithm: requiredChecksum() };
		const sent = await s3.send('RestoreObject', { ...input, ...checksum }, call);
		return sent.$metadata.httpStatusCode ?? 0;
	} catch (error) {
		const state = error instanceof S3Failure ? stateFrom(error, head) : undefined;
		if (state === undefined) throw error;
		return state;
	}
}

async function lookAt(s3: S3, request: RestoreRequest, call: Call): Promise<Head> {
	const input = { ...objectInput(request), ...customerKeyHeaders(request.customerKey) };
	return await s3.send('HeadObject', input, call).catch((error: unknown) => {
		throw error instanceof S3Failure ? withReason(error, request, s3.connection) : error;
	});
}

/** `ongoing-request="true"`, or `ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"`. */
const isOngoing = ({ Restore = '' }: Head): boolean => /ongoing-request="true"/i.test(Restore);

function resultOf(
	{ bucket, key, versionId }: RestoreRequest,
	head: Head,
	state: RestoreResult['state'],
): RestoreResult {
	const expiry = Date.parse(/expiry-date="([^"]+)"/i.exec(head.Restore ?? '')?.[1] ?? '');
	return {
		bucket,
		key,
		versionId: head.VersionId ?? versionId,
		state,
		storageClass: head.StorageClass ?? USUAL_CLASS,
		expiresAt:
			state === 'restored' && !Number.isNaN(expiry) ? new Date(expiry).toISOString() : undefined,
		readyEstimate: undefined,
	};
}

/** @throws S3Failure of kind `invalid` for a tier that a class does not have */
function checkTier({ bucket, key, tier }: RestoreRequest, archive: string): void {
	if (tier !== 'Expedited' || !DEEP.includes(archive)) return;
	throw S3Failure.invalid(
		`${nameOf(bucket, key)} is in a deep archive, from which nothing can be restored by the tier Expedited`,
		'Choose the tier Standard (about 12 hours) or Bulk (about 48 hours).',
		{ bucket, key },
	);
}
