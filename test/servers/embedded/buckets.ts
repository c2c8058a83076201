import type { S3Response, Exchange } from './Exchange';
import { ownerXml } from './listings';
import { accessDenied, invalidArgument, malformedXml, S3Error } from './S3Error';
import type { Bucket } from './store';
import { OF_BUCKET, pairsOf, taggingXml, tagSet } from './tags';
import { may } from './users';
import { responseXml, childrenOf, element, parseXml, textOf } from './xml';
import type { XmlElement } from './xml';

const MAX_BUCKETS = 10_000;
const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];

export function listBuckets(exchange: Exchange): S3Response {
	const { user, query, store } = exchange;
	const action = 's3:ListAllMyBuckets';
	if (!may(user, action, undefined)) throw accessDenied(user.name, action);
	const prefix = query.get('prefix') ?? '';
	const token = query.get('continuation-token');
	const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
	const region = query.get('bucket-region');
	const most = exchange.count('max-buckets', MAX_BUCKETS, 1);
	if (most > MAX_BUCKETS) throw invalidArgument('max-buckets is too large.');
	const matching = [...store.buckets.values()]
		.filter((bucket) => bucket.name.startsWith(prefix) && bucket.name > after)
		.filter((bucket) => region === undefined || bucket.region === region)
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	const page = matching.slice(0, most);
	const last = matching.length > most ? page.at(-1)?.name : undefined;
	const paged = query.size > (query.has('x-id') ? 1 : 0);
	return {
		status: 200,
		xml: responseXml(
			'ListAllMyBucketsResult',
			ownerXml(),
			`<Buckets>${page.map((bucket) => bucketXml(bucket, paged)).join('')}</Buckets>`,
			element('Prefix', query.get('prefix')),
			element('ContinuationToken', last && Buffer.from(last).toString('base64')),
		),
	};
}

/** S3 names the region only to who asks for something more than all buckets. */
const bucketXml = ({ name, created, region }: Bucket, withRegion: boolean): string =>
	`<Bucket>${element('Name', name)}${element('CreationDate', created.toISOString())}${withRegion ? element('BucketRegion', region) : ''}</Bucket>`;

export async function createBucket(exchange: Exchange): Promise<S3Response> {
	exchange.allow('s3:CreateBucket');
	const { bucketName, store, signedRegion } = exchange;
	const body = await exchange.bytes();
	if (!isBucketName(bucketName)) {
		throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', {
			fields: { BucketName: bucketName },
		});
	}
	const configuration = body.length === 0 ? undefined : parseXml(body, 'CreateBucketConfiguration');
	const asked = configuration && constraintOf(configuration);
	if (asked === 'us-east-1') {
		throw new S3Error(
			400,
			'InvalidLocationConstraint',
			'The specified location-constraint is not valid',
			{ fields: { LocationConstraint: asked } },
		);
	}
	const region = asked ?? 'us-east-1';
	// Only us-east-1 makes buckets in other regions.
	if (region !== signedRegion && signedRegion !== 'us-east-1') {
		const message = `The ${asked ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`;
		throw new S3Error(400, 'IllegalLocationConstraintException', message);
	}
	const location = `/${bucketName}`;
	if (store.buckets.has(bucketName)) {
		// There S3 says that it has made it, and resets its ACL.
		if (region === 'us-east-1') return { status: 200, headers: { location } };
		throw new S3Error(
			409,
			'BucketAlreadyOwnedByYou',
			'Your previous request to create the named bucket succeeded and you already own it.',
			{ fields: { BucketName: bucketName } },
		);
	}
	const ownership = askedOwnership(exchange);
	const tags = configuration === undefined ? {} : askedTags(exchange, configuration);
	const bucket = store.makeBucket(bucketName, region);
	bucket.tags = tags;
	bucket.ownership = ownership ?? bucket.ownership;
	if (exchange.headers['x-amz-bucket-object-lock-enabled'] === 'true') {
		exchange.allow('s3:PutBucketObjectLockConfiguration');
		bucket.hasLock = true;
		bucket.versioning = 'Enabled';
	}
	return { status: 200, headers: { location } };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
function askedOwnership(exchange: Exchange): string | undefined {
	const asked = exchange.headers['x-amz-object-ownership'];
	if (asked === undefined) return undefined;
	exchange.allow('s3:PutBucketOwnershipControls');
	if (OWNERSHIPS.includes(asked)) return asked;
	throw invalidArgument(`Invalid x-amz-object-ownership header: ${asked}`);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html */
function askedTags(exchange: Exchange, configuration: XmlElement): Record<string, string> {
	const [tags] = childrenOf(configuration, 'Tags');
	if (tags === undefined) return {};
	exchange.allow('s3:TagResource');
	return tagSet(pairsOf(tags), OF_BUCKET);
}

function constraintOf(configuration: XmlElement): string | undefined {
	const constraint = textOf(configuration, 'LocationConstraint');
	if (constraint !== undefined && !/^[a-z0-9-]+$/i.test(constraint)) throw malformedXml();
	// EU is an older name of eu-west-1.
	return constraint === 'EU' ? 'eu-west-1' : constraint;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isBucketName(name: string): boolean {
	return (
		/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
		!name.includes('..') &&
		!/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
		!/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
		!/(-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(name)
	);
}

export function deleteBucket(exchange: Exchange): S3Response {
	const { bucket } = exchange;
	exchange.allow('s3:DeleteBucket');
	if (!bucket.isEmpty) {
		throw new S3Error(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty', {
			fields: { BucketName: bucket.name },
		});
	}
	exchange.store.buckets.delete(bucket.name);
	return { status: 204 };
}

export function headBucket(exchange: Exchange): S3Response {
	const { region } = exchange.bucket;
	exchange.allow('s3:ListBucket');
	return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

export function getBucketLocation(exchange: Exchange): S3Response {
	const { region } = exchange.bucket;
	exchange.allow('s3:GetBucketLocation');
	return {
		status: 200,
		xml: responseXml('LocationConstraint', region === 'us-east-1' ? '' : region),
	};
}

/** @throws S3Error if there is no such bucket */
const checkExists = ({ store, bucketName }: Exchange): unknown => store.bucket(bucketName);

/** S3 encrypts every new object, with AES256 unless something else is set. */
export function getEncryption(exchange: Exchange): S3Response {
	checkExists(exchange);
	exchange.allow('s3:GetEncryptionConfiguration');
	return {
		status: 200,
		xml: responseXml(
			'ServerSideEncryptionConfiguration',
			'<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>',
		),
	};
}

export function getObjectLock(exchange: Exchange): S3Response {
	exchange.allow('s3:GetBucketObjectLockConfiguration');
	if (!exchange.bucket.hasLock) {
		throw new S3Error(
			404,
			'ObjectLockConfigurationNotFoundError',
			'Object Lock configuration does not exist for this bucket',
		);
	}
	return {
		status: 200,
		xml: responseXml('ObjectLockConfiguration', element('ObjectLockEnabled', 'Enabled')),
	};
}

export function getOwnership(exchange: Exchange): S3Response {
	const { ownership } = exchange.bucket;
	exchange.allow('s3:GetBucketOwnershipControls');
	return {
		status: 200,
		xml: responseXml('OwnershipControls', `<Rule>${element('ObjectOwnership', ownership)}</Rule>`),
	};
}

export function getTagging(exchange: Exchange): S3Response {
	const { tags } = exchange.bucket;
	exchange.allow('s3:GetBucketTagging');
	if (Object.keys(tags).length === 0) {
		throw new S3Error(404, 'NoSuchTagSet', 'The TagSet does not exist');
	}
	return { status: 200, xml: taggingXml(tags) };
}
