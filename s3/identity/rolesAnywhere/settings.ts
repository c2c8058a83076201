import type { RolesAnywhereIdentity } from '../../Connection';
import { partitionOf } from '../../partitions';
import type { Partition } from '../../partitions';
import { S3Failure } from '../../S3Failure';
import {
	checkArn,
	checkDuration,
	checkEndpoint,
	checkRoleArn,
	checkSessionName,
	unknownRegion,
} from '../validate';
import type { Arn, ExpectedArn } from '../validate';

/** The checked values of a request for a session, besides certificate and key. */
export interface SessionSettings {
	/** URL of CreateSession. */
	readonly url: URL;
	/** The region that the request is signed for, whatever the host is. */
	readonly region: string;
	readonly trustAnchorArn: string;
	readonly profileArn: string;
	readonly roleArn: string;
	/** Seconds. */
	readonly durationSeconds: number | undefined;
	readonly sessionName: string | undefined;
}

const TRUST_ANCHOR: ExpectedArn = {
	field: 'Trust Anchor ARN',
	service: 'rolesanywhere',
	resource: 'trust-anchor',
	example:
		'arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/11111111-2222-4333-8444-555555555555',
};

const PROFILE: ExpectedArn = {
	field: 'Profile ARN',
	service: 'rolesanywhere',
	resource: 'profile',
	example:
		'arn:aws:rolesanywhere:eu-central-1:111122223333:profile/11111111-2222-4333-8444-555555555555',
};

/**
 * Checks everything in the settings that can be checked without the service.
 * @throws S3Failure of kind `invalid` that names the field
 */
export function checkSettings(identity: RolesAnywhereIdentity): SessionSettings {
	const anchor = checkArn(identity.trustAnchorArn, TRUST_ANCHOR);
	const profile = checkArn(identity.profileArn, PROFILE);
	const role = checkRoleArn(identity.roleArn);
	checkSamePlace(anchor, profile);
	const region = regionOf(identity.region, anchor);
	const partition = partitionIn(region);
	for (const [field, arn] of Object.entries({ 'Trust Anchor ARN': anchor, 'Role ARN': role })) {
		if (arn.partition !== partition.id) {
			throw S3Failure.invalid(
				`The ${field} is in partition ${arn.partition} but region ${region} is in ${partition.id}`,
				'Trust anchor, profile, role and region must belong to the same partition of AWS.',
			);
		}
	}
	checkDuration(identity.durationSeconds);
	return {
		url: urlOf(identity.endpoint, region, partition),
		region,
		trustAnchorArn: anchor.text,
		profileArn: profile.text,
		roleArn: role.text,
		durationSeconds: identity.durationSeconds,
		sessionName: checkSessionName(identity.sessionName),
	};
}

function checkSamePlace(anchor: Arn, profile: Arn): void {
	for (const place of ['partition', 'region'] as const) {
		if (anchor[place] === profile[place]) continue;
		throw S3Failure.invalid(
			`The trust anchor is in ${place} ${anchor[place]} but the profile in ${profile[place]}`,
			'Enter the ARNs of a trust anchor and a profile of the same account and region.',
		);
	}
}

function regionOf(entered: string | undefined, anchor: Arn): string {
	const region = entered?.trim() ?? '';
	if (region === '') return anchor.region;
	partitionIn(region);
	if (region !== anchor.region) {
		throw S3Failure.invalid(
			`The trust anchor is in region ${anchor.region} but the Roles Anywhere region is ${region}`,
			`Choose “As in the Trust Anchor ARN” as Roles Anywhere Region in the credential and leave the custom one empty, or enter the ARNs of ${region}.`,
		);
	}
	return region;
}

function partitionIn(region: string): Partition {
	const partition = partitionOf(region);
	if (partition !== undefined) return partition;
	throw unknownRegion(
		region,
		'Choose the Roles Anywhere region in the credential; it looks like eu-central-1.',
	);
}

function urlOf(endpoint: string | undefined, region: string, partition: Partition): URL {
	if (endpoint === undefined || endpoint.trim() === '') {
		return new URL(`https://rolesanywhere.${region}.${partition.dnsSuffix}/sessions`);
	}
	const field = 'Roles Anywhere endpoint';
	const url = checkEndpoint(endpoint, field);
	if (!/^\/*(sessions\/*)?$/.test(url.pathname)) {
		throw S3Failure.invalid(
			`The ${field} has a path, but requests go to /sessions of the host`,
			'Remove everything after the host name and port from the endpoint.',
		);
	}
	return new URL('/sessions', url);
}
