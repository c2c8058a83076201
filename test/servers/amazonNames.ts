/** An S3 server under the names of Amazon S3, for what cannot be told another address, such as n8n's AWS S3 node. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { startHttpProxy } from './httpProxy';
import { listen } from './listen';
import { issue } from './rolesAnywhere/authority';

const DOMAIN = 's3.us-east-1.amazonaws.com';

/** A way to a server by Amazon's names. */
export interface AmazonNames {
	/** The environment in which an n8n goes this way. */
	env: Record<string, string>;
	/** The hosts that n8n asked for, each once. */
	hosts(): string[];
	stop(): Promise<void>;
}

/**
 * Leads requests for `s3.us-east-1.amazonaws.com` and the names of some buckets before it to a server on this machine,
 * by a proxy and with a certificate.
 * @param options.folder where the certificate is kept as long as n8n runs
 */
export async function startAmazonNames(options: {
	endpoint: string;
	buckets: readonly string[];
	folder: string;
}): Promise<AmazonNames> {
	const { hostname: host, port } = new URL(options.endpoint);
	const authority = issue({ name: 'Amazon of the tests', ca: true });
	const { pem, keyPem } = issue({ name: DOMAIN, hosts: [DOMAIN, `*.${DOMAIN}`] }, authority);
	const gateway = await listen(
		async (incoming, response) => {
			const { method, url: path, headers } = incoming;
			// The name of the host is signed.
			const upstream = requestHttp({ host, port, method, path, headers });
			incoming.pipe(upstream);
			const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
			response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
			await pipeline(answer, response);
		},
		{ cert: pem, key: keyPem },
	);
	const { host: here } = new URL(gateway.endpoint);
	const names = [DOMAIN, ...options.buckets.map((bucket) => `${bucket}.${DOMAIN}`)];
	const proxy = await startHttpProxy({
		hosts: Object.fromEntries(names.map((name) => [`${name}:443`, here])),
	});
	const certificate = join(options.folder, 'amazon.pem');
	writeFileSync(certificate, authority.pem);
	return {
		env: {
			HTTPS_PROXY: proxy.url,
			NO_PROXY: '127.0.0.1,localhost',
			NODE_EXTRA_CA_CERTS: certificate,
		},
		hosts: () => [...new Set(proxy.proxied.map(({ target }) => target.replace(/:443$/, '')))],
		stop: async () => {
			await proxy.stop();
			await gateway.stop();
		},
	};
}
