/** A server by http and one by https, to which tests connect through proxies. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openS3 } from '../../../s3/client/openS3';
import type { S3 } from '../../../s3/client/S3';
import type { Connection, CustomProxy, ProxySettings } from '../../../s3/Connection';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import { putObject } from '../../../s3/upload/putObject';
import { connectionTo } from '../../servers/connectionTo';
import type { EmbeddedServer } from '../../servers/embedded';
import { issue } from '../../servers/rolesAnywhere/authority';
import { withServer } from '../../servers/withServer';
import type { RunningServer } from '../../servers/withServer';

export const bucket = 'proxied';
/** Nothing listens there. */
export const NOWHERE = 'http://127.0.0.1:1';
const MULTIPART_THRESHOLD = 5 * 1024 * 1024;

export const authority = issue({ name: 'Private CA', ca: true });
const certificate = issue({ name: 'server', hosts: ['127.0.0.1', 'localhost'] }, authority);
/** A certificate of the authority and its key. */
export const tls = { cert: certificate.pem, key: certificate.keyPem };

/** Starts both servers for the tests of a file. */
export function bothServers(): { http: RunningServer; https: RunningServer } {
	return { http: withServer({ buckets: [bucket] }), https: withServer({ buckets: [bucket], tls }) };
}

/** Settings for a proxy that wants no password. */
export const proxyAt = (url: string): CustomProxy => ({
	kind: 'custom',
	url,
	user: undefined,
	password: undefined,
});

/** Opens a connection through a proxy, which trusts the authority. */
export const open = (
	server: EmbeddedServer,
	proxy: ProxySettings,
	more: Partial<Connection> = {},
): Promise<S3> =>
	openS3(connectionTo(server, { proxy, caCertificate: authority.pem, bucket, ...more }));

export async function put(s3: S3, key: string, bytes: Buffer): Promise<void> {
	const source = {
		size: bytes.length,
		open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
	};
	const request = { bucket, key, source, multipartThreshold: MULTIPART_THRESHOLD };
	await putObject(s3, request, { signal: undefined, retryFor: 1000 });
}

export const get = async (s3: S3, key: string): Promise<Buffer> =>
	buffer((await getObject(s3, { bucket, key }, { signal: undefined, retryFor: 1000 })).body);

export async function list(s3: S3, prefix = ''): Promise<string[]> {
	const keys: string[] = [];
	for await (const { entries } of listObjects(
		s3,
		{ bucket, prefix },
		{ signal: undefined, retryFor: 1000 },
	)) {
		for (const entry of entries) keys.push('key' in entry ? entry.key : entry.prefix);
	}
	return keys;
}
