import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestServer } from '../TestServer';

const PORT = 8650;

/** Starts Ceph's S3 gateway on loopback; throws with the command that installs it where it is missing. */
export function startRadosgw(): TestServer {
	const folder = mkdtempSync(join(tmpdir(), 'radosgw-'));
	const stop = () => execFileSync(join(__dirname, 'stop.sh'), [folder], { stdio: 'inherit' });
	try {
		execFileSync(join(__dirname, 'start.sh'), [folder, String(PORT)], {
			// Its daemons live on and would keep our pipes open.
			stdio: ['ignore', 'ignore', 'inherit'],
		});
	} catch (error) {
		stop();
		throw error;
	}
	return {
		name: 'radosgw',
		endpoint: `http://127.0.0.1:${String(PORT)}`,
		virtualHostEndpoint: `http://s3.localhost:${String(PORT)}`,
		region: 'us-east-1',
		users: {
			main: {
				accessKeyId: 'mainaccesskey0001',
				secretAccessKey: 'main/secret+key000000000000000000000001',
			},
		},
		lacks: ['checksums', 'multipartTags', 'completionEtag'],
		stop: async () => {
			await Promise.resolve(stop());
		},
	};
}
