import type { Answer, Exchange } from './Exchange';
import { list, urlEncoded } from './listing';
import type { Entry } from './listing';
import { accessDenied, invalidArgument, noSuchKey, S3Error } from './S3Error';
import { keyBytes, keyText } from './store';
import { may } from './users';
import { element, elementsOf, NAMESPACE, textOf, XML_HEAD } from './xml';

export function listBuckets(exchange: Exchange): Answer {
	if (!may(exchange.user, 's3:ListAllMyBuckets', undefined)) throw accessDenied();
	const { query, store } = exchange;
	const prefix = query.get('prefix') ?? '';
	const after = query.get('continuation-token') ?? '';
	const most = Number(query.get('max-buckets') ?? 10_000);
	const names = [...store.buckets.keys()]
		.sort()
		.filter((name) => name.startsWith(prefix) && name > after);
	const page = names.slice(0, most).map((name) => store.bucket(name));
	const buckets = page.map(
		({ name, created, region }) =>
			`<Bucket>${element('Name', name)}${element('CreationDate', created.toISOString())}${query.has('max-buckets') ? element('BucketRegion', region) : ''}</Bucket>`,
	);
	const token = names.length > most ? page.at(-1)?.name : undefined;
	return {
		status: 200,
		xml: `${XML_HEAD}<ListAllMyBucketsResult${NAMESPACE}><Owner><ID>${exchange.user.name}</ID></Owner><Buckets>${buckets.join('')}</Buckets>${element('ContinuationToken', token)}</ListAllMyBucketsResult>`,
	};
}

export async function createBucket(exchange: Exchange): Promise<Answer> {
	exchange.allow('s3:CreateBucket');
	const { bucketName, store, settings } = exchange;
	const xml = await exchange.xml();
	if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucketName) || bucketName.includes('..')) {
		throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', {
			fields: { BucketName: bucketName },
		});
	}
	if (store.buckets.has(bucketName)) {
		throw new S3Error(
			409,
			'BucketAlreadyOwnedByYou',
			'Your previous request to create the named bucket succeeded and you already own it.',
		);
	}
	store.makeBucket(bucketName, textOf(xml, 'LocationConstraint') ?? settings.region);
	return { status: 200, headers: { location: `/${bucketName}` } };
}

export function deleteBucket(exchange: Exchange): Answer {
	exchange.allow('s3:DeleteBucket');
	if (!exchange.bucket.isEmpty) {
		throw new S3Error(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
	}
	exchange.store.buckets.delete(exchange.bucketName);
	return { status: 204 };
}

export function headBucket(exchange: Exchange): Answer {
	const { region } = exchange.bucket;
	exchange.allow('s3:ListBucket');
	return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

export function getBucketLocation(exchange: Exchange): Answer {
	exchange.allow('s3:GetBucketLocation');
	const { region } = exchange.bucket;
	return {
		status: 200,
		xml: `${XML_HEAD}<LocationConstraint${NAMESPACE}>${region === 'us-east-1' ? '' : region}</LocationConstraint>`,
	};
}

export function listObjects(exchange: Exchange): Answer {
	exchange.allow('s3:ListBucket');
	const { query, bucket } = exchange;
	const version2 = query.get('list-type') === '2';
	const encoding = query.get('encoding-type');
	if (encoding !== undefined && encoding !== 'url')
		throw invalidArgument('Invalid Encoding Method specified in Request');
	const maxKeys = Number(query.get('max-keys') ?? 1000);
	if (!(Number.isInteger(maxKeys) && maxKeys >= 0))
		throw invalidArgument('Provided max-keys not an integer or within integer range');
	const token = query.get('continuation-token');
	const after =
		token === undefined ? bytes(query.get(version2 ? 'start-after' : 'marker')) : afterOf(token);
	const prefix = bytes(query.get('prefix'));
	const delimiter = bytes(query.get('delimiter'));
	const page = list(bucket, { prefix, delimiter, after, maxKeys: Math.min(1000, maxKeys) });
	const write = encoding === 'url' ? urlEncoded : (key: string) => xmlSafe(keyText(key));
	const withOwner = !version2 || query.get('fetch-owner') === 'true';
	const next = page.truncated ? page.last : undefined;
	const fields = [
		element('Name', bucket.name),
		element('Prefix', write(prefix)),
		element('MaxKeys', maxKeys),
		element('Delimiter', delimiter === '' ? undefined : write(delimiter)),
		element('EncodingType', encoding),
		element('IsTruncated', page.truncated),
		version2 ? element('KeyCount', page.objects.length + page.commonPrefixes.length) : '',
		version2
			? element('NextContinuationToken', next && tokenOf(next))
			: element('NextMarker', next && write(next.replace(/\xff$/, ''))),
		...page.objects.map((entry) =>
			contents(entry, write, withOwner ? exchange.user.name : undefined),
		),
		...page.commonPrefixes.map(
			(common) => `<CommonPrefixes>${element('Prefix', write(common))}</CommonPrefixes>`,
		),
	];
	return {
		status: 200,
		xml: `${XML_HEAD}<ListBucketResult${NAMESPACE}>${fields.join('')}</ListBucketResult>`,
	};
}

const bytes = (value: string | undefined): string => keyBytes(value ?? '');

/** XML 1.0 has no way to write most control characters; S3 writes them all the same. */
const xmlSafe = (text: string): string => text;

function contents(
	{ key, version }: Entry,
	write: (key: string) => string,
	owner: string | undefined,
): string {
	const { lastModified, etag, content, headers } = version;
	const ownerXml =
		owner === undefined
			? ''
			: `<Owner>${element('ID', owner)}${element('DisplayName', owner)}</Owner>`;
	return `<Contents>${element('Key', write(key))}${element('LastModified', lastModified.toISOString())}${element('ETag', `"${etag}"`)}${element('Size', content?.size)}${ownerXml}${element('StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD')}</Contents>`;
}

const tokenOf = (last: string): string => `1${Buffer.from(last, 'latin1').toString('base64')}`;

function afterOf(token: string): string {
	const last = Buffer.from(token.slice(1), 'base64').toString('latin1');
	if (tokenOf(last) !== token)
		throw invalidArgument('The continuation token provided is incorrect');
	return last;
}

export function listVersions(exchange: Exchange): Answer {
	exchange.allow('s3:ListBucketVersions');
	const { bucket, query } = exchange;
	const prefix = bytes(query.get('prefix'));
	const rows = bucket
		.keys()
		.filter((key) => key.startsWith(prefix))
		.flatMap((key) =>
			bucket.allOf(key).map((version, index) => {
				const name = version.content === undefined ? 'DeleteMarker' : 'Version';
				return `<${name}>${element('Key', keyText(key))}${element('VersionId', version.versionId)}${element('IsLatest', index === 0)}${element('LastModified', version.lastModified.toISOString())}${element('ETag', version.content && `"${version.etag}"`)}${element('Size', version.content?.size)}</${name}>`;
			}),
		);
	return {
		status: 200,
		xml: `${XML_HEAD}<ListVersionsResult${NAMESPACE}>${element('IsTruncated', false)}${rows.join('')}</ListVersionsResult>`,
	};
}

export async function putVersioning(exchange: Exchange): Promise<Answer> {
	exchange.allow('s3:PutBucketVersioning');
	const status = textOf(await exchange.xml(), 'Status');
	if (status !== 'Enabled' && status !== 'Suspended')
		throw invalidArgument('The versioning status is invalid.');
	exchange.bucket.versioning = status;
	return { status: 200 };
}

export function getVersioning(exchange: Exchange): Answer {
	exchange.allow('s3:GetBucketVersioning');
	return {
		status: 200,
		xml: `${XML_HEAD}<VersioningConfiguration${NAMESPACE}>${element('Status', exchange.bucket.versioning)}</VersioningConfiguration>`,
	};
}

/** GET, PUT and DELETE of an object's tags. */
export async function objectTagging(exchange: Exchange): Promise<Answer> {
	const { bucket, key, message } = exchange;
	const actions = {
		GET: 's3:GetObjectTagging',
		PUT: 's3:PutObjectTagging',
		DELETE: 's3:DeleteObjectTagging',
	};
	exchange.allow(actions[message.method as keyof typeof actions]);
	const version = bucket.get(key);
	if (version === undefined) throw noSuchKey(exchange.keyText);
	if (message.method === 'GET') {
		const tags = Object.entries(version.tags).map(
			([name, value]) => `<Tag>${element('Key', name)}${element('Value', value)}</Tag>`,
		);
		return {
			status: 200,
			xml: `${XML_HEAD}<Tagging${NAMESPACE}><TagSet>${tags.join('')}</TagSet></Tagging>`,
		};
	}
	if (message.method === 'DELETE') {
		version.tags = {};
		return { status: 204 };
	}
	const tags = elementsOf(await exchange.xml(), 'Tag');
	if (tags.length > 10)
		throw new S3Error(400, 'BadRequest', 'Object tags cannot be greater than 10');
	version.tags = Object.fromEntries(
		tags.map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']),
	);
	return { status: 200 };
}
