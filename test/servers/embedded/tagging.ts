import type { S3Response, Exchange } from './Exchange';
import { storedVersion, versionHeaders } from './objects';
import { malformedXml } from './S3Error';
import { pairsOf, taggingXml, tagSet } from './tags';
import { childrenOf } from './xml';

export function getTagging(exchange: Exchange): S3Response {
	exchange.allowVersion('s3:GetObjectTagging');
	const version = storedVersion(exchange);
	return {
		status: 200,
		headers: versionHeaders(exchange.bucket, version),
		xml: taggingXml(version.tags),
	};
}

export async function putTagging(exchange: Exchange): Promise<S3Response> {
	exchange.allowVersion('s3:PutObjectTagging');
	const request = await exchange.xml('Tagging');
	const [set] = childrenOf(request, 'TagSet');
	if (set === undefined) throw malformedXml();
	return withTags(exchange, 200, tagSet(pairsOf(set)));
}

export function deleteTagging(exchange: Exchange): S3Response {
	exchange.allowVersion('s3:DeleteObjectTagging');
	return withTags(exchange, 204, {});
}

function withTags(exchange: Exchange, status: number, tags: Record<string, string>): S3Response {
	const version = storedVersion(exchange);
	version.tags = tags;
	return { status, headers: versionHeaders(exchange.bucket, version) };
}
