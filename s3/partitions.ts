/** A part of AWS with accounts, host names and ARNs of its own. */
export interface Partition {
	/** As ARNs name it. */
	readonly id: string;
	readonly regions: RegExp;
	readonly dnsSuffix: string;
}

const COMMERCIAL: Partition = {
	id: 'aws',
	regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
	dnsSuffix: 'amazonaws.com',
};

/** @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const PARTITIONS: readonly Partition[] = [
	COMMERCIAL,
	{ id: 'aws-us-gov', regions: /^us-gov-\w+-\d+$/, dnsSuffix: 'amazonaws.com' },
	{ id: 'aws-cn', regions: /^cn-\w+-\d+$/, dnsSuffix: 'amazonaws.com.cn' },
	{ id: 'aws-eusc', regions: /^eusc-(de)-\w+-\d+$/, dnsSuffix: 'amazonaws.eu' },
	{ id: 'aws-iso', regions: /^us-iso-\w+-\d+$/, dnsSuffix: 'c2s.ic.gov' },
	{ id: 'aws-iso-b', regions: /^us-isob-\w+-\d+$/, dnsSuffix: 'sc2s.sgov.gov' },
	{ id: 'aws-iso-e', regions: /^eu-isoe-\w+-\d+$/, dnsSuffix: 'cloud.adc-e.uk' },
	{ id: 'aws-iso-f', regions: /^us-isof-\w+-\d+$/, dnsSuffix: 'csp.hci.ic.gov' },
];

/** The partition that a region belongs to; undefined where no AWS region has such a name. */
export function partitionOf(region: string): Partition | undefined {
	return PARTITIONS.find(({ regions }) => regions.test(region));
}

/** Suffixes of host names that AWS has besides those of its partitions. */
const DUAL_STACK = ['api.aws', 'api.amazonwebservices.com.cn'];

/** The dot at the end of a full name leads to the same server. */
export const withoutDot = (hostname: string): string => hostname.replace(/\.$/, '');

/** Whether a host is one of AWS, such as an endpoint of a VPC. */
export function isHostOfAws(hostname: string): boolean {
	const host = withoutDot(hostname);
	const suffixes = [...PARTITIONS.map(({ dnsSuffix }) => dnsSuffix), ...DUAL_STACK];
	return suffixes.some((suffix) => host.endsWith(`.${suffix}`));
}
