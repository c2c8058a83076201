import { isHostOfAws, partitionOf } from '../../../s3/partitions';

it.each([
	['us-east-1', 'aws', 'amazonaws.com'],
	['eu-central-2', 'aws', 'amazonaws.com'],
	['ap-southeast-7', 'aws', 'amazonaws.com'],
	['mx-central-1', 'aws', 'amazonaws.com'],
	['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
	['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
	['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
	['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
	['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
	['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
	['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
])('the region %s is in the partition %s, whose hosts end in %s', (region, id, dnsSuffix) => {
	expect(partitionOf(region)).toMatchObject({ id, dnsSuffix });
});

it.each(['', 'garage', 'us-east', 'xx-east-1', 'us-east-1.example.com', 'in-us-east-1'])(
	'the region %j is in no partition of AWS',
	(region) => {
		expect(partitionOf(region)).toBeUndefined();
	},
);

it.each([
	['s3.eu-west-1.amazonaws.com', true],
	['bucket.vpce-0a1b-2c3d.s3.eu-west-1.vpce.amazonaws.com', true],
	['s3.cn-north-1.amazonaws.com.cn', true],
	['s3.eusc-de-east-1.amazonaws.eu', true],
	['s3.dualstack.us-east-1.api.aws', true],
	['s3.eu-west-1.amazonaws.com.', true],
	['amazonaws.com', false],
	['s3.notamazonaws.com', false],
	['s3.amazonaws.com.example.com', false],
	['ceph.example.com', false],
])('the host %s is one of AWS: %p', (host, isOfAws) => {
	expect(isHostOfAws(host)).toBe(isOfAws);
});
