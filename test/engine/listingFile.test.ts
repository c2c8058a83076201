/** Listings of versions as files. */
import { withServer } from '../servers/withServer';
import { putAll, send } from './bucket';
import { contentOf, runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeEach(() => {
	server.store.bucket(bucket).versioning = 'Enabled';
});

it.each([
	[
		'ndjson',
		'application/x-ndjson',
		/^\{"bucket":"bucket","key":"=a".*"isLatest":true.*\}\n\{.*\}\n$/,
	],
	[
		'csv',
		'text/csv',
		/^bucket,key,versionId,isLatest,isDeleteMarker,size,etag,lastModified,storageClass\r\nbucket,'=a,\w+,true,true,0,,[^,]+,\r\nbucket,'=a,\w+,false,false,1,\w+,[^,]+,STANDARD\r\n$/,
	],
])('List Versions writes a file as %s', async (output, mimeType, content) => {
	await putAll(credential, bucket, { '=a': 'x' });
	await send(credential, 'DELETE', `/${bucket}/=a`);
	const { outputs, error } = await runNode({
		parameters: {
			resource: 'object',
			operation: 'listVersions',
			versionsOf: '==a',
			output,
			returnAll: true,
			binaryProperty: 'file',
			options: { spreadsheetSafe: true },
		},
		credential,
	});
	expect(error).toBeUndefined();
	const [item] = outputs[0] ?? [];
	expect(item?.json).toEqual({ bucket, versionsOf: '=a', count: 2, truncated: false });
	expect(item?.binary?.file).toMatchObject({ mimeType, fileName: `versions.${output}` });
	expect((await contentOf(item?.binary?.file)).toString()).toMatch(content);
});
