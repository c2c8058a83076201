import type { S3Response, Exchange } from './Exchange';
import { findVersion, versionHeaders } from './objects';
import { malformedXml } from './S3Error';
import type { Version } from './store';
import { tagSet } from './tags';
import { responseXml, childrenOf, element, textOf } from './xml';

export function getTagging(exchange: Exchange): S3Response {
	exchange.allowVersion('s3:GetObjectTagging');
	const version = taggedVersion(exchange);
	const tags = Object.entries(version.tags).map(
		([name, value]) => `<Tag>${element('Key', name)}${element('Value', value)}</Tag>`,
	);
	return {
		status: 200,
		headers: versionHeaders(exchange.bucket, version),
		xml: responseXml('Tagging', `<TagSet>${tags.join('')}</TagSet>`),
	};
}

export async function putTagging(exchange: Exchange): Promise<S3Response> {
	exchange.allowVersion('s3:PutObjectTagging');
	const request = await exchange.xml('Tagging');
	const [set] = childrenOf(request, 'TagSet');
	if (set === undefined) throw malformedXml();
	const pairs = childrenOf(set, 'Tag').map((tag): [string, string] => {
		const name = textOf(tag, 'Key');
		const value = textOf(tag, 'Value');
		if (name === undefined || value === undefined) throw malformedXml();
		return [name, value];
	});
	return withTags(exchange, 200, tagSet(pairs));
}

export function deleteTagging(exchange: Exchange): S3Response {
	exchange.allowVersion('s3:DeleteObjectTagging');
	return withTags(exchange, 204, {});
}

function withTags(exchange: Exchange, status: number, tags: Record<string, string>): S3Response {
	const version = taggedVersion(exchange);
	version.tags = tags;
	return { status, headers: versionHeaders(exchange.bucket, version) };
}

/** The stored version itself, so that it can be changed. */
function taggedVersion(exchange: Exchange): Version {
	const { bucket, key, keyText } = exchange;
	const { versionId } = findVersion(exchange, bucket, keyText, exchange.versionId);
	const version = bucket.allOf(key).find((candidate) => candidate.versionId === versionId);
	if (version === undefined) throw new Error('findVersion gives stored versions only');
	return version;
}
