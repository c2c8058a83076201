import { adviceOnDenial, arnOf, reasonIn } from '../../../../s3/errors/denial';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234';
const USER = 'User: arn:aws:iam::111122223333:user/n8n is not authorized to perform:';
const POINT = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports';

const needed = [{ action: 's3:PutObject', on: { bucket: 'data', key: 'a.txt' } }];
const denial = { said: undefined, isOfS3: true, needed, partition: undefined };

it.each([
	[
		`${USER} kms:GenerateDataKey on resource: ${KEY} because no identity-based policy allows the kms:GenerateDataKey action`,
		`The identity of the credential needs kms:GenerateDataKey on ${KEY}.`,
	],
	[
		`${USER} s3:PutObject on resource: "arn:aws:s3:::data/a.txt" with an explicit deny in a resource-based policy`,
		'A policy denies s3:PutObject on arn:aws:s3:::data/a.txt: ask its owner to change it.',
	],
	[
		`${USER} kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region`,
		'The identity of the credential needs kms:Decrypt.',
	],
	[
		`${USER} s3:PutObject because no identity-based policy allows the s3:PutObject action`,
		'The identity of the credential needs s3:PutObject on arn:aws:s3:::data/a.txt.',
	],
	[
		'The object is protected by object lock',
		'If a permission is missing, the identity of the credential needs s3:PutObject on arn:aws:s3:::data/a.txt.',
	],
	[
		'Access Denied',
		'The identity of the credential needs s3:PutObject on arn:aws:s3:::data/a.txt.',
	],
	[undefined, 'The identity of the credential needs s3:PutObject on arn:aws:s3:::data/a.txt.'],
])('the advice on a denial with the words %j is: %s', (said, advice) => {
	expect(adviceOnDenial({ ...denial, said })).toBe(advice);
});

it('the advice on a denial without an error of S3 names a firewall first', () => {
	expect(adviceOnDenial({ ...denial, isOfS3: false })).toBe(
		'The response names no error of S3: look for a proxy or firewall on the way. If a permission is missing, the identity of the credential needs s3:PutObject on arn:aws:s3:::data/a.txt.',
	);
});

it('the advice on a denial of a call whose permissions are not known names the owner', () => {
	expect(adviceOnDenial({ ...denial, needed: [] })).toBe(
		'Ask the owner of the bucket or account for the permission.',
	);
});

it('the advice on a denial joins the actions on a resource, in its partition', () => {
	const more = [
		...needed,
		{ action: 's3:PutObjectTagging', on: { bucket: 'data', key: 'a.txt' } },
		{ action: 's3:ListBucket', on: { bucket: 'data' } },
	];
	expect(adviceOnDenial({ ...denial, needed: more, partition: 'aws-cn' })).toBe(
		'The identity of the credential needs s3:PutObject, s3:PutObjectTagging on arn:aws-cn:s3:::data/a.txt and s3:ListBucket on arn:aws-cn:s3:::data.',
	);
});

it.each(['Access Denied', 'AccessDenied', 'access_denied', 'Forbidden', undefined])(
	'the words %j are no reason',
	(said) => {
		expect(reasonIn(said)).toBeUndefined();
	},
);

it('other words of a server are a reason', () => {
	expect(reasonIn('Access Denied by policy')).toBe('Access Denied by policy');
});

it.each([
	[{ bucket: undefined }, undefined, '*'],
	[{ bucket: 'data' }, undefined, 'arn:aws:s3:::data'],
	[{ bucket: 'data', key: 'a' }, 'aws-us-gov', 'arn:aws-us-gov:s3:::data/a'],
	[{ bucket: POINT }, 'aws', POINT],
	[{ bucket: POINT, key: 'a/b' }, 'aws', `${POINT}/object/a/b`],
	[
		{ bucket: 'reports-abc-s3alias' },
		'aws',
		'the ARN (not the alias) of the access point “reports-abc-s3alias”',
	],
	[
		{ bucket: 'reports-abc-s3alias', key: 'a/b' },
		'aws',
		'the ARN (not the alias) of the access point “reports-abc-s3alias” with /object/a/b after it',
	],
])('the ARN of %j in the partition %s is %s', (target, partition, arn) => {
	expect(arnOf(target, partition)).toBe(arn);
});
