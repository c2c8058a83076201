import type { Connection } from '../../s3/Connection';

/** What a signature is for. */
export interface SigningTarget {
	service: string;
	region: string;
}

const awsDomain = /\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|on\.aws)$/;
const regionShape = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/** Services whose endpoint is called otherwise than their signature. */
const signingNames: Record<string, string> = {
	queue: 'sqs',
	email: 'ses',
	'lambda-url': 'lambda',
	'bedrock-runtime': 'bedrock',
	'bedrock-agent': 'bedrock',
	'bedrock-agent-runtime': 'bedrock',
};

/** Services with one endpoint for the world, which sign for one region. */
const globalServices = new Set(['iam', 'sts', 'cloudfront', 'route53', 'organizations', 'health']);

/**
 * What to sign for. AWS names services and regions in its host names; any other host is taken for
 * an S3-compatible server.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export function signingTarget(
	hostname: string,
	{ region }: Pick<Connection, 'region'>,
): SigningTarget {
	if (!awsDomain.test(hostname)) return { service: 's3', region };
	const labels = hostname
		.replace(awsDomain, '')
		.split('.')
		.filter((label) => label !== 'dualstack' && label !== 'vpce');
	const regionAt = labels.map((label) => regionShape.test(label)).lastIndexOf(true);
	const last = labels.at(-1) ?? '';

	const dashed = /^s3-(.+)$/.exec(last)?.[1] ?? '';
	if (regionShape.test(dashed)) return { service: 's3', region: dashed };
	if (regionAt === -1 || isS3(last)) {
		const service = serviceNamed(last);
		return { service, region: globalServices.has(service) ? 'us-east-1' : region };
	}
	// the service is left of the region, but for search domains and old queue URLs
	const label = regionAt === labels.length - 1 ? labels[regionAt - 1] : last;
	return { service: serviceNamed(label ?? ''), region: labels[regionAt] ?? region };
}

function isS3(label: string): boolean {
	return /^s3(-accesspoint|-control|-accelerate|-external-1|-fips)*$/.test(label);
}

function serviceNamed(label: string): string {
	if (isS3(label)) return 's3';
	const service = label.replace(/-fips$/, '');
	return signingNames[service] ?? service;
}
