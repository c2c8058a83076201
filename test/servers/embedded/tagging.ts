import type { S3Response, Exchange } from './Exchange';
import { storedVersion, versionHeaders } from './objects';
import { malformedXml } from './S3Error';
import { tagSet } from './tags';
import { responseXml, childrenOf, element, textOf } from './xml';

export function getTagging(exchange: Exchange): S3Response {
	exchange.allowVersion('s3:GetObjectTagging');
	const version = storedVersion(exchange);
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
	const version = storedVersion(exchange);
	version.tags = tags;
	return { status, headers: versionHeaders(exchange.bucket, version) };
}
