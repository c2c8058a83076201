import type { Connection } from '../../s3/Connection';

/** The service and region that a request is signed for. */
export interface SigningTarget {
	service: string;
	region: string;
}

const AWS_DOMAIN = /\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|on\.aws)$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/** Names for the signature by names of endpoints, for services with two names. */
const SIGNING_NAMES: Record<string, string> = {
	queue: 'sqs',
	email: 'ses',
	'lambda-url': 'lambda',
	'bedrock-runtime': 'bedrock',
	'bedrock-agent': 'bedrock',
	'bedrock-agent-runtime': 'bedrock',
};

/** Services with one endpoint for all regions, which sign for one region. */
const GLOBAL_SERVICES = new Set(['iam', 'sts', 'cloudfront', 'route53', 'organizations', 'health']);

/**
 * The service and region that a request to a host is signed for. The host names of AWS say both; any
 * other host is taken for an S3-compatible server.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export function signingTarget(
	hostname: string,
	{ region }: Pick<Connection, 'region'>,
): SigningTarget {
	if (!AWS_DOMAIN.test(hostname)) return { service: 's3', region };
	const labels = hostname
		.replace(AWS_DOMAIN, '')
		.split('.')
		.filter((label) => label !== 'dualstack' && label !== 'vpce');
	const regionAt = labels.map((label) => REGION.test(label)).lastIndexOf(true);
	const last = labels.at(-1) ?? '';

	const dashed = /^s3-(.+)$/.exec(last)?.[1] ?? '';
	if (REGION.test(dashed)) return { service: 's3', region: dashed };
	if (regionAt === -1 || isS3(last)) {
		const service = serviceNamed(last);
		return { service, region: GLOBAL_SERVICES.has(service) ? 'us-east-1' : region };
	}
	// The service is left of the region, except in the host names of search domains and old queues.
	const label = regionAt === labels.length - 1 ? labels[regionAt - 1] : last;
	return { service: serviceNamed(label ?? ''), region: labels[regionAt] ?? region };
}

function isS3(label: string): boolean {
	return /^s3(-accesspoint|-control|-accelerate|-external-1|-fips)*$/.test(label);
}

function serviceNamed(label: string): string {
	if (isS3(label)) return 's3';
	const service = label.replace(/-fips$/, '');
	return SIGNING_NAMES[service] ?? service;
}
